"""Activities: evidence of acts comes in, is scored, and is paid into the ledger.

Owns reports, their scores and history, the tallies, and the register of claimed acts and things.
Its laws: a report is never edited; a score is a pure function of a resident's live reports, of
what others hold and of the rulebook; what an act was paid is what its row says, in one
transaction with the transfer; the same act is paid once, whoever reports it and in any order.
"""

from typing import Any

from app.activities.audit import differences
from app.activities.claimed import Claim, Claimed, ClaimSum, Payer
from app.activities.claims import (
    claim,
    claim_sums,
    earned,
    find_claim,
    payers,
    set_payer,
    withdraw,
)
from app.activities.copying import copy_of
from app.activities.counting import FORMER, Window, counts, sources
from app.activities.disputes import contested
from app.activities.disputes import every_open as open_disputes
from app.activities.disputing import dispute, end_dispute, undo
from app.activities.jobs import JOBS
from app.activities.model import Provider, UnknownActivity
from app.activities.queries import quality, total_mg
from app.activities.registers import edition_id
from app.activities.registry import PACK, SOLD, RegistryPort, Sight
from app.activities.rescoring import rescore
from app.activities.restatements import Restated, any_restated, forget_restated, restated
from app.activities.retiring import leave
from app.activities.service import record, reverse
from app.activities.timely import count_with_acts, first_month, with_acts
from app.activities.verifying import Verified, verified, verified_again
from app.activities.working import rules_at
from app.activities.working import working as explained
from app.settings import Settings


def default_ports(settings: Settings) -> dict[str, Any]:
    """`registry`: the pack's own list of what has been sold or registered as projects."""
    del settings
    return {"registry": PACK}


__all__ = [
    "FORMER",
    "JOBS",
    "PACK",
    "SOLD",
    "Claim",
    "ClaimSum",
    "Claimed",
    "Payer",
    "Provider",
    "RegistryPort",
    "Restated",
    "Sight",
    "UnknownActivity",
    "Verified",
    "Window",
    "any_restated",
    "claim",
    "claim_sums",
    "contested",
    "copy_of",
    "count_with_acts",
    "counts",
    "default_ports",
    "differences",
    "dispute",
    "earned",
    "edition_id",
    "end_dispute",
    "explained",
    "find_claim",
    "first_month",
    "forget_restated",
    "leave",
    "open_disputes",
    "payers",
    "quality",
    "record",
    "rescore",
    "restated",
    "reverse",
    "rules_at",
    "set_payer",
    "sources",
    "total_mg",
    "undo",
    "verified",
    "verified_again",
    "with_acts",
    "withdraw",
]
