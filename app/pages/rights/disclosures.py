"""Who looked at my data, and what banks asked about me."""

from flask import Response, request

from app.pages.asking import get
from app.pages.rights.around import blp
from app.pages.screens import place_of, shown


@blp.get("/disclosures")
def disclosures() -> Response:
    """Who looked, when, at what, why; who was refused, too."""
    found = get("/v1/me/disclosures", cursor=request.args.get("cursor"))
    rows = [each | {"way": place_of(each["about"])} for each in found["items"]]
    return shown("rights/disclosures.html", rows=rows, cursor=found["next_cursor"])


@blp.get("/inquiries")
def inquiries() -> Response:
    """What banks asked about me, the newest first."""
    found = get("/v1/me/inquiries", cursor=request.args.get("cursor"))
    return shown("rights/inquiries.html", rows=found["items"], cursor=found["next_cursor"])


@blp.get("/inquiries/<inquiry_id>")
def inquiry(inquiry_id: str) -> Response:
    """One of them: what was offered, what the bank was told, what it changed."""
    return shown("rights/inquiry.html", inquiry=get(f"/v1/me/inquiries/{inquiry_id}"))
