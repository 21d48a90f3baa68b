"""Values of attestations: what one may say, how one stands, what is refused. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from app.kernel import Conflict, NotFound, to_wire

CLAIMS = ("grade", "quarter", "factor_band", "scorecard")
TYPE = "urn:weitan:carbon-grade:1"
# Digests in a credential: more than there are claims, so that nobody can count the chosen.
DIGESTS = 6
MOST_ACTIVE = 20
LIST_SIZE = 1 << 17

State = Literal["active", "revoked", "expired"]
Why = Literal["resident", "correction", "closing"]


class Basis(NamedTuple):
    """What a grade says that a credential may tell; no more of it than this enters here."""

    grade: str
    quarter: str
    factor_band: str | None
    scorecard: str


@dataclass(frozen=True, slots=True)
class Attestation:
    """What is kept of a credential: neither the credential nor whom it is for.

    `list_id` and `position` say where its status stands; `quarter` and `version` are those of the
    grade, `basis` is a keyed hash of what it says of it; `ended_at` and `why` say when it was
    revoked, and for what.
    """

    resident_id: bytes
    id: bytes
    list_id: bytes
    position: int
    claims: str
    quarter: str
    version: int
    basis: bytes
    issued_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    why: Why | None

    @property
    def wire(self) -> str:
        return to_wire("att", self.id)

    @property
    def names(self) -> tuple[str, ...]:
        """The claims that were chosen."""
        return tuple(self.claims.split(","))

    def state(self, now: datetime) -> State:
        """How it stands."""
        if self.ended_at is not None:
            return "revoked"
        return "active" if now < self.ends_at else "expired"


def chosen(basis: Basis, names: Collection[str]) -> dict[str, Any]:
    """What a credential of these claims says."""
    return {name: said for name, said in basis._asdict().items() if name in names and said}


def no_grade() -> Conflict:
    """There is nothing that a credential could say."""
    return Conflict(
        "no_grade",
        "There is no grade of the last closed quarter to attest; GET /v1/me/grade says when the"
        " next one comes.",
    )


def unknown_attestation() -> NotFound:
    """Not there, or not the caller's."""
    return NotFound("unknown_attestation", "You have no such attestation.")
