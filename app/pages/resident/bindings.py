"""My cards, meters and accounts: who may report what I do."""

from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from app.kernel import NotFound
from app.pages import asking
from app.pages.resident import naming
from app.pages.resident.around import blp
from app.pages.screens import field, go, said, shown, tell


@blp.get("/bindings")
def bindings() -> Response:
    """Those that I have linked, ended ones too."""
    found = asking.get("/v1/me/bindings", cursor=request.args.get("cursor"))
    return shown("resident/bindings.html", found=found)


@blp.get("/bindings/new")
def bind() -> Response:
    """Link another; `?behaviour=` leaves the providers that report it."""
    return _form()


@blp.post("/bindings/new")
def bind_it() -> Response:
    """Link it, if the provider confirms that it is mine."""
    typed = {name: field(name) or "" for name in ("provider", "subject", "proof")}
    since = field("from")
    asked = typed | ({"from": since} if since else {})
    answer = asking.post("/v1/me/bindings", asked)
    if not answer.good:
        return _form(problem=answer.body, typed=typed | {"from": since})
    said(_("Linked. What it reports from now on earns points for you."))
    return go("pages.resident.bindings")


def _form(**context: Any) -> Response:
    wanted = request.args.get("behaviour")
    providers = [
        each
        for each in asking.get("/v1/providers")["items"]
        if not wanted or each["behaviours"] is None or wanted in each["behaviours"]
    ]
    return shown(
        "resident/bind.html",
        providers=providers,
        titles=naming.titles(),
        wanted=wanted,
        **{"typed": {}} | context,
    )


@blp.get("/bindings/<binding_id>/end")
def unbinding(binding_id: str) -> Response:
    """What will happen when it is ended."""
    return shown("resident/unbind.html", binding=_mine(binding_id))


@blp.post("/bindings/<binding_id>/end")
def unbind(binding_id: str) -> Response:
    """End it; today is its last day."""
    answer = asking.delete(f"/v1/me/bindings/{binding_id}")
    tell(answer, _("Ended. Today is the last day that counts."))
    return go("pages.resident.bindings")


def _mine(binding_id: str) -> Any:
    """One of my bindings. Raises NotFound."""
    cursor = None
    while True:
        found = asking.get("/v1/me/bindings", cursor=cursor, limit=200)
        for each in found["items"]:
            if each["id"] == binding_id:
                return each
        cursor = found["next_cursor"]
        if cursor is None:
            raise NotFound("unknown_binding", "You have no such binding.")
