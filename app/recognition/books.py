"""The book of partners: either side may owe the other, in points, and pays what is above."""

from app.clearing import Shape
from app.recognition.model import CORRECTED, CORRECTION, OUT
from app.settlement import Book

_DISPUTE_DAYS = 30
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
    dispute_days=lambda _: _DISPUTE_DAYS,
    payers=lambda _: (),
)
