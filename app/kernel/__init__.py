"""The words every room speaks: clock, ids, quantities, refusals.

Owns nothing and keeps nothing. Standard library only; no I/O but the one clock.
What cannot happen here: a float, a naive instant, a rounding upward.
"""

from app.kernel.clock import Clock, FixedClock, SystemClock, add_months, local_day, local_midnight
from app.kernel.ids import IdRange, Ids, from_wire, to_wire
from app.kernel.quantities import (
    CENTI,
    MILLI,
    BadQuantity,
    fen,
    grams,
    measured,
    milli,
    points,
    unmeasured,
    yuan,
)
from app.kernel.refusals import (
    Conflict,
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    Refusal,
    Refused,
    TooMany,
    Unauthorized,
    Unavailable,
)

__all__ = [
    "CENTI",
    "MILLI",
    "BadQuantity",
    "Clock",
    "Conflict",
    "FixedClock",
    "Forbidden",
    "IdRange",
    "Ids",
    "Invalid",
    "Malformed",
    "NotFound",
    "Refusal",
    "Refused",
    "SystemClock",
    "TooMany",
    "Unauthorized",
    "Unavailable",
    "add_months",
    "fen",
    "from_wire",
    "grams",
    "local_day",
    "local_midnight",
    "measured",
    "milli",
    "points",
    "to_wire",
    "unmeasured",
    "yuan",
]
