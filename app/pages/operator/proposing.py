"""An officer proposes a change; another one decides."""

from typing import Any

from flask import Response, abort, request
from flask_babel import gettext as _

from app.pages.asking import get, post
from app.pages.labels import KINDS, label
from app.pages.operator import forms, naming, wording
from app.pages.operator.around import blp
from app.pages.screens import field, go, once, said, shown

_MOST = 200
_LISTS = {  # which input names a row of which list
    "alert_closing": ("alert", "/v1/alerts"),
    "difference_resolution": ("difference", "/v1/differences"),
    "payout_payment": ("payout", "/v1/payouts"),
}
_Options = dict[str, list[tuple[str, str]]]


@blp.get("/propose/<kind>")
def propose(kind: str) -> Response:
    """The form of a kind of change; what the address says is filled in and stays. That something
    was checked, only an officer says."""
    form = _form(kind)
    ticks = _ticks(form)
    typed = {name: text for name, text in request.args.items() if name not in ticks}
    return _drawn(kind, form, typed)


@blp.post("/propose/<kind>")
def send_proposal(kind: str) -> Response:
    """Propose it."""
    form = _form(kind)
    body = {
        "kind": kind,
        "payload": forms.payload(form, request.form),
        "reason": field("why") or "",
    }
    answer = post("/v1/approvals", body, key=once())
    if not answer.good:
        problem = forms.pointed(answer.body)
        return _drawn(kind, form, request.form.to_dict(), problem=problem)
    said(_("Proposed. It is done when another officer agrees."))
    return go("pages.operator.approval", approval_id=answer.body["id"])


def _form(kind: str) -> forms.Form:
    found = forms.FORMS.get(kind)
    if found is None:
        abort(404)
    return found


def _ticks(form: forms.Form) -> set[str]:
    return {each.name for each in form.inputs if each.shape == forms.TICK}


def _drawn(kind: str, form: forms.Form, typed: dict[str, str], **more: Any) -> Response:
    return shown(
        "operator/propose.html",
        kind=kind,
        form=form,
        typed=typed,
        fixed=set(request.values.getlist("fixed")) - _ticks(form),
        options=_options(form),
        remedies=request.values.getlist("remedies"),
        about=_about(kind, typed),
        **more,
    )


def _about(kind: str, typed: dict[str, str]) -> str:
    """What is proposed about, as its list tells it; never what the address says."""
    name, path = _LISTS.get(kind, ("", ""))
    if not typed.get(name):
        return ""
    book = typed.get("book") if path != "/v1/alerts" else None
    rows = get(path, limit=_MOST, book=book or None)["items"]
    found = next((each for each in rows if each["id"] == typed[name]), None)
    return "" if found is None else wording.row(kind, found)


def _options(form: forms.Form) -> _Options:
    """What can be chosen, for each shape of input that is a choice."""
    asked = {each.shape for each in form.inputs}
    found: _Options = {}
    if forms.REMEDIES in asked:
        codes = request.values.getlist("remedies") or [*KINDS["remedy"]]
        found[forms.REMEDIES] = [(code, label("remedy", code)) for code in codes]
    if forms.RESOLUTIONS in asked:
        codes = [*KINDS["resolution"]]
        found[forms.RESOLUTIONS] = [(code, label("resolution", code)) for code in codes]
    if asked & {forms.BENEFITS, forms.FUNDERS}:
        found[forms.BENEFITS] = [*naming.benefits().items()]
        found[forms.FUNDERS] = [*naming.funders().items()]
    return found
