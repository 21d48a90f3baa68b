"""`/v1/transparency`, and closing one's account."""

from typing import Any

from flask import Response, jsonify

from app.kernel import points, yuan
from app.plumbing import Blueprint, Work, operation
from app.reports import service
from app.reports.schemas import ClosingOut, ClosingQuery, TransparencyOut

blp = Blueprint("reports", __name__, description="Figures of the city; closing an account")
blueprints = [blp]
_TONNE = 1_000_000_000  # milligrams


@blp.get("/v1/transparency")
@operation(None)
@blp.response(200, TransparencyOut)
def get_transparency(work: Work) -> Response:
    """What the city has issued, what became of it, and the carbon behind it."""
    found = service.transparency(work)
    tonnes, rest = divmod(found.reduction_mg, _TONNE)
    answer = jsonify(
        {
            "issued": points(found.issued),
            "spent": points(found.spent),
            "expired": points(found.expired),
            "recognised": {"in": points(found.received), "out": points(found.sent)},
            "outstanding": points(found.outstanding),
            "tonnes": f"{tonnes}.{rest // 1000:06d}",
            "residents": found.residents,
            "cover": {
                "ratio": None if found.cover.ratio is None else yuan(found.cover.ratio),
                "outstanding_cost": yuan(found.cover.cost),
                "budget_left": yuan(found.cover.left),
            },
            "suppressed": ["residents"] if found.residents is None else [],
            "generated_at": found.generated_at.astimezone(work.rules.pack.zone).isoformat(),
        }
    )
    answer.cache_control.public = True
    answer.cache_control.max_age = work.settings.transparency_seconds
    return answer


@blp.delete("/v1/me")
@operation("resident", writes=True)
@blp.arguments(ClosingQuery, location="query")
@blp.response(200, ClosingOut)
def close_me(work: Work, query: dict[str, bool]) -> dict[str, Any]:
    """Close my account. Without `confirm=true` it only lists what would be lost."""
    found = service.close(work, work.actor.id, confirmed=query["confirm"])
    wallet = found.wallet
    return {
        "closed": found.closed,
        "lost": {
            "available": points(wallet.available),
            "pending": points(wallet.pending),
            "held": points(wallet.held),
            "debt": points(wallet.debt),
            "lots": [
                {"expires_on": lot.expires_on, "points": points(lot.amount)} for lot in wallet.lots
            ],
        },
        "erased": found.erased,
        "frozen": [each._asdict() for each in found.frozen],
    }
