"""Everything that the ledger keeps of a resident."""

import sys
from typing import Any

from app.kernel import points, to_wire
from app.ledger import service, tables
from app.ledger.model import Wallet
from app.plumbing.copying import at, rows_of
from app.plumbing.paging import Page
from app.plumbing.work import Work

_ALL = Page(limit=sys.maxsize >> 1, after=None, since=None, until=None)


def told(wallet: Wallet) -> dict[str, Any]:
    """A wallet in points: `available`, `pending`, `held`, `debt`, `lots` with the last day each."""
    return {
        **{
            name: points(getattr(wallet, name)) for name in ("available", "pending", "held", "debt")
        },
        "lots": [{"expires_on": day.isoformat(), "points": points(n)} for day, n in wallet.lots],
    }


def copy_of(work: Work, resident: bytes) -> dict[str, Any]:
    """`balance` as `told`. `entries`, newest first: id, at, code, pocket, amount, available_after
    (what could be spent then), cause (what it was for, by its id). `holds`: points kept apart:
    id, for, points, open (still held), status, opened_at, lapses_at."""
    entries, _ = service.entries(work, resident, _ALL)
    return {
        "balance": told(service.wallet(work, resident)),
        "entries": [
            {
                "id": to_wire("trf", entry.id),
                "at": at(work, entry.at),
                "code": entry.code,
                "pocket": entry.pocket,
                "amount": points(entry.amount),
                "available_after": points(entry.available_after),
                "cause": entry.cause,
            }
            for entry in entries
        ],
        "holds": [
            {
                "id": to_wire("hld", row["id"]),
                "for": to_wire(row["kind"], row["id"]) if row["kind"] else None,
                "points": points(row["amount"]),
                "open": points(row["open"]),
                "status": row["state"],
                "opened_at": at(work, row["opened_at"]),
                "lapses_at": at(work, row["lapses_at"]),
            }
            for row in rows_of(work, tables.hold, resident)
        ],
    }
