"""Merchants: who honours benefits, at which stores, and through which credentials.

Owns merchants with their sealed particulars, stores, and the terminals that may act for them. Its
laws: a merchant goes live only when two operators have checked it; a credential belongs to one
merchant and, unless it is the office's, to one store; nobody acts for a merchant that is not live.
It knows no benefit, no voucher and no resident.
"""

from app.merchants.changes import APPROVALS
from app.merchants.model import Merchant, NewStore, Seat, Store
from app.merchants.service import (
    by_code,
    everyone,
    find_store,
    found,
    live,
    only_store,
    seat,
    store_of,
    stores,
)
from app.merchants.terminals import bind

__all__ = [
    "APPROVALS",
    "Merchant",
    "NewStore",
    "Seat",
    "Store",
    "bind",
    "by_code",
    "everyone",
    "find_store",
    "found",
    "live",
    "only_store",
    "seat",
    "store_of",
    "stores",
]
