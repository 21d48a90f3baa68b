"""Closing an account: what is lost, what is erased, what stays frozen and until when; then all of
it, in every room, in one transaction.

Whoever moves value, takes a report in or opens anything for a resident locks the wallet first, and
so does this: each of them comes before, and is undone here, or after, and finds the wallet closed.
Whoever binds a card or changes the account locks the account itself, and so does this, next.
What stays stands under an id that nothing leads to any more: not the number, the person, a card, an
account at a partner, a telephone, or a bank's own reference.
"""

from datetime import date, timedelta
from typing import Any, NamedTuple

from app import (
    activities,
    attestations,
    consent,
    credit,
    grades,
    identity,
    ledger,
    objections,
    recognition,
    redemption,
)
from app.kernel import to_wire
from app.plumbing import idempotency
from app.plumbing.copying import at
from app.plumbing.work import Work

ERASED = {  # in English and in Chinese
    "phone number": "手机号",
    "proof of person": "实名核验凭据",
    "birth year": "出生年份",
    "district": "所在区市",
    "bindings of cards, meters and accounts (that they were bound stays, by whom does not)": (
        "卡、表、账户的绑定（保留曾被绑定的事实，不保留绑定人）"
    ),
    "links to partner platforms (ended today)": "与互认平台的关联（今日终止）",
    "accounts at partner platforms, and the secret that blinded acts for them": (
        "在互认平台的账户，以及用于比对的密钥"
    ),
    "open vouchers (given back today)": "未使用的权益券（今日退回）",
    "devices that showed codes": "出示过券码的设备",
    "grades, factors and their reasons": "碳等级、碳信用因子及其原因",
    "consents (ended today, with the device and the bank's own reference)": (
        "授权（今日终止，连同设备信息与银行的申请编号）"
    ),
    "credentials (revoked today)": "电子凭证（今日撤销）",
    "open objections (withdrawn today)": "处理中的异议（今日撤回）",
    "evidence of acts that no score needs": "计分不需要的行为佐证",
}

# Kinds of data that stay, as the notices of the pack call them. Grades go with the account.
_FROZEN = (
    "documents", "sign_ins", "acts", "evidence", "scores", "points", "vouchers", "links", "claims",
    "exchanges", "consents", "disclosures", "inquiries", "objections",
)  # fmt: skip


class Frozen(NamedTuple):
    """What stays after an account is closed, why, and until when (None: for good)."""

    what: str
    what_zh: str
    why: str
    why_zh: str
    law: str
    until: date | None


class Lost(NamedTuple):
    """What there is to lose: points, and the ids of what is open."""

    wallet: ledger.Wallet
    vouchers: list[dict[str, Any]]
    links: list[dict[str, Any]]
    consents: list[dict[str, Any]]
    attestations: list[dict[str, Any]]
    objections: list[str]


class Closing(NamedTuple):
    """What closing an account costs and leaves; `closed` once it has happened."""

    closed: bool
    lost: Lost
    erased: tuple[str, ...]
    erased_zh: tuple[str, ...]
    frozen: tuple[Frozen, ...]


def close(work: Work, resident: bytes, *, confirmed: bool) -> Closing:
    """Say what closing this account loses and leaves; close it when that is confirmed.

    Raises Unauthorized (account_closed) when it is closed already.
    """
    if confirmed:
        ledger.lock(work, [resident])
    identity.require_active(work, resident, lock=confirmed)
    lost = _lost(work, resident)
    if confirmed:
        _close(work, resident)
        # What was held for vouchers and exchanges has come back, and is lost as well.
        lost = lost._replace(wallet=ledger.wallet(work, resident))
    return Closing(confirmed, lost, tuple(ERASED), tuple(ERASED.values()), _frozen(work))


def _close(work: Work, resident: bytes) -> None:
    """Rooms above end what stands on those below; stock, budgets and positions, which are hot,
    come late."""
    objections.end_all(work, resident)
    attestations.revoke_all(work, resident)
    grades.erase(work, resident)
    credit.revoked(work, consent.leave(work, resident))
    redemption.cancel_all(work, resident)
    recognition.end_all(work, resident)
    activities.leave(work, resident)
    ledger.close(work, resident)
    identity.close(work, resident)
    idempotency.forget_all(work, resident)


def _lost(work: Work, resident: bytes) -> Lost:
    vouchers = redemption.copy_of(work, resident)["vouchers"]
    links = recognition.copy_of(work, resident)["links"]
    consents = consent.copy_of(work, resident)["consents"]
    credentials = attestations.copy_of(work, resident)["attestations"]
    return Lost(
        ledger.wallet(work, resident),
        _open(vouchers, ("issued", "shown", "frozen"), "benefit", "points"),
        _open(links, ("active",), "partner"),
        _open(consents, ("active", "suspended", "exhausted"), "purpose"),
        [{"id": row["id"]} for row in credentials if _alive(work, row)],
        [to_wire("obj", each.id) for each in objections.open_of(work, resident)],
    )


def _alive(work: Work, credential: dict[str, Any]) -> bool:
    return credential["ended_at"] is None and credential["expires_at"] > (at(work, work.now) or "")


def _open(rows: list[dict[str, Any]], states: tuple[str, ...], *names: str) -> list[dict[str, Any]]:
    """Of what is open among these rows, the id and a few members."""
    return [
        {name: row[name] for name in ("id", *names)}
        for row in rows
        if row.get("status", row.get("state")) in states
    ]


def _frozen(work: Work) -> tuple[Frozen, ...]:
    """By the retention that the notices of the pack state; from today, which is the latest that any
    of it was made or ends."""
    kinds = work.rules.privacy.kinds
    kept = [
        Frozen(
            kind.title_en,
            kind.title_zh,
            kind.keep.reason_en,
            kind.keep.reason_zh,
            kind.keep.law,
            work.today + timedelta(days=kind.keep.days),
        )
        for kind in (kinds[name] for name in _FROZEN if name in kinds)
    ]
    for_good = Frozen(
        "transfers, and sums by month",
        "积分流水与按月合计",
        "A ledger never loses a line, nor a city what it saved; they name an opaque id only.",
        "账簿不删记录，城市减排总量不减；仅含无法关联到个人的编号。",
        "",
        None,
    )
    return (*kept, for_good)
