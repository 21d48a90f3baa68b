"""A resident's say: consents, who looked, objections, proofs, the account itself."""

from app.pages.rights import (
    account,
    consents,
    disclosures,
    granting,
    leaving,
    me,
    objections,
    proofs,
)
from app.pages.rights.around import blp

blueprints = [blp]

__all__ = [
    "account",
    "blueprints",
    "consents",
    "disclosures",
    "granting",
    "leaving",
    "me",
    "objections",
    "proofs",
]
