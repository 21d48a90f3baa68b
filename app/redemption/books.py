"""The book of merchants: what the city owes who gives benefits, and what its files look like."""

from app.clearing import Shape
from app.redemption.model import REDEEMED, REFUNDED, VOIDED
from app.settlement import Book

# What a redemption's state is called as a line.
KINDS = {REDEEMED: "redemption", VOIDED: "void", REFUNDED: "refund"}
BOOK = Book(
    name="merchant",
    shape=Shape(
        "redemption",
        "rdm",
        ("store", "benefit", "points", "cash", "funder"),
        ("funder", "benefit"),
    ),
    party="merchant",
    payer="funder",
    unit="yuan",
    kind=KINDS[REDEEMED],
    kinds=KINDS,
    dispute_days=lambda work, _: work.rules.offers.count("dispute_days", work.today),
    payers=lambda work: work.rules.offers.funders,
)
