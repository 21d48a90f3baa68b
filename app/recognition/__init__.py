"""Recognition: links to partner platforms, what they have paid, and value that moves between.

Owns links with the consent behind each, partners' seats, statements that were used, totals,
exchanges and positions. Its laws: a link is one resident's and one account's; whose an account is
the partner says, blinded and signed, and a statement works once; what is refused is refused with
the same words, whatever was wrong; a partner learns its own account and never who it is here.
Value moves once, by the partner's one call that confirms; nobody gets more than the exact fraction,
nobody loses a whole unit; quotas and a partner's limit stop an exchange before anything is posted.
"""

from app.recognition.approving import APPROVALS
from app.recognition.audit import differences
from app.recognition.books import BOOK
from app.recognition.copying import copy_of
from app.recognition.jobs import JOBS
from app.recognition.linking import end_all
from app.recognition.seats import bind
from app.recognition.showing import positions
from app.recognition.statements import default_ports

BOOKS = (BOOK,)

__all__ = [
    "APPROVALS",
    "BOOKS",
    "JOBS",
    "bind",
    "copy_of",
    "default_ports",
    "differences",
    "end_all",
    "positions",
]
