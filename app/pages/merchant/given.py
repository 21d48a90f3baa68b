"""What was given here: today's, earlier ones, one of them; undoing and giving points back."""

from flask import Response, request
from flask_babel import gettext as _

from app.pages.asking import Answer, get, post
from app.pages.merchant.around import blp, seen
from app.pages.screens import field, go, once, said, shown, tell
from app.pages.showing import today


@blp.get("/redemptions")
def redemptions() -> Response:
    """Today's, or all, the newest first, with what is in the till from them."""
    span = {} if request.args.get("all") else {"from": str(today()), "to": str(today())}
    found = get("/v1/redemptions", cursor=request.args.get("cursor"), limit=30, **span)
    totals = get("/v1/redemptions/totals", **span) if span else None
    return shown("merchant/redemptions.html", found=found, totals=totals, all=not span)


@blp.get("/redemptions/<wire:redemption_id>")
def redemption(redemption_id: str) -> Response:
    """One; right after it was redeemed, as the one big answer."""
    found = seen(f"/v1/redemptions/{redemption_id}")
    fresh = bool(request.args.get("fresh")) and found["status"] == "redeemed"
    return shown(
        "merchant/redemption.html", found=found, fresh=fresh, store=request.args.get("store")
    )


@blp.get("/redemptions/<wire:redemption_id>/undo")
def undoing(redemption_id: str) -> Response:
    """What undoing will do."""
    return shown("merchant/undo.html", found=seen(f"/v1/redemptions/{redemption_id}"))


@blp.post("/redemptions/<wire:redemption_id>/undo")
def undo(redemption_id: str) -> Response:
    """Undo on the same day."""
    answer = post(f"/v1/redemptions/{redemption_id}/void", {}, key=once())
    tell(answer, _("Undone. The customer has the points back."))
    return go("pages.merchant.redemption", redemption_id=redemption_id)


@blp.get("/redemptions/<wire:redemption_id>/refund")
def refunding(redemption_id: str) -> Response:
    """How many points to give back."""
    return _refund(redemption_id)


def _refund(redemption_id: str, answer: Answer | None = None) -> Response:
    found = seen(f"/v1/redemptions/{redemption_id}")
    problem = answer.body if answer else None
    return shown("merchant/refund.html", found=found, problem=problem, points=field("points"))


@blp.post("/redemptions/<wire:redemption_id>/refund")
def refund(redemption_id: str) -> Response:
    """Give points back, all or a part."""
    body = {"points": field("points")}
    answer = post(f"/v1/redemptions/{redemption_id}/refund", body, key=once())
    if not answer.good:
        return _refund(redemption_id, answer)
    said(_("Refunded. The customer has the points back."))
    return go("pages.merchant.redemption", redemption_id=redemption_id)
