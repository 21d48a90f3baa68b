"""Use cases of exchange: ask for one, and take back what comes to nothing.

Whoever changes an exchange has locked its resident's wallet before reading it. The partner's
position, one row that many want, is changed last.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from app import consent, identity, ledger, webhooks
from app.kernel import Conflict, points
from app.plumbing.keys import SigningKeys
from app.plumbing.work import Work
from app.recognition import arithmetic, exchanges, position, quoting, seats, store
from app.recognition.model import (
    EXPIRED,
    HELD,
    OUT,
    PURPOSE,
    REJECTED,
    Exchange,
    Link,
    spending_frozen,
)
from app.recognition.quoting import Deal, Direction
from app.rulebook import Platform

LINK_ENDED = "link_ended"


def ask(
    work: Work,
    keys: SigningKeys,
    partner: str,
    direction: Direction,
    amount: str,
    quote: str | None = None,
) -> Exchange:
    """Ask for an exchange of the acting resident: the points that go out are held, the partner is
    told, and decides.

    `amount` is the most that is given, as text. Raises NotFound (unknown_partner), Invalid
    (bad_amount, bad_quote), Conflict (not_linked, not_exchangeable, below_least, quote_expired,
    quote_used, spending_frozen, quota_day, quota_month, not_earned_for_this, not_enough_points,
    partner_limit).
    """
    where = seats.platform(work, partner)
    most = quoting.read_amount(where, direction, amount)
    me = work.actor.id
    wallets = ledger.lock(work, [me])
    known = identity.resident(work, me)
    link = quoting.link_of(work, me, partner)
    if direction == OUT and known.spending_frozen:
        raise spending_frozen()
    if quote is None:
        deal = quoting.deal(work, where, direction, most)
    else:
        deal = quoting.redeem(work, keys, where, direction, most, quote)
    quoting.check(deal, quoting.left(work, where, direction, me))
    new = _exchange(work, where, link, direction, deal)
    if direction == OUT:
        purpose = ledger.Purpose(PURPOSE, new.id)
        ledger.hold(work, me, new.points, purpose, wallets=wallets)
    exchanges.add(work, new)
    tell(work, new, "requested", link)
    cap = where.hundredths("net_cap", work.today)
    if not position.take(work, partner, direction, new.points, cap):
        detail = "So much has moved one way that this partner takes no more; try again later."
        raise Conflict("partner_limit", detail)
    return new


def _exchange(
    work: Work, where: Platform, link: Link, direction: Direction, deal: Deal
) -> Exchange:
    minutes = where.count("confirm_minutes", work.today)
    return Exchange(
        id=deal.id,
        resident_id=work.actor.id,
        link_id=link.id,
        partner=where.code,
        direction=direction,
        state=HELD,
        points=deal.points,
        units=deal.units,
        places=where.places,
        rate_numerator=deal.rate.numerator,
        rate_denominator=deal.rate.denominator,
        rate_since=deal.rate_since,
        rulebook=deal.rulebook,
        day=work.today,
        asked_at=work.now,
        expires_at=work.now + timedelta(minutes=minutes),
        decided_at=None,
        theirs=None,
        lot_day=None,
        corrected_at=None,
        reason=None,
    )


def tell(work: Work, found: Exchange, what: str, link: Link | None = None) -> None:
    """Tell the partner what became of an exchange, if this work commits."""
    link = link or store.find_link(work, found.link_id)
    assert link is not None, "a link is never deleted"
    webhooks.put(work, found.partner, f"exchange.{what}", facts(work, found, link))
    seen = [(found.resident_id, found.wire)]
    consent.partner_looked(work, "partner_exchange", found.partner, seen)


def facts(work: Work, found: Exchange, link: Link) -> dict[str, Any]:
    """An exchange as its partner is told of it: nothing about the resident but the link. `unit` is
    empty once the pack no longer knows the partner."""
    where = work.rules.recognition.platforms.get(found.partner)
    zone = work.rules.pack.zone

    def told(at: datetime | None) -> str | None:
        return None if at is None else at.astimezone(zone).isoformat()

    return {
        "exchange": found.wire,
        "link": link.wire,
        "account": None if link.forgotten else work.keys.decrypt(link.account_sealed),
        "direction": found.direction,
        "status": found.state,
        "points": points(found.points),
        "units": arithmetic.units_text(found.units, found.places),
        "unit": where.unit_en if where else "",
        "rate": str(found.rate),
        "rate_since": found.rate_since.isoformat(),
        "rulebook": found.rulebook,
        "asked_at": told(found.asked_at),
        "expires_at": told(found.expires_at),
        "decided_at": told(found.decided_at),
        "corrected_at": told(found.corrected_at),
        "reference": found.theirs,
        "reason": found.reason,
    }


def take_back(
    work: Work, found: Exchange, wallets: ledger.Wallets, state: str, reason: str | None
) -> Exchange:
    """End what is held without moving anything: points return to the lots they came from. What it
    took of the partner's headroom is given back by `free`, last."""
    if found.direction == OUT:
        ledger.release(work, found.resident_id, found.id, wallets=wallets)
    ended = exchanges.move(work, found, state, reason=reason)
    tell(work, ended, state)
    return ended


def free(work: Work, ended: Iterable[Exchange]) -> None:
    """The headroom that exchanges had taken is free again."""
    freed: Counter[tuple[str, str]] = Counter()
    for each in ended:
        freed[each.partner, each.direction] += each.points
    position.release(work, freed)


def abandon(work: Work, resident: bytes, link_id: bytes, wallets: ledger.Wallets) -> int:
    """Take back everything that is on its way by a link that ends; how many."""
    ended = [
        take_back(work, each, wallets, REJECTED, LINK_ENDED)
        for each in exchanges.held_of_link(work, link_id)
        if each.resident_id == resident
    ]
    free(work, ended)
    return len(ended)


def expire(work: Work, chunk: int) -> int:
    """Take back what was not confirmed in time; how many. Safe to run twice."""
    overdue = exchanges.overdue(work, chunk)
    wallets = ledger.lock(work, {resident for resident, _ in overdue})
    ended = []
    for _, exchange_id in overdue:
        found = exchanges.find(work, exchange_id, lock=True)
        if found is not None and found.state == HELD:
            ended.append(take_back(work, found, wallets, EXPIRED, None))
    free(work, ended)
    return len(overdue)
