"""The ledger: the only place where points move.

Owns transfers, wallets by pocket and lot, holds and the book of the system accounts. Its laws:
every transfer takes from one account what it gives to another; none is ever edited or deleted;
no pocket goes below nothing; a correction is another transfer; wallets are locked in ascending
order before they change. It knows a resident as 16 opaque bytes and grams not at all.
"""

from app.ledger.audit import differences
from app.ledger.book import by_cause
from app.ledger.closing import totals
from app.ledger.copying import copy_of, told
from app.ledger.crossing import receive, take_out
from app.ledger.holding import give_back, hold, release, settle
from app.ledger.holds import open_holds
from app.ledger.jobs import JOBS
from app.ledger.model import (
    EXPIRED,
    ISSUANCE,
    PARTNER,
    REDEEMED,
    Change,
    Entry,
    HoldClosed,
    NotEnoughPoints,
    Purpose,
    Wallet,
    lot_day,
)
from app.ledger.service import (
    Wallets,
    adjust,
    book_due,
    close,
    lock,
    transfers_of,
    wallet,
)
from app.ledger.store import posted

__all__ = [
    "EXPIRED",
    "ISSUANCE",
    "JOBS",
    "PARTNER",
    "REDEEMED",
    "Change",
    "Entry",
    "HoldClosed",
    "NotEnoughPoints",
    "Purpose",
    "Wallet",
    "Wallets",
    "adjust",
    "book_due",
    "by_cause",
    "close",
    "copy_of",
    "differences",
    "give_back",
    "hold",
    "lock",
    "lot_day",
    "open_holds",
    "posted",
    "receive",
    "release",
    "settle",
    "take_out",
    "told",
    "totals",
    "transfers_of",
    "wallet",
]
