"""Everything that redemption keeps of a resident."""

from collections import defaultdict
from typing import Any

from app.kernel import points, to_wire, yuan
from app.plumbing.copying import Row, at, rows_of
from app.plumbing.work import Work
from app.redemption import pool, tables


def copy_of(work: Work, resident: bytes) -> dict[str, Any]:
    """`vouchers`: id, benefit, status, points, cash, cost (what its funder pays for it), funder,
    instants and days, licence (the code, where it is one), redemption (merchant, store, day, way,
    status, what was returned), history (each step, refused ones too) and codes (when each was
    made, shown and used; the code itself is kept as a digest and forgotten after 90 days).
    `account_codes`: the same of the codes that stand for all vouchers."""
    steps, codes, given = _by_voucher(work, resident)
    return {
        "vouchers": [
            _voucher(work, row)
            | {
                "redemption": given.get(row["id"]),
                "history": steps[row["id"]],
                "codes": codes[row["id"]],
            }
            for row in rows_of(work, tables.voucher, resident)
        ],
        "account_codes": codes[None],
    }


def _by_voucher(
    work: Work, resident: bytes
) -> tuple[dict[Any, list[Row]], dict[Any, list[Row]], dict[Any, Row]]:
    steps, codes = defaultdict(list), defaultdict(list)
    for row in rows_of(work, tables.voucher_event, resident):
        steps[row["voucher_id"]].append(_step(work, row))
    for row in rows_of(work, tables.voucher_code, resident):
        codes[row["voucher_id"]].append(_code(work, row))
    given = rows_of(work, tables.redemption, resident)
    return steps, codes, {row["voucher_id"]: _redemption(work, row) for row in given}


def _voucher(work: Work, row: Row) -> Row:
    return {
        "id": to_wire("vch", row["id"]),
        "benefit": row["benefit"],
        "status": row["state"],
        "before_freeze": row["prior"],
        "points": points(row["price"]),
        "cash": yuan(row["cash"]),
        "cost": yuan(row["cost"]),
        "funder": row["funder"],
        "issued_at": at(work, row["issued_at"]),
        "expires_on": row["expires_on"].isoformat(),
        "changed_at": at(work, row["changed_at"]),
        "licence": pool.of_voucher(work, row["id"]),
    }


def _step(work: Work, row: Row) -> Row:
    return {
        "at": at(work, row["at"]),
        "from": row["was"],
        "to": row["became"],
        "refused": row["refused"],
        "by": row["by_kind"],
        "note": row["note"],
    }


def _code(work: Work, row: Row) -> Row:
    instants = ("made_at", "expires_at", "dead_at", "used_at")
    return {"kind": row["kind"], "merchant": row["merchant"]} | {
        name: at(work, row[name]) for name in instants
    }


def _redemption(work: Work, row: Row) -> Row:
    return {
        "id": to_wire("rdm", row["id"]),
        "merchant": row["merchant"],
        "store": to_wire("sto", row["store_id"]) if row["store_id"] else None,
        "day": row["day"].isoformat(),
        "at": at(work, row["at"]),
        "way": row["way"],
        "status": row["state"],
        "points_returned": points(row["returned"]),
        "ended_at": at(work, row["ended_at"]),
    }
