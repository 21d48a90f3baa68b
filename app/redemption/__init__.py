"""Redemption: points become benefits.

Owns vouchers with their codes, the register of redemptions, stock and budgets, licence pools and
alerts. Its laws: a voucher moves only by a way that is on the list; its points are held while it
is open, paid when it is redeemed, and go back to their lots when it comes to nothing; a code is
burnt at its first presentation; a limit is taken in the transaction that needs it, last; whatever
a merchant is owed is a line of the day's file; nothing moves from one resident to another; a
merchant learns nothing about a resident.
"""

from app.redemption.alerts import open_by_kind as open_alerts
from app.redemption.approving import APPROVALS
from app.redemption.audit import differences
from app.redemption.books import BOOK
from app.redemption.copying import copy_of
from app.redemption.counting import counts
from app.redemption.cover import Cover, cover
from app.redemption.issuing import cancel_all
from app.redemption.jobs import JOBS
from app.redemption.pool import add as add_licences
from app.redemption.showing import benefits

BOOKS = (BOOK,)

__all__ = [
    "APPROVALS",
    "BOOKS",
    "JOBS",
    "Cover",
    "add_licences",
    "benefits",
    "cancel_all",
    "copy_of",
    "counts",
    "cover",
    "differences",
    "open_alerts",
]
