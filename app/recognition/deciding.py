"""Use cases of the decision: the partner confirms or rejects, operators correct.

Confirming is the one decision of an exchange, taken here, in one transaction: whoever lost the
answer asks again, and is told the same.
"""

from datetime import date

from app import clearing, identity, ledger
from app.clearing import Line
from app.kernel import Refused
from app.plumbing.work import Work
from app.recognition import arithmetic, exchanges, exchanging, position
from app.recognition.books import BOOK, signed, told
from app.recognition.model import (
    CONFIRMED,
    CORRECTED,
    CORRECTION,
    EXPIRED,
    HELD,
    IN,
    OUT,
    PURPOSE,
    REJECTED,
    Exchange,
    over,
    unknown_exchange,
)

NOT_POSSIBLE = "not_possible"


def confirm(work: Work, partner: str, exchange_id: bytes, reference: str) -> Exchange | Refused:
    """The partner has prepared its side, under `reference` there: value moves, for good.

    Confirmed again with the same reference, the answer is the same. Refused (kept):
    exchange_expired, also when no job has noticed yet; exchange_rejected, exchange_corrected,
    exchange_confirmed (by another reference). Raises NotFound (unknown_exchange).
    """
    found, wallets = _locked(work, partner, exchange_id)
    if found.state == CONFIRMED and found.theirs == reference:
        return found
    if found.state != HELD:
        return Refused(over(found))
    if work.now >= found.expires_at:
        return _came_to_nothing(work, found, wallets, EXPIRED, None)
    if not _may_move(work, found):
        return _came_to_nothing(work, found, wallets, REJECTED, NOT_POSSIBLE)
    lot_day = _pay(work, found, wallets)
    done = exchanges.move(work, found, CONFIRMED, theirs=reference, lot_day=lot_day)
    clearing.add(work, [_line(work, done, done.direction, signed(done))])
    exchanging.tell(work, done, CONFIRMED)
    position.settle(work, partner, done.direction, done.points)
    return done


def _locked(work: Work, partner: str | None, exchange_id: bytes) -> tuple[Exchange, ledger.Wallets]:
    """An exchange behind the lock of its resident's wallet; `partner` None: whosever it is."""
    found = exchanges.find(work, exchange_id)
    if found is None or partner not in (None, found.partner):
        raise unknown_exchange()
    wallets = ledger.lock(work, [found.resident_id])
    again = exchanges.find(work, exchange_id, lock=True)
    assert again is not None, "an exchange is never deleted"
    return again, wallets


def _may_move(work: Work, found: Exchange) -> bool:
    """A risk hold stops what goes out; the partner is not told why."""
    return found.direction == IN or not identity.resident(work, found.resident_id).spending_frozen


def _came_to_nothing(
    work: Work, found: Exchange, wallets: ledger.Wallets, state: str, reason: str | None
) -> Refused:
    ended = exchanging.take_back(work, found, wallets, state, reason)
    exchanging.free(work, [ended])
    return Refused(over(ended))


def _pay(work: Work, found: Exchange, wallets: ledger.Wallets) -> date | None:
    """Move the points; for those that came in, the last day of their lot."""
    whose, account = found.resident_id, ledger.PARTNER + found.partner
    if found.direction == OUT:
        ledger.settle(work, whose, found.id, payee=account, wallets=wallets)
        return None
    where = work.rules.recognition.platforms[found.partner]
    ends = arithmetic.lot_day(work.today, where.count("lot_months", work.today))
    purpose = ledger.Purpose(PURPOSE, found.id)
    ledger.receive(work, whose, found.points, purpose, account, ends, wallets)
    return ends


def reject(work: Work, partner: str, exchange_id: bytes, reason: str | None) -> Exchange | Refused:
    """The partner cannot or will not: what was held is free again.

    Rejected again, the answer is the same. Refused: exchange_confirmed, exchange_expired,
    exchange_corrected. Raises NotFound (unknown_exchange).
    """
    found, wallets = _locked(work, partner, exchange_id)
    if found.state == REJECTED:
        return found
    if found.state != HELD:
        return Refused(over(found))
    ended = exchanging.take_back(work, found, wallets, REJECTED, reason)
    exchanging.free(work, [ended])
    return ended


def correct(work: Work, exchange_id: bytes, reason: str) -> tuple[Exchange, int]:
    """Take a confirmed exchange back, as two operators decided; the exchange, and what its
    resident is in debt for it now (hundredths).

    Points that went out return to the lots they came from; points that came in are taken back,
    from their own lot first. The file of today says so; the partner is told to do its part.
    Raises NotFound (unknown_exchange), Conflict (exchange_held, exchange_rejected …).
    """
    found, wallets = _locked(work, None, exchange_id)
    if found.resident_id in wallets.closed:
        raise unknown_exchange()
    if found.state != CONFIRMED:
        raise over(found)
    owed = _pay_back(work, found, wallets)
    done = exchanges.move(work, found, CORRECTED, reason=reason)
    clearing.add(work, [_line(work, done, CORRECTION, -signed(done))])
    exchanging.tell(work, done, CORRECTED)
    position.undo(work, done.partner, done.direction, done.points)
    return done, owed


def _pay_back(work: Work, found: Exchange, wallets: ledger.Wallets) -> int:
    whose = found.resident_id
    if found.direction == OUT:
        ledger.give_back(work, whose, found.id, wallets=wallets)
        return 0
    assert found.lot_day is not None, "what came in has a lot"
    purpose, account = ledger.Purpose(PURPOSE, found.id), ledger.PARTNER + found.partner
    return ledger.take_out(work, whose, found.points, purpose, account, found.lot_day, wallets)


def _line(work: Work, of: Exchange, kind: str, amount: int) -> Line:
    """A line of the partner's file: both ids and what moved."""
    return Line(
        id=work.new_id(),
        book=BOOK.name,
        party=of.partner,
        day=work.today,
        at=work.now,
        kind=kind,
        reference=of.id,
        amount=amount,
        told=told(of),
    )
