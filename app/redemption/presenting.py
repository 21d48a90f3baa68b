"""Use cases of the resident with a voucher in hand: take it, show it, confirm it at a store."""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from app import identity, ledger, merchants
from app.kernel import Conflict, Invalid, Refused
from app.plumbing import tokens
from app.plumbing.keys import SigningKeys
from app.plumbing.work import Work
from app.redemption import codebook, giving, issuing, pool, store
from app.redemption.issuing import Held
from app.redemption.model import (
    CODE,
    EXPIRED,
    LICENCE,
    OPEN,
    REDEEMED,
    SHOWN,
    Redemption,
    Voucher,
    code_digest,
    code_refused,
    new_code,
    spending_frozen,
    unknown_voucher,
    wrong_state,
)
from app.rulebook import Benefit

OFFLINE_TYPE = "voucher+jwt"
_JTI_BYTES = 16


class Shown(NamedTuple):
    """A code to show, for the last time anybody sees its text."""

    text: str
    expires_at: datetime


def take(work: Work, code: str) -> Voucher:
    """A voucher of a benefit; a licence or an immediate benefit is redeemed at once."""
    held = issuing.issue(work, code)
    benefit = work.rules.offers.benefits[code]
    if benefit.kind == CODE:
        return held.voucher
    assert benefit.merchant is not None, "the rulebook wants a merchant for these kinds"
    giving.give(work, held, benefit.merchant.code, benefit.kind)
    return _again(work, held)


def _again(work: Work, held: Held) -> Voucher:
    found = store.find(work, held.voucher.resident_id, held.voucher.id)
    assert found is not None, "a voucher is never deleted"
    return found


def show(work: Work, voucher_id: bytes, device: str | None = None) -> Shown | Refused:
    """A fresh code for a voucher; the one before it dies.

    Raises NotFound, Conflict (spending_frozen, no_code_needed).
    """
    held = issuing.mine(work, work.actor.id, voucher_id)
    found = held.voucher
    if benefit_of(work, found).kind != CODE:
        raise Conflict("no_code_needed", "This benefit is not shown at a store.")
    refused = _unless_open(work, found, SHOWN)
    if refused:
        return refused
    _may_spend(work)
    codebook.kill(work, found.resident_id, found.id, codebook.ONLINE)
    shown = _new_code(work, codebook.VOUCHER, found.id, device)
    if found.state != SHOWN:
        store.move(work, found, SHOWN)
    return shown


def _unless_open(work: Work, found: Voucher, wanted: str) -> Refused | None:
    """Refuse what is closed, or open no longer although no job has ended it yet."""
    if found.usable(work.today):
        return None
    state = EXPIRED if found.state in OPEN else found.state
    return issuing.turned_down(work, found, wanted, wrong_state(state, wanted))


def _may_spend(work: Work) -> None:
    if identity.resident(work, work.actor.id).spending_frozen:
        raise spending_frozen()


def _new_code(work: Work, kind: str, voucher_id: bytes | None, device: str | None) -> Shown:
    shown = _fresh(work)
    phone = work.keys.fingerprint("device", device) if device else None
    digest, me = code_digest(shown.text), work.actor.id
    codebook.add(work, digest, kind, me, voucher_id, shown.expires_at, device=phone)
    return shown


def _fresh(work: Work) -> Shown:
    seconds = work.rules.offers.count("code_seconds", work.today)
    return Shown(new_code(), work.now + timedelta(seconds=seconds))


def pick(work: Work, found: Voucher, merchant: str, device: bytes | None) -> Shown:
    """A code with which one merchant may redeem a voucher that its owner has just shown ready, on
    this phone."""
    shown, ends = _fresh(work)
    whose = (found.resident_id, found.id, ends, merchant)
    codebook.add(work, code_digest(shown), codebook.PICK, *whose, device)
    return Shown(shown, ends)


def own_code(work: Work, device: str | None = None) -> Shown:
    """The resident's own code: it tells a merchant which vouchers of that merchant are ready."""
    ledger.lock(work, [work.actor.id])
    _may_spend(work)
    codebook.kill(work, work.actor.id, None, (codebook.ACCOUNT,))
    return _new_code(work, codebook.ACCOUNT, None, device)


def offline_codes(
    work: Work, keys: SigningKeys, voucher_ids: list[bytes]
) -> list[tuple[Voucher, Shown]]:
    """Signed codes for readers without a connection, one a voucher, a few at a time.

    Raises NotFound, Conflict (not_for_offline, too_many_offline_codes, spending_frozen).
    """
    wallets = ledger.lock(work, [work.actor.id])
    _may_spend(work)
    offers = work.rules.offers
    most = offers.count("offline_codes", work.today)
    alive = set(codebook.offline_alive(work, work.actor.id, work.now)) - set(voucher_ids)
    if len(alive) + len(voucher_ids) > most:
        raise Conflict("too_many_offline_codes", f"At most {most} offline codes at a time.")
    ends = work.now + timedelta(hours=offers.count("offline_hours", work.today))
    made = []
    for voucher_id in voucher_ids:
        found = store.find(work, work.actor.id, voucher_id)
        if found is None:
            raise unknown_voucher()
        made.append((found, _offline(work, keys, Held(found, wallets), ends)))
    return made


def _offline(work: Work, keys: SigningKeys, held: Held, ends: datetime) -> Shown:
    found = held.voucher
    benefit = benefit_of(work, found)
    if not found.usable(work.today):
        raise wrong_state(found.state, REDEEMED)
    dearest = work.rules.offers.fen("offline_cost", work.today)
    if not benefit.offline or found.cost > dearest:
        raise Conflict("not_for_offline", "Offline codes are for benefits of low value only.")
    codebook.kill(work, found.resident_id, found.id, codebook.ONLINE)
    body = {
        "jti": secrets.token_urlsafe(_JTI_BYTES),
        "benefit": benefit.code,
        "merchant": benefit.merchant.code if benefit.merchant else None,
        "iat": work.now,
        "exp": ends,
    }
    text = tokens.sign(keys, OFFLINE_TYPE, body)
    codebook.add(work, code_digest(text), codebook.OFFLINE, found.resident_id, found.id, ends)
    return Shown(text, ends)


def confirm(work: Work, voucher_id: bytes, store_id: bytes) -> Redemption | Refused:
    """Redeem at a store whose static code the resident scanned, and whose name was shown.

    Raises NotFound (unknown_voucher), Invalid (unknown_store), Conflict (not_your_benefit,
    wrong_store, outside_hours, spending_frozen).
    """
    there = merchants.find_store(work, store_id)
    if there is None:
        raise Invalid("unknown_store", "There is no such store.")
    place, merchant = there
    held = issuing.mine(work, work.actor.id, voucher_id)
    refused = _unless_open(work, held.voucher, REDEEMED)
    if refused:
        return refused
    _may_spend(work)
    benefit = benefit_of(work, held.voucher)
    check_place(work, benefit, merchant.code, place.code, work.now)
    codebook.kill(work, held.voucher.resident_id, held.voucher.id, codebook.OF_VOUCHERS)
    return giving.give(work, held, merchant.code, "confirm", place.id)


def benefit_of(work: Work, found: Voucher) -> Benefit:
    """The benefit of a voucher; files are superseded, never deleted, while vouchers live."""
    return work.rules.offers.benefits[found.benefit]


def check_place(
    work: Work, benefit: Benefit, merchant: str, store_code: str | None, at: datetime
) -> None:
    """Whose benefit, where and when. Raises Conflict (not_your_benefit, wrong_store,
    outside_hours)."""
    if benefit.kind != CODE or (benefit.merchant and benefit.merchant.code != merchant):
        raise code_refused("not_your_benefit")
    if benefit.stores and store_code not in benefit.stores:
        raise Conflict("wrong_store", "This benefit is not given at this store.")
    if not benefit.open_at(at.astimezone(work.rules.pack.zone)):
        raise Conflict("outside_hours", "This benefit is not given at this hour.")


def licence(work: Work, found: Voucher) -> str | None:
    """The licence code of a voucher, for its owner's eyes."""
    return pool.of_voucher(work, found.id) if benefit_of(work, found).kind == LICENCE else None


def replace_licence(work: Work, voucher_id: bytes) -> Voucher:
    """Another licence code for one that does not work, once.

    Raises NotFound, Conflict (no_licence, already_replaced, sold_out).
    """
    held = issuing.mine(work, work.actor.id, voucher_id)
    found = held.voucher
    if benefit_of(work, found).kind != LICENCE or found.redemption_id is None:
        raise Conflict("no_licence", "This voucher has no licence code.")
    if pool.invalid(work, found.id):
        raise Conflict("already_replaced", "A licence code is replaced once; ask for help.")
    if not pool.spoil(work, found.id):
        raise Conflict("no_licence", "This voucher has no licence code.")
    if not pool.give(work, found.benefit, found.id):
        raise Conflict("sold_out", "There is no other licence code left; try again later.")
    return found
