"""Values of recognition: links, exchanges, and the ways they may go. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, NamedTuple

from app.kernel import Conflict, Invalid, NotFound, to_wire

ACTIVE, ENDED = "active", "ended"
IN, OUT = "in", "out"
HELD, CONFIRMED, REJECTED, EXPIRED, CORRECTED = (
    "held", "confirmed", "rejected", "expired", "corrected",
)  # fmt: skip
# Every way an exchange may go; what is asked for otherwise is refused.
WAYS = {
    (HELD, CONFIRMED),
    (HELD, REJECTED),
    (HELD, EXPIRED),
    (CONFIRMED, CORRECTED),
}
ENDED_BY = ("resident", "partner", "term", "closing")
PURPOSE = "xch"  # what points of an exchange are held and received for
CORRECTION = "correction"  # the kind of line that takes one back


@dataclass(frozen=True, slots=True)
class Link:
    """A resident's account at a partner, linked by one consent. `account_sealed` is the partner's
    own id of the person, empty once it was forgotten with the resident's account; days both belong
    to the link, `until_day` is its consent's term."""

    id: bytes
    resident_id: bytes
    partner: str
    account_sealed: bytes
    state: str
    from_day: date
    until_day: date
    consent_version: str
    consent_digest: bytes
    matched_by: str
    opened_at: datetime
    ended_at: datetime | None
    ended_by: str | None

    def covers(self, day: date) -> bool:
        return self.state == ACTIVE and self.from_day <= day <= self.until_day

    @property
    def forgotten(self) -> bool:
        """Whether its resident's account here was closed."""
        return not self.account_sealed

    @property
    def wire(self) -> str:
        return to_wire("lnk", self.id)


class Item(NamedTuple):
    """One claim as a partner sent it; `link` is the link's id on the wire."""

    reference: str
    link: str
    behaviour: str
    day: date
    keys: Mapping[str, Any]
    reduction_mg: int | None


class Sum(NamedTuple):
    """Acts of a behaviour in a month (`2026-03`) by one link, as a partner adds them up."""

    link: str
    behaviour: str
    month: str
    reduction_mg: int
    acts: int


@dataclass(frozen=True, slots=True)
class Total:
    """What a partner says it has credited for a behaviour in a month (`2026-03`), in one sum."""

    behaviour: str
    month: str
    reduction_mg: int
    acts: int
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """One attempt to link that was refused; `fault` is for operators only."""

    id: bytes
    partner: str
    fault: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Exchange:
    """Value on its way between the city and a partner: `points` in hundredths, `units` in the
    partner's smallest unit (of `places` decimals), the rate as it stood on `rate_since`, in the
    rulebook of `rulebook`."""

    id: bytes
    resident_id: bytes
    link_id: bytes
    partner: str
    direction: str
    state: str
    points: int
    units: int
    places: int
    rate_numerator: int
    rate_denominator: int
    rate_since: date
    rulebook: str
    day: date
    asked_at: datetime
    expires_at: datetime
    decided_at: datetime | None
    theirs: str | None
    lot_day: date | None
    corrected_at: datetime | None
    reason: str | None

    @property
    def rate(self) -> Fraction:
        return Fraction(self.rate_numerator, self.rate_denominator)

    @property
    def wire(self) -> str:
        return to_wire(PURPOSE, self.id)


def unknown_link() -> NotFound:
    """No such link, or none of the caller's: the two look alike."""
    return NotFound("unknown_link", "There is no such link.")


def unknown_exchange() -> NotFound:
    """No such exchange, or none of the caller's."""
    return NotFound("unknown_exchange", "There is no such exchange.")


def unknown_partner() -> NotFound:
    """The pack knows no such platform."""
    return NotFound("unknown_partner", "There is no such partner platform.")


def not_linked() -> Conflict:
    """No open link of the resident to the partner."""
    return Conflict("not_linked", "Link your account at this partner first.")


def not_exchangeable() -> Conflict:
    """The partner exchanges nothing, or not this way today."""
    return Conflict("not_exchangeable", "Nothing is exchanged with this partner this way today.")


def spending_frozen() -> Conflict:
    """A risk hold on what a resident spends."""
    return Conflict("spending_frozen", "Spending is on hold for this account; ask for help.")


def bad_amount(detail: str) -> Invalid:
    """The amount is none, or none of this unit."""
    fault = {"pointer": "/amount", "code": "invalid", "detail": detail}
    return Invalid("bad_amount", detail, errors=[fault])


def bad_quote() -> Invalid:
    """The quote was not given to this resident for this exchange."""
    detail = "This quote was not given for this; ask for another."
    fault = {"pointer": "/quote", "code": "invalid", "detail": detail}
    return Invalid("bad_quote", detail, errors=[fault])


def over(found: Exchange) -> Conflict:
    """What was asked for is not possible any more: the exchange has been decided."""
    return Conflict(f"exchange_{found.state}", _OVER[found.state])


_OVER = {
    HELD: "This exchange is still on its way.",
    CONFIRMED: "This exchange has been confirmed, under the reference it shows; that is final.",
    REJECTED: "This exchange came to nothing: it was rejected or taken back. Undo your side.",
    EXPIRED: "This exchange came to nothing: it was not confirmed in time. Undo your side.",
    CORRECTED: "This exchange was confirmed, and then taken back by operators. Undo your side.",
}
