"""The book of partners: either side may owe the other, in points, and pays what is above."""

from app.clearing import Shape
from app.plumbing.work import Work
from app.recognition import arithmetic
from app.recognition.model import CORRECTED, CORRECTION, OUT, Exchange
from app.settlement import Book


def terms(work: Work, partner: str, name: str) -> int:
    """A term of a partner in days, as it stands today; the usual one of a platform that left."""
    known = work.rules.recognition.platforms.get(partner)
    return _USUAL[name] if known is None else known.count(name, work.today)


_USUAL = {"settlement_days": 1, "dispute_days": 30}
# A line is called by the direction of its exchange; amounts are hundredths of a point, above
# nothing what the city owes the partner.
BOOK = Book(
    name="partner",
    shape=Shape(
        "exchange",
        "xch",
        ("theirs", "direction", "units", "rate", "rate_since", "rulebook"),
        split=(),
        both_ways=True,
    ),
    party="partner",
    payer="payer",
    unit="points",
    kind=OUT,
    kinds={CORRECTED: CORRECTION},
    dispute_days=lambda work, partner: terms(work, partner, "dispute_days"),
    payers=lambda _: (),
)


def told(of: Exchange) -> dict[str, str | None]:
    """What a line tells of its exchange: the partner's id, what moved, by which rate of which
    rules."""
    return {
        "theirs": of.theirs,
        "direction": of.direction,
        "units": arithmetic.units_text(of.units, of.places),
        "rate": str(of.rate),
        "rate_since": of.rate_since.isoformat(),
        "rulebook": of.rulebook,
    }


def signed(of: Exchange) -> int:
    """What the city owes the partner by it; below nothing, what the partner owes the city."""
    return of.points if of.direction == OUT else -of.points
