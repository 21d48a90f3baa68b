"""Agreeing: the whole notice first, then the narrowest choice that one likes; or never again."""

from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from app.pages.asking import get, post
from app.pages.rights import stepping
from app.pages.rights.around import blp
from app.pages.screens import field, go, said, shown, tell, whole


@blp.get("/consents/new")
def notice() -> Response:
    """All that has to be known before one agrees, and what may be chosen."""
    told = _notice(request.args.get("purpose"), request.args.get("recipient"))
    chosen = {
        "fields": told["fields"],
        "until": told["until"],
        "times": told["default_times"],
        "application": None,
    }
    return shown("rights/notice.html", notice=told, chosen=chosen)


def _notice(purpose: str | None, recipient: str | None) -> Any:
    asked = {"purpose": purpose or "", "recipient": recipient or ""}
    return get("/v1/me/consents/notice", **asked)


@blp.post("/consents/new")
def agree() -> Response:
    """Agree to what was chosen."""
    told = _notice(field("purpose"), field("recipient"))
    chosen = _chosen(told)
    if stepping.again():
        return shown("rights/notice.html", notice=told, chosen=chosen, **stepping.sent())
    answer = post("/v1/me/consents", _wanted(chosen))
    if answer.good:
        said(_("Turned on. You can turn it off at any time."))
        return go("pages.rights.consent", consent_id=answer.body["id"])
    return shown("rights/notice.html", notice=told, chosen=chosen, **stepping.told(answer))


def _chosen(told: dict[str, Any]) -> dict[str, Any]:
    """What was ticked and typed; what the purpose is about belongs to it in any case."""
    ticked = request.form.getlist("fields")
    fixed = [each for each in told["fields"] if each not in told["choosable"]]
    return {
        "purpose": field("purpose"),
        "recipient": field("recipient"),
        "version": field("version"),
        "fields": [*dict.fromkeys([*ticked, *fixed])],
        "until": field("until"),
        "times": field("times"),
        "application": field("application"),
    }


def _wanted(chosen: dict[str, Any]) -> dict[str, Any]:
    """As the API is asked; what was left empty is left out."""
    code = stepping.given()
    wanted = {
        "purpose": chosen["purpose"],
        "recipient": chosen["recipient"],
        "fields": chosen["fields"],
        "until": chosen["until"],
        "times": whole(chosen["times"]),
        "application_reference": chosen["application"],
        "notice": {"version": chosen["version"] or ""},
        "step_up": {"code": code} if code else None,
        "channel": "page",
    }
    return {name: value for name, value in wanted.items() if value is not None}


@blp.post("/consents/refusals")
def refuse() -> Response:
    """Not to be asked for this for a while."""
    asked = {"purpose": field("purpose"), "recipient": field("recipient")}
    answer = post("/v1/me/consents/refusals", asked)
    tell(answer, _("You will not be asked for this for a while. You can still turn it on here."))
    return go("pages.rights.consents")
