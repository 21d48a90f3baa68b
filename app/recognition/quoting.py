"""What an exchange would be: amounts, rate, limits; and the signed quote that keeps them for some
minutes. Nothing is written here.

A quote is a text that its resident brings back. The exchange made of it takes the id that the
quote has, so one quote makes one exchange.
"""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from app import activities
from app.kernel import BadQuantity, Conflict, fen, from_wire, points, to_wire
from app.plumbing import tokens
from app.plumbing.keys import SigningKeys
from app.plumbing.work import Work
from app.recognition import arithmetic, exchanges, store
from app.recognition.model import (
    OUT,
    Link,
    bad_amount,
    bad_quote,
    not_exchangeable,
    not_linked,
)
from app.rulebook import NotInForce, Platform

Direction = Literal["in", "out"]
QUOTE_TYPE = "exchange-quote+jwt"


class Deal(NamedTuple):
    """Amounts and the rate they rest on; `id` is that of the exchange it becomes."""

    id: bytes
    points: int
    units: int
    rate: Fraction
    rate_since: date
    rulebook: str


class Left(NamedTuple):
    """What one resident may still move, in hundredths of a point; `earned` None: not asked."""

    day: int
    month: int
    earned: int | None


def link_of(work: Work, resident: bytes, partner: str) -> Link:
    """The resident's open link. Raises Conflict (not_linked)."""
    found = store.open_link(work, resident, partner)
    if found is None or work.today > found.until_day:
        raise not_linked()
    return found


def read_amount(where: Platform, direction: Direction, text: str) -> int:
    """Hundredths of a point, or the partner's smallest units. Raises Invalid (bad_amount)."""
    with suppress(BadQuantity):
        found = fen(text) if direction == OUT else arithmetic.read_units(text, where.places)
        if found > 0:
            return found
    places = 2 if direction == OUT else where.places
    raise bad_amount(
        f"Give an amount above 0, at most 1,000,000, with at most {places} decimal places."
    )


def deal(work: Work, where: Platform, direction: Direction, most: int) -> Deal:
    """What at most so much becomes by the rate of today.

    Raises Conflict (not_exchangeable, below_least).
    """
    if not where.at_level("exchange"):
        raise not_exchangeable()
    try:
        rate = where.rate(direction, work.today)
        least = where.hundredths("least", work.today)
    except NotInForce:
        raise not_exchangeable() from None
    exchanged = arithmetic.out if direction == OUT else arithmetic.into
    moved = exchanged(most, rate.fraction, where.places)
    if moved.points < max(least, 1) or not moved.units:
        detail = f"This is worth less than {points(least)} points, the least that is exchanged."
        raise Conflict("below_least", detail, least=points(least))
    digest = work.rules.recognition.digest
    return Deal(work.new_id(), moved.points, moved.units, rate.fraction, rate.since, digest)


def left(work: Work, where: Platform, direction: Direction, resident: bytes) -> Left:
    """What the quotas leave a resident today; exact behind the lock of the wallet."""
    used = exchanges.used(work, resident, where.code, direction)
    day, month = (
        where.hundredths(f"{direction}_{span}", work.today) for span in ("daily", "monthly")
    )
    earned = None
    if direction == OUT:
        earned = activities.earned(work, resident, where.at_level("exchange")) - used.ever
    return Left(
        max(0, day - used.day),
        max(0, month - used.month),
        None if earned is None else max(0, earned),
    )


_NOT_EARNED = "Only points of acts that this partner recognises go there; fewer of them are left."


def check(asked: Deal, rest: Left) -> None:
    """Refuse what is more than is left. Raises Conflict (quota_day, quota_month,
    not_earned_for_this), each with what is left."""
    for code, most, detail in (
        ("quota_day", rest.day, "So much is not left of what you may exchange today."),
        ("quota_month", rest.month, "So much is not left of what you may exchange this month."),
        ("not_earned_for_this", rest.earned, _NOT_EARNED),
    ):
        if most is not None and asked.points > most:
            raise Conflict(code, detail, left=points(most))


class Quote(NamedTuple):
    """A signed quote, and when it ends."""

    text: str
    deal: Deal
    expires_at: datetime


def quote(work: Work, keys: SigningKeys, where: Platform, direction: Direction, most: int) -> Quote:
    """A quote for the acting resident, good for the pack's seconds.

    Raises Conflict (not_linked, not_exchangeable, below_least).
    """
    link_of(work, work.actor.id, where.code)
    found = deal(work, where, direction, most)
    ends = work.now + timedelta(seconds=where.count("quote_seconds", work.today))
    ends = ends.replace(microsecond=0)
    body = {
        "jti": to_wire("xch", found.id),
        "sub": to_wire("res", work.actor.id),
        "partner": where.code,
        "direction": direction,
        "most": most,
        "points": found.points,
        "units": found.units,
        "rate": [found.rate.numerator, found.rate.denominator],
        "since": found.rate_since.isoformat(),
        "rulebook": found.rulebook,
        "exp": ends,
    }
    return Quote(tokens.sign(keys, QUOTE_TYPE, body), found, ends)


def redeem(
    work: Work, keys: SigningKeys, where: Platform, direction: Direction, most: int, text: str
) -> Deal:
    """The deal of a quote that the acting resident was given for this very exchange; `most` is
    what was asked for then, or what the quote said it takes of it.

    Raises Invalid (bad_quote), Conflict (quote_expired, quote_used).
    """
    said = tokens.opened(keys, QUOTE_TYPE, text)
    if said is None or not _is_for(work, where, direction, most, said):
        raise bad_quote()
    if work.now >= datetime.fromtimestamp(said["exp"], UTC):
        raise Conflict("quote_expired", "This quote has expired; ask for another.")
    raw = from_wire("xch", said["jti"])
    assert raw is not None, "we signed it"
    if exchanges.find(work, raw) is not None:
        raise Conflict("quote_used", "An exchange was made of this quote; ask for another.")
    since = date.fromisoformat(said["since"])
    return Deal(
        raw, said["points"], said["units"], Fraction(*said["rate"]), since, said["rulebook"]
    )


def _is_for(
    work: Work, where: Platform, direction: Direction, most: int, said: dict[str, Any]
) -> bool:
    taken = said["points"] if direction == OUT else said["units"]
    asked = (to_wire("res", work.actor.id), where.code, direction)
    return (said["sub"], said["partner"], said["direction"]) == asked and most in (
        said["most"],
        taken,
    )
