"""Everything that recognition keeps of a resident."""

from typing import Any

from app.kernel import grams, points, to_wire
from app.plumbing.copying import Row, at, rows_of
from app.plumbing.work import Work
from app.recognition import arithmetic, tables


def copy_of(work: Work, resident: bytes) -> dict[str, Any]:
    """`links`: id, partner, account (the partner's own id of it; null once it was forgotten),
    status, from, until, consent (version, digest), matched_by, instants, ended_by, totals (what the
    partner told of whole months: behaviour, month, acts, reduction_g).

    `exchanges`: id, link, partner, direction, status, points, units, rate, day, instants, reference
    (the partner's), reason, expires_on.
    """
    return {
        "links": [_link(work, row) for row in rows_of(work, tables.link, resident)],
        "exchanges": [_exchange(work, row) for row in rows_of(work, tables.exchange, resident)],
    }


def _link(work: Work, row: Row) -> Row:
    return {
        "id": to_wire("lnk", row["id"]),
        "partner": row["partner"],
        "account": work.keys.decrypt(row["account_sealed"]) if row["account_sealed"] else None,
        "status": row["state"],
        "from": row["from_day"].isoformat(),
        "until": row["until_day"].isoformat(),
        "consent": {"version": row["consent_version"], "digest": row["consent_digest"].hex()},
        "matched_by": row["matched_by"],
        "opened_at": at(work, row["opened_at"]),
        "ended_at": at(work, row["ended_at"]),
        "ended_by": row["ended_by"],
        "totals": [
            {
                "behaviour": each["behaviour"],
                "month": each["month"],
                "acts": each["acts"],
                "reduction_g": grams(each["reduction_mg"]),
                "reported_at": at(work, each["reported_at"]),
            }
            for each in rows_of(work, tables.partner_total, row["id"], "link_id")
        ],
    }


def _exchange(work: Work, row: Row) -> Row:
    return {
        "id": to_wire("xch", row["id"]),
        "link": to_wire("lnk", row["link_id"]),
        "partner": row["partner"],
        "direction": row["direction"],
        "status": row["state"],
        "points": points(row["points"]),
        "units": arithmetic.units_text(row["units"], row["places"]),
        "rate": f"{row['rate_numerator']}/{row['rate_denominator']}",
        "rate_since": row["rate_since"].isoformat(),
        "rulebook": row["rulebook"],
        "day": row["day"].isoformat(),
        "asked_at": at(work, row["asked_at"]),
        "expires_at": at(work, row["expires_at"]),
        "decided_at": at(work, row["decided_at"]),
        "corrected_at": at(work, row["corrected_at"]),
        "reference": row["theirs"],
        "reason": row["reason"],
        "expires_on": None if row["lot_day"] is None else row["lot_day"].isoformat(),
    }
