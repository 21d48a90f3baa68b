"""`/v1/transparency`, the two lists, everything about me, and closing one's account."""

from typing import Any

from flask import Response, jsonify, request

from app import identity, ledger
from app.kernel import Refused
from app.plumbing import Blueprint, Work, cacheable, house, operation, takes_seldom
from app.reports import city, closing, cockpit, exporting, lists, readable, service
from app.reports.schemas.closing import ClosingOut, ClosingQuery
from app.reports.schemas.cockpit import CityOut, CityQuery, CockpitOut
from app.reports.schemas.export import ExportOut, ExportQuery, ExportStepUpIn
from app.reports.schemas.figures import TransparencyOut
from app.reports.schemas.lists import ListsOut

blp = Blueprint("reports", __name__, description="Figures of the city; closing an account")
takes_seldom("reports.export_me", "60 per hour")
blueprints = [blp]
_EITHER = {
    "application/json": {"schema": ExportOut},
    "text/html": {"schema": {"type": "string"}},
}


@blp.get("/v1/transparency")
@operation(None)
@blp.response(200, TransparencyOut)
def get_transparency(work: Work) -> Response:
    """What the city has issued, what became of it, and the carbon behind it."""
    found = service.transparency(work)
    answer = jsonify(
        cockpit.points_of(found)
        | {
            "tonnes": city.tonnes(found.reduction_mg),
            "residents": found.residents,
            "cover": cockpit.cover_of(found),
            "suppressed": ["residents"] if found.residents is None else [],
            "generated_at": found.generated_at.astimezone(work.rules.pack.zone).isoformat(),
        }
    )
    answer.cache_control.public = True
    answer.cache_control.max_age = work.settings.transparency_seconds
    return answer


@blp.get("/v1/reports/city")
@operation("operator")
@blp.arguments(CityQuery, location="query")
@blp.response(200, CityOut)
def get_city(work: Work, query: dict[str, str | None]) -> dict[str, Any]:
    """A month by category, behaviour and day, as it was counted in the night."""
    identity.acting_client(work)
    return city.report(work, query["month"])


@blp.get("/v1/reports/cockpit")
@operation("operator")
@blp.response(200, CockpitOut)
def get_cockpit(work: Work) -> dict[str, Any]:
    """The city at a glance: points, people, sources, partners, loans, and what waits."""
    identity.acting_client(work)
    return cockpit.cockpit(work)


@blp.delete("/v1/me")
@operation("resident", writes=True)
@blp.arguments(ClosingQuery, location="query")
@blp.response(200, ClosingOut)
def close_me(work: Work, query: dict[str, bool]) -> dict[str, Any]:
    """Close my account. Without `confirm=true` it only lists what would be lost."""
    found = closing.close(work, work.actor.id, confirmed=query["confirm"])
    lost = found.lost._asdict()
    return {
        "closed": found.closed,
        "lost": ledger.told(lost.pop("wallet")) | lost,
        "erased": found.erased,
        "erased_zh": found.erased_zh,
        "frozen": [each._asdict() for each in found.frozen],
    }


@blp.get("/v1/privacy/lists")
@operation(None)
@blp.response(200, ListsOut)
def get_lists(work: Work) -> Response:
    """What is collected of residents, and who is told what, as it is configured now."""
    return cacheable(lists.lists(work), work.settings.transparency_seconds)


def _step_up(work: Work) -> Refused | None:
    """Count a wrong code, before the one snapshot that the document is."""
    name = "X-Step-Up-Code"
    told = {name: request.headers[name]} if name in request.headers else {}
    if ExportStepUpIn().validate(told):
        return None  # the view refuses what is no code at all
    proof = house().ports["step_up"](work, work.actor.id, told.get(name))
    return proof if isinstance(proof, Refused) else None


@blp.get("/v1/me/export")
@operation("resident", first=_step_up)
@blp.arguments(ExportStepUpIn, location="headers")
@blp.arguments(ExportQuery, location="query")
@blp.response(200, ExportOut)
@blp.doc(responses={"200": {"description": "OK", "content": _EITHER}})
def export_me(work: Work, _proof: dict[str, Any], query: dict[str, str]) -> Response:
    """Everything about me, free and as often as I like: JSON, or a page to read (`format=html`).

    Looking at one's own data is no disclosure, and is not in one's log.
    """
    found = exporting.export(work, house().signing_keys, work.actor.id)
    as_page = query["format"] == "html"
    body = Response(readable.page(found), mimetype="text/html") if as_page else jsonify(found)
    name = f"weitan-{found['made_at'][:10]}.{query['format']}"
    body.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    body.cache_control.no_store = True
    return body
