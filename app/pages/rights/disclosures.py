"""Who looked at my data, and what banks asked about me."""

from typing import Any

from flask import Response, request, url_for

from app.pages.asking import get
from app.pages.rights.around import blp
from app.pages.screens import shown

# What a look was about, by the first letters of its id: where that is seen.
_WAYS = {
    "act": ("pages.resident.act", "act_id"),
    "vch": ("pages.spending.voucher", "voucher_id"),
    "xch": ("pages.spending.exchanged", "exchange_id"),
    "inq": ("pages.rights.inquiry", "inquiry_id"),
    "obj": ("pages.rights.objection", "objection_id"),
}


@blp.get("/disclosures")
def disclosures() -> Response:
    """Who looked, when, at what, why; who was refused, too."""
    found = get("/v1/me/disclosures", cursor=request.args.get("cursor"))
    rows = [each | {"way": _way(each)} for each in found["items"]]
    return shown("rights/disclosures.html", rows=rows, cursor=found["next_cursor"])


def _way(row: dict[str, Any]) -> str | None:
    about: Any = row["about"] or ""
    endpoint, name = _WAYS.get(about.partition("_")[0], ("", ""))
    return url_for(endpoint, **{name: about}) if endpoint else None


@blp.get("/inquiries")
def inquiries() -> Response:
    """What banks asked about me, the newest first."""
    found = get("/v1/me/inquiries", cursor=request.args.get("cursor"))
    return shown("rights/inquiries.html", rows=found["items"], cursor=found["next_cursor"])


@blp.get("/inquiries/<inquiry_id>")
def inquiry(inquiry_id: str) -> Response:
    """One of them: what was offered, what the bank was told, what it changed."""
    return shown("rights/inquiry.html", inquiry=get(f"/v1/me/inquiries/{inquiry_id}"))
