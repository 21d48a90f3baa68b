"""Use cases of the merchant's terminal: redeem a code, learn what is ready, bring in what was read
offline, and ask what became of a request whose answer never came.

A presented code of a voucher is burnt whatever comes of it, so a *no* here is returned, not raised,
and is committed together with the burning.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from app import identity, ledger
from app.kernel import Conflict, Forbidden, Invalid, Refusal, Refused
from app.merchants import Seat, store_of
from app.plumbing.work import Work
from app.redemption import codebook, giving, store, watching
from app.redemption.codebook import Code
from app.redemption.issuing import Held, turned_down
from app.redemption.model import (
    OPEN,
    REDEEMED,
    Redemption,
    Voucher,
    code_digest,
    code_refused,
    not_now,
)
from app.redemption.presenting import Shown, benefit_of, check_place, pick

_SKEW = timedelta(seconds=30)
CANCELLED_HERE = "cancelled"


class Place(NamedTuple):
    """Where a terminal stands: its store, or the one the office names."""

    store_id: bytes | None
    store_code: str | None


def place(work: Work, seat: Seat, store_id: bytes | None) -> Place:
    """The store of a request. Raises Forbidden (not_your_store), NotFound (unknown_store)."""
    if seat.store is not None:
        if store_id not in (None, seat.store.id):
            raise Forbidden("not_your_store", "This terminal stands at another store.")
        return Place(seat.store.id, seat.store.code)
    if store_id is None:
        return Place(None, None)
    named = store_of(work, seat.merchant.id, store_id)
    return Place(named.id, named.code)


def key_digest(key: str) -> bytes:
    """What is kept of a terminal's own key."""
    return sha256(key.encode()).digest()


def redeem(
    work: Work, seat: Seat, text: str, store_id: bytes | None, key: bytes
) -> Redemption | Refused:
    """Redeem the voucher of a code; `key` is the digest of the terminal's own key.

    Refused (kept): unknown_code, code_used, code_expired, not_your_benefit, wrong_store,
    outside_hours, not_redeemable, choose_voucher. Raises Conflict (cancelled_by_terminal) when
    the terminal gave this key up before it arrived, Invalid (idempotency_key_reused).
    """
    where = place(work, seat, store_id)
    digest = code_digest(text)
    answer = _redeem(work, seat, digest, where)
    outcome = answer.refusal.code if isinstance(answer, Refused) else "redeemed"
    done = None if isinstance(answer, Refused) else answer.id
    if not codebook.present(work, seat.client_id, key, outcome, done):
        raise _decided_before(work, seat, key)
    return answer


def _decided_before(work: Work, seat: Seat, key: bytes) -> Refusal:
    """The key was given up before it arrived; or it is one of another day, used again."""
    if codebook.presented(work, seat.client_id, key).outcome == CANCELLED_HERE:
        return Conflict("cancelled_by_terminal", "The terminal gave this request up; start anew.")
    return Invalid(
        "idempotency_key_reused", "This key was used for another request; choose a new one."
    )


def _redeem(work: Work, seat: Seat, digest: bytes, where: Place) -> Redemption | Refused:
    found = codebook.find(work, digest)
    if found is None:
        return Refused(code_refused("unknown_code"))
    if found.kind == codebook.ACCOUNT:
        # It gives nothing here, and stays good for the question what is ready.
        text = "This is the resident's own code: ask what is ready."
        return Refused(Conflict("choose_voucher", text))
    wallets = ledger.lock(work, [found.resident_id])
    return _burn_and_give(work, seat, found, where, wallets, None)


def _burn_and_give(
    work: Work,
    seat: Seat,
    found: Code,
    where: Place,
    wallets: ledger.Wallets,
    read_at: datetime | None,
) -> Redemption | Refused:
    """`read_at` is when a reader without a connection saw the code; None: now."""
    burnt = codebook.burn(work, found.digest)
    if burnt is None:
        return _refused(work, found, code_refused("code_used"))
    try:
        held = _open(work, burnt, wallets, read_at)
        _check(work, seat, burnt, held.voucher, where, read_at or work.now)
    except Refusal as refusal:
        return _refused(work, burnt, refusal)
    return giving.give(work, held, seat.merchant.code, burnt.kind, where.store_id, seat.client_id)


def _refused(work: Work, code: Code, refusal: Refusal) -> Refused:
    """A refusal, in the history of the code's voucher where it has one."""
    found = store.find(work, code.resident_id, code.voucher_id) if code.voucher_id else None
    return turned_down(work, found, REDEEMED, refusal) if found else Refused(refusal)


def _open(work: Work, burnt: Code, wallets: ledger.Wallets, read_at: datetime | None) -> Held:
    assert burnt.voucher_id is not None, "only the account's own code is of no voucher"
    found = store.find(work, burnt.resident_id, burnt.voucher_id)
    if read_at is not None and found is not None and found.redemption_id is not None:
        raise code_refused("code_used")  # this one never was, but its voucher was, in another way
    if not _alive(work, burnt, read_at):
        raise code_refused("code_expired")
    if found is None or found.state not in OPEN:
        raise code_refused("code_expired")
    # What was read offline in time may come in after the voucher's last day.
    if read_at is None and found.expires_on < work.today:
        raise code_refused("code_expired")
    return Held(found, wallets)


def _alive(work: Work, burnt: Code, read_at: datetime | None) -> bool:
    if burnt.dead_at is not None:
        return False
    if read_at is None:
        return work.now < burnt.expires_at
    hours = work.rules.offers.count("offline_upload_hours", work.today)
    in_time = burnt.made_at - _SKEW <= read_at < burnt.expires_at + _SKEW
    return in_time and work.now < burnt.expires_at + timedelta(hours=hours)


def _check(work: Work, seat: Seat, burnt: Code, found: Voucher, where: Place, at: datetime) -> None:
    if burnt.merchant not in (None, seat.merchant.code):
        raise code_refused("not_your_benefit")
    check_place(work, benefit_of(work, found), seat.merchant.code, where.store_code, at)
    if identity.resident(work, found.resident_id).spending_frozen:
        raise not_now()


class Ready(NamedTuple):
    """A voucher that may be redeemed here, and a one-time code with which this merchant does."""

    voucher: Voucher
    code: Shown


def ready(work: Work, seat: Seat, text: str, store_id: bytes | None) -> list[Ready] | Refused:
    """What the resident behind an account code has ready at this merchant; another's: nothing."""
    where = place(work, seat, store_id)
    found = codebook.find(work, code_digest(text))
    if found is None:
        return Refused(code_refused("unknown_code"))
    ledger.lock(work, [found.resident_id])
    burnt = codebook.burn(work, found.digest)
    if burnt is None:
        return Refused(code_refused("code_used"))
    if burnt.kind != codebook.ACCOUNT:
        return Refused(Conflict("not_an_account_code", "This code is of one voucher: redeem it."))
    if burnt.dead_at is not None or work.now >= burnt.expires_at:
        return Refused(code_refused("code_expired"))
    if identity.resident(work, found.resident_id).spending_frozen:
        return Refused(not_now())
    return [
        Ready(each, pick(work, each, seat.merchant.code, burnt.device))
        for each in store.holding(work, found.resident_id)
        if each.usable(work.today) and _here(work, seat, each, where)
    ]


def _here(work: Work, seat: Seat, found: Voucher, where: Place) -> bool:
    try:
        check_place(work, benefit_of(work, found), seat.merchant.code, where.store_code, work.now)
    except Conflict:
        return False
    return True


class Read(NamedTuple):
    """A code that a reader without a connection took, and when."""

    code: str
    read_at: datetime
    store_id: bytes | None


def bring_in(work: Work, seat: Seat, reads: Sequence[Read]) -> list[Redemption | Refused]:
    """What readers took offline, in the order given. A code that was used before is found here:
    it is refused and raises an alert."""
    places = [place(work, seat, each.store_id) for each in reads]
    digests = [code_digest(each.code) for each in reads]
    found = codebook.find_many(work, digests)
    wallets = ledger.lock(work, {each.resident_id for each in found.values()})
    answers: list[Redemption | Refused] = []
    for read, digest, where in zip(reads, digests, places, strict=True):
        code = found.get(digest)
        if code is None or code.kind != codebook.OFFLINE:
            answers.append(Refused(code_refused("unknown_code")))
            continue
        read_at = min(read.read_at, work.now + _SKEW)
        answer = _burn_and_give(work, seat, code, where, wallets, read_at)
        if isinstance(answer, Refused) and answer.refusal.code == "code_used":
            watching.double_use(work, seat.merchant.code, code.voucher_id or b"")
        answers.append(answer)
    return answers
