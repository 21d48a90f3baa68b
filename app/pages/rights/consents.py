"""My consents: each purpose of each recipient by itself, on or off; one of them; ending it."""

from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from app.pages.asking import delete, get
from app.pages.rights.around import MANY, blp, code_of
from app.pages.screens import go, refused, said, shown

_LIVING = ("active", "suspended", "exhausted")
_List = list[dict[str, Any]]


@blp.get("/consents")
def consents() -> Response:
    """Every purpose and recipient that there is, and below what has ended."""
    cursor = request.args.get("cursor")
    found = get("/v1/me/consents", limit=MANY, cursor=cursor)
    living = [each for each in found["items"] if each["state"] in _LIVING]
    lists = get("/v1/privacy/lists")["shared"]
    return shown(
        "rights/consents.html",
        recipients=[] if cursor else _switches(lists["purposes"], living),
        ended=[each for each in found["items"] if each["state"] not in _LIVING],
        cursor=found["next_cursor"],
    )


def _switches(purposes: _List, living: _List) -> _List:
    """By recipient: its purposes, each with the consents that are in force for both."""
    found: dict[str, dict[str, Any]] = {}
    for purpose in purposes:
        for whom in purpose["recipients"]:
            row = {"purpose": purpose, "consents": _of(living, purpose["purpose"], whom["key"])}
            place = found.setdefault(whom["key"], {"recipient": whom, "rows": []})
            place["rows"].append(row)
    return list(found.values())


def _of(living: _List, purpose: str, key: str) -> _List:
    return [each for each in living if (each["purpose"], each["recipient"]["id"]) == (purpose, key)]


@blp.get("/consents/<consent_id>")
def consent(consent_id: str) -> Response:
    """One consent: how it stands, what the bank scans, the notice as it was shown."""
    found = get(f"/v1/me/consents/{consent_id}")
    code = code_of(found["id"]) if found["state"] == "active" else None
    return shown("rights/consent.html", consent=found, code=code)


@blp.post("/consents/<consent_id>/end")
def end_consent(consent_id: str) -> Response:
    """End it at once, and say who is told."""
    answer = delete(f"/v1/me/consents/{consent_id}")
    if answer.good:
        who = ", ".join(each["legal_name"] for each in answer.body["told"])
        said(_("Turned off at once. %(who)s is told that it may not ask any more.", who=who))
    else:
        refused(answer)
    return go("pages.rights.consents")
