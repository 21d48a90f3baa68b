"""Merchants, what they offer, and single vouchers that must rest."""

from flask import Response, abort, request
from flask_babel import gettext as _

from app.pages.asking import get, post
from app.pages.operator.around import blp
from app.pages.screens import field, go, once, said, shown


@blp.get("/merchants")
def merchants() -> Response:
    """Every merchant, the newest first."""
    found = get("/v1/merchants", cursor=request.args.get("cursor"))
    return shown("operator/merchants.html", found=found)


@blp.get("/merchants/<code>")
def merchant(code: str) -> Response:
    """One merchant, its stores, and what can be proposed about it."""
    return shown("operator/merchant.html", found=get(f"/v1/merchants/{code}"))


@blp.get("/benefits")
def benefits() -> Response:
    """What is on offer, with what is left of it."""
    return shown("operator/benefits.html", found=get("/v1/benefits"))


@blp.get("/benefits/<benefit_id>/licences")
def ask_licences(benefit_id: str) -> Response:
    """More codes for a benefit that gives one away each time."""
    return shown("operator/licences.html", found=get(f"/v1/benefits/{benefit_id}"))


@blp.post("/benefits/<benefit_id>/licences")
def add_licences(benefit_id: str) -> Response:
    """Put codes into the pool, one a line."""
    typed = request.form.get("codes", "")
    codes = [line.strip() for line in typed.splitlines() if line.strip()]
    path = f"/v1/benefits/{benefit_id}"
    answer = post(f"{path}/licences", {"codes": codes}, key=once())
    if not answer.good:
        return shown("operator/licences.html", found=get(path), typed=typed, problem=answer.body)
    said(_("%(n)s codes added, %(m)s free now.", n=answer.body["added"], m=answer.body["free"]))
    return go("pages.operator.benefits")


@blp.get("/vouchers")
def vouchers() -> Response:
    """Which voucher is to be stopped, or to go on?"""
    return shown("operator/vouchers.html", typed=request.args.to_dict())


@blp.post("/vouchers")
def hold_voucher() -> Response:
    """Stop a voucher, or let it go on; its owner sees the note."""
    step = request.form.get("step", "")
    if step not in ("freeze", "thaw"):
        abort(404)
    resident, voucher = field("resident") or "res_", field("voucher") or "vch_"
    path = f"/v1/residents/{resident}/vouchers/{voucher}/{step}"
    answer = post(path, {"note": field("note") or ""}, key=once())
    if not answer.good:
        typed = request.form.to_dict()
        return shown("operator/vouchers.html", typed=typed, problem=answer.body)
    said(_("The voucher is stopped.") if step == "freeze" else _("The voucher can go on."))
    return go("pages.operator.vouchers")
