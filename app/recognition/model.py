"""Values of recognition: links, exchanges, and the ways they may go. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from app.kernel import NotFound

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
BOOK = "partner"


@dataclass(frozen=True, slots=True)
class Link:
    """A resident's account at a partner, linked by one consent. `account_sealed` is the partner's
    own id of the person; days both belong to the link, `until_day` is its consent's term."""

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


@dataclass(frozen=True, slots=True)
class Exchange:
    """Value on its way between the city and a partner: `points` in hundredths, `units` in the
    partner's smallest unit, the rate as it stood on `rate_since`, in the rulebook of `rulebook`."""

    id: bytes
    resident_id: bytes
    link_id: bytes
    partner: str
    direction: str
    state: str
    points: int
    units: int
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
    reason: str | None


def unknown_link() -> NotFound:
    """No such link, or none of the caller's: the two look alike."""
    return NotFound("unknown_link", "There is no such link.")


def unknown_exchange() -> NotFound:
    """No such exchange, or none of the caller's."""
    return NotFound("unknown_exchange", "There is no such exchange.")


def unknown_partner() -> NotFound:
    """The pack knows no such platform."""
    return NotFound("unknown_partner", "There is no such partner platform.")
