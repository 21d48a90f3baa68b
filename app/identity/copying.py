"""Everything that identity keeps of a resident."""

from typing import Any

from app.identity import presence, store
from app.kernel import Ids, to_wire
from app.plumbing.copying import at, rows_of
from app.plumbing.work import Work


def copy_of(work: Work, resident: bytes) -> dict[str, Any]:
    """`profile`: id, status, level, phone (all of it), birth_year, district, the instants of
    opening and closing, the two freezes. `documents`: document, version, hash, accepted_at.
    `sign_ins`: at, ended_at, while they can be renewed; the tokens are kept as digests only.
    `page_sessions`: began_at and ends_at, earliest first; their keys are kept as digests only.

    Of a closed account the number, the person, birth year and district are null: they are erased.
    """
    found = rows_of(work, store.resident, resident, "id")
    sessions = rows_of(work, presence.page_session, resident, "subject")
    return {
        "profile": _profile(work, found[0]) if found else None,
        "documents": [
            {
                "document": row["document"],
                "version": row["version"],
                "hash": row["hash"].hex() if row["hash"] else None,
                "accepted_at": at(work, row["accepted_at"]),
            }
            for row in rows_of(work, store.acceptance, resident)
        ],
        "sign_ins": [
            {"at": at(work, Ids.instant(row["id"])), "ended_at": at(work, row["ended_at"])}
            for row in rows_of(work, store.sign_in, resident)
        ],
        "page_sessions": [
            {name: at(work, row[name]) for name in ("began_at", "ends_at")}
            for row in sorted(sessions, key=lambda row: row["began_at"])
        ],
    }


def _profile(work: Work, row: dict[str, Any]) -> dict[str, Any]:
    sealed = row["phone_sealed"]
    return {
        "id": to_wire("res", row["id"]),
        "phone": None if sealed is None else work.keys.decrypt(sealed),
        "phone_proven_at": at(work, row["phone_seen_at"]),
        "opened_at": at(work, row["opened_at"]),
        "closed_at": at(work, row["closed_at"]),
    } | {
        name: row[name]
        for name in (
            "status", "level", "birth_year", "district", "earning_frozen", "spending_frozen"
        )
    }  # fmt: skip
