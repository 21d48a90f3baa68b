"""Credit: what banks may ask for, and what their tables give for it.

Owns banks' seats, inquiries, outcomes and what banks are told. Its laws: nothing is answered but
to the bank, for the purpose and within the reads of a valid consent; every other question gets one
and the same neutral answer, and all are in the resident's log; no answer is worse than the offer
without carbon data; no trip, place or time leaves.
"""

from app.credit.copying import copy_of
from app.credit.counting import counts
from app.credit.jobs import JOBS
from app.credit.seats import bind, recipient
from app.credit.showing import inquiries_of, inquiry_of
from app.credit.store import forget
from app.credit.telling import flag, revoked

__all__ = [
    "JOBS",
    "bind",
    "copy_of",
    "counts",
    "flag",
    "forget",
    "inquiries_of",
    "inquiry_of",
    "recipient",
    "revoked",
]
