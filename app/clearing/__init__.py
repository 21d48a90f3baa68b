"""Clearing: what is owed between the city and another party, told in one file a day.

Owns lines, the files of a day, payouts and differences. It knows books ("merchant"), parties (a
short code within a book) and references of 16 bytes, and nothing about what they stand for. Its
laws: a line is in one file or in none yet; a file is made once and never changes; a correction is
another line, in a later file; what is negative is carried over (or, in a book of both ways, paid by
the other side), never dropped; a difference is parked, and closed once, by two.
"""

from app.clearing.audit import verify
from app.clearing.comparing import Item, read_csv
from app.clearing.model import (
    CITY,
    RESOLUTIONS,
    Difference,
    File,
    Line,
    Payout,
    Shape,
    Statement,
    Sum,
    Totals,
)
from app.clearing.payouts import find as payout
from app.clearing.payouts import of_files as payouts_of
from app.clearing.rendering import shown
from app.clearing.service import (
    close,
    difference,
    differences,
    file,
    files,
    hold,
    month,
    pay,
    payouts_in,
    reconcile,
    release,
    resolve,
)
from app.clearing.store import (
    add,
    closed_until,
    content,
    lines_of,
    parties_waiting,
    references_in,
    written,
)

__all__ = [
    "CITY",
    "RESOLUTIONS",
    "Difference",
    "File",
    "Item",
    "Line",
    "Payout",
    "Shape",
    "Statement",
    "Sum",
    "Totals",
    "add",
    "close",
    "closed_until",
    "content",
    "difference",
    "differences",
    "file",
    "files",
    "hold",
    "lines_of",
    "month",
    "parties_waiting",
    "pay",
    "payout",
    "payouts_in",
    "payouts_of",
    "read_csv",
    "reconcile",
    "references_in",
    "release",
    "resolve",
    "shown",
    "verify",
    "written",
]
