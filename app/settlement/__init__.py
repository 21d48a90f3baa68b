"""Settlement: what parties and operators do with clearing's files, payouts and differences.

Owns no table. It serves any book: a room that writes lines describes its book (`Book`), gets from
here the endpoints of its parties (`desk`) and the making of its files (`close_next`), and shows the
book at its door as one of `BOOKS`; the composition root hands those to operators' lists
(`ports["books"]`, by name) and approvals. Its laws: a party sees its own files only; what it counts
otherwise is parked, within the days of dispute; a difference and a payment take two operators.
"""

from app.settlement.api import desk, statements
from app.settlement.approving import approvals
from app.settlement.books import Book, Books
from app.settlement.schemas import Wire, wire
from app.settlement.service import close_next

__all__ = [
    "Book",
    "Books",
    "Wire",
    "approvals",
    "close_next",
    "desk",
    "statements",
    "wire",
]
