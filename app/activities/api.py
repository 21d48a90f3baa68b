"""Acts over HTTP: providers send them, residents look at them, anybody reads the rules."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import orjson
from flask import Response, request

from app import identity
from app.activities import catalogue, queries, service
from app.activities.model import Provider, Result, UnknownActivity
from app.activities.schemas import (
    ActivitiesOut,
    ActivitiesQuery,
    BatchIn,
    BehaviourDetailOut,
    BehavioursOut,
    QualityOut,
    QualityQuery,
    ReductionsOut,
    ReductionsQuery,
    ReportedOut,
    ResultsOut,
    ReversalsIn,
    RulebookOut,
    UndoneListOut,
    WorkingOut,
    batch_items,
)
from app.activities.working import working
from app.kernel import Forbidden, NotFound, Unauthorized, from_wire, points
from app.plumbing import (
    Actor,
    Blueprint,
    House,
    Page,
    Work,
    cacheable,
    cursor,
    house,
    idempotency,
    operation,
    takes_large,
)
from app.plumbing.observing import ACTS
from app.plumbing.together import Ask, Together

blp = Blueprint("activities", __name__, description="Queries 1 and 2: acts and reductions")
providers = Blueprint("intake", __name__, description="Acts from providers")
public = Blueprint("catalogue", __name__, description="What earns, how much, and on which source")
blueprints = [providers, blp, public]
takes_large("intake.record", "activities_bytes")
_CATALOGUE_SECONDS = 300
_SMALL_BYTES = 1 << 16


def _provider(work: Work, client_id: bytes) -> Provider:
    """The client that calls. Raises Unauthorized or Forbidden when it may no longer."""
    try:
        found = identity.client(work, client_id)
    except NotFound as unknown:
        raise Unauthorized("invalid_token", "The access token names nobody.") from unknown
    if not found.active:
        raise Forbidden("client_inactive", "This client has been switched off.")
    return Provider(found.id, found.wire, found.behaviours, found.name)


def _small_batch() -> Any:
    """The items of a request small enough to share a transaction; None for any other."""
    if (request.content_length or _SMALL_BYTES + 1) > _SMALL_BYTES:
        return None
    return batch_items(request.get_json())


def _record_together(here: House, asks: Sequence[Ask]) -> list[Response | None]:
    """Several providers' small batches in one transaction; None for a key seen before."""
    answers: list[Response | None] = [None] * len(asks)
    with here.work(Actor("intake")) as work:
        providers_ = {id_: _provider(work, id_) for id_ in {ask.actor.id for ask in asks}}
        claimed = idempotency.claim_many(work, [(a.actor.id, a.key, a.digest) for a in asks])
        mine = []
        for n, ask in enumerate(asks):
            claim = (ask.actor.id, ask.key, ask.digest)
            if claim in claimed:
                claimed.remove(claim)
                mine.append(n)
        lists = [(providers_[asks[n].actor.id], asks[n].body) for n in mine]

        def keep(found: list[list[Result]]) -> Callable[[], None]:
            kept = []
            for n, results in zip(mine, found, strict=True):
                answers[n] = answer = _answer(work, results)
                kept.append((asks[n].actor.id, asks[n].key, answer))
            return partial(idempotency.keep_many, work, kept)

        service.record_all(work, lists, keep, here.ports["registry"])
    return answers


def _answer(work: Work, results: Sequence[Result]) -> Response:
    answer = queries.results_wire(work, results)
    for status, count in answer["counts"].items():
        if count:
            ACTS.labels(status).inc(count)
    return Response(orjson.dumps(answer), content_type="application/json")


@providers.post("/v1/activities")
@operation("provider", once=True, together=Together(_small_batch, _record_together))
@providers.arguments(BatchIn)
@providers.response(200, ResultsOut)
def record(work: Work, body: dict[str, Any]) -> Any:
    """Send acts, up to 1,000; the whole list in one transaction, one bad item fails no other."""
    provider = _provider(work, work.actor.id)
    registry = house().ports["registry"]
    return _answer(work, service.record(work, provider, body["activities"], registry))


@providers.post("/v1/activities/reversals")
@operation("provider", once=True)
@providers.arguments(ReversalsIn)
@providers.response(200, UndoneListOut)
def reverse(work: Work, body: dict[str, Any]) -> dict[str, Any]:
    """Undo acts by reference; what was paid is taken back, what is spent becomes a debt."""
    asked = [(each["reference"], each["reason"]) for each in body["reversals"]]
    undone = service.reverse(work, _provider(work, work.actor.id), asked)
    return {"results": [each._asdict() | {"debt": points(each.debt)} for each in undone]}


@providers.get("/v1/provider/activities/<path:reference>")
@operation("provider", writes=True)  # the resident sees who looked
@providers.response(200, ReportedOut)
def get_reported(work: Work, reference: str) -> dict[str, Any]:
    """What became of one of my reports."""
    return queries.reported(work, _provider(work, work.actor.id), reference)


@providers.get("/v1/provider/quality")
@operation("provider")
@providers.arguments(QualityQuery, location="query")
@providers.response(200, QualityOut)
def get_quality(work: Work, query: dict[str, int]) -> dict[str, Any]:
    """How good my data was: statuses and reasons over the last days."""
    return queries.quality(work, _provider(work, work.actor.id).id, query["days"])


@blp.get("/v1/me/activities")
@operation("resident")
@blp.arguments(ActivitiesQuery, location="query")
@blp.response(200, ActivitiesOut)
def get_activities(work: Work, query: tuple[Page, str | None]) -> dict[str, Any]:
    """What I did, the newest day first."""
    identity.require_active(work, work.actor.id)
    items, after = queries.activities(work, work.actor.id, *query)
    return {"items": items, "next_cursor": cursor(after) if after else None}


@blp.get("/v1/me/activities/<activity_id>")
@operation("resident")
@blp.response(200, WorkingOut)
def get_working(work: Work, activity_id: str) -> dict[str, Any]:
    """How one act came to its points: rule, values, sources, caps, history, transfers."""
    identity.require_active(work, work.actor.id)
    raw = from_wire("act", activity_id)
    if raw is None:
        raise UnknownActivity
    return working(work, work.actor.id, raw)


@blp.get("/v1/me/reductions")
@operation("resident")
@blp.arguments(ReductionsQuery, location="query")
@blp.response(200, ReductionsOut)
def get_reductions(work: Work, query: dict[str, Any]) -> dict[str, Any]:
    """What my acts saved, by behaviour, category, dimension, day or month."""
    identity.require_active(work, work.actor.id)
    return queries.reductions(work, work.actor.id, query["by"], query["since"], query["until"])


@public.get("/v1/behaviours")
@operation(None)
@public.response(200, BehavioursOut)
@public.alt_response(304, description="Not changed")
def get_behaviours(work: Work) -> Response:
    """Every behaviour that earns, with what a typical act is worth today."""
    return cacheable(catalogue.behaviours(work.rules, work.today), _CATALOGUE_SECONDS)


@public.get("/v1/behaviours/<code>")
@operation(None)
@public.response(200, BehaviourDetailOut)
@public.alt_response(304, description="Not changed")
def get_behaviour(work: Work, code: str) -> Response:
    """One behaviour: its method in words, every dated value with its source, its caps."""
    return cacheable(catalogue.behaviour(work.rules, work.today, code), _CATALOGUE_SECONDS)


@public.get("/v1/rulebook")
@operation(None)
@public.response(200, RulebookOut)
@public.alt_response(304, description="Not changed")
def get_rulebook(work: Work) -> Response:
    """Which rules are in force, and which of their numbers are unverified."""
    return cacheable(catalogue.rulebook(work.rules, work.today), _CATALOGUE_SECONDS)
