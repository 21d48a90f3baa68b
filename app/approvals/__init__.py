"""Approvals: changes that take two operators, a maker and a checker.

Owns what was proposed, by whom, what it would change, and what was decided. Its laws: the checker
is not the maker; what is decided stays decided; a change is made in the transaction that approves
it, or not at all; what was said is kept sealed. It knows no kind of change: rooms above bring
theirs, and the composition root hands them in (`ports["approvals"]`, by name).
"""

from app.approvals.model import (
    Approval,
    ApprovalView,
    Change,
    Kind,
    bad_payload,
    payload_text,
)
from app.approvals.service import approve, listed, look, propose, reject, waiting, withdraw

__all__ = [
    "Approval",
    "ApprovalView",
    "Change",
    "Kind",
    "approve",
    "bad_payload",
    "listed",
    "look",
    "payload_text",
    "propose",
    "reject",
    "waiting",
    "withdraw",
]
