"""Everything that attestations keep of a resident."""

from typing import Any

from app.attestations.tables import attestation
from app.kernel import to_wire
from app.plumbing.copying import Row, at, rows_of
from app.plumbing.work import Work


def copy_of(work: Work, resident: bytes) -> dict[str, Any]:
    """`attestations`: id, claims (the names of what was chosen; what it said is not kept, nor whom
    it was for), quarter, status_list and idx (where its status stands), issued_at, expires_at,
    ended_at, why (resident, correction, closing)."""
    return {"attestations": [_one(work, row) for row in rows_of(work, attestation, resident)]}


def _one(work: Work, row: Row) -> Row:
    return {
        "id": to_wire("att", row["id"]),
        "claims": row["claims"].split(","),
        "quarter": row["quarter"],
        "status_list": to_wire("stl", row["list_id"]),
        "idx": row["position"],
        "issued_at": at(work, row["issued_at"]),
        "expires_at": at(work, row["ends_at"]),
        "ended_at": at(work, row["ended_at"]),
        "why": row["why"],
    }
