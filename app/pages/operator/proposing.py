"""An officer proposes a change; another one decides."""

from typing import Any

from flask import Response, abort, request
from flask_babel import gettext as _

from app.pages.asking import post
from app.pages.labels import KINDS, label
from app.pages.operator import forms, naming
from app.pages.operator.around import blp
from app.pages.screens import field, go, once, said, shown

_Options = dict[str, list[tuple[str, str]]]


@blp.get("/propose/<kind>")
def propose(kind: str) -> Response:
    """The form of a kind of change; what the address says is filled in and stays."""
    return _drawn(kind, _form(kind), request.args.to_dict())


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


def _drawn(kind: str, form: forms.Form, typed: dict[str, str], **more: Any) -> Response:
    return shown(
        "operator/propose.html",
        kind=kind,
        form=form,
        typed=typed,
        fixed=set(request.values.getlist("fixed")),
        options=_options(form),
        remedies=request.values.getlist("remedies"),
        **more,
    )


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
