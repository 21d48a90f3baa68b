"""The edge of a request: who calls, in which `Work`, and once or again.

    @blp.post("/v1/activities")
    @operation("provider", once=True)
    @blp.arguments(Batch)
    @blp.response(200, Results)
    def post_activities(work, body): ...

`operation` authenticates, opens the Work, keeps idempotent answers beside their effect, commits
what a returned `Refused` must leave behind, and rolls back what a raised refusal must not.
"""

from collections.abc import Callable
from copy import deepcopy
from functools import wraps
from typing import Any

from flask import Response, current_app, g, request

from app.kernel import Forbidden, Refused, Unauthorized, from_wire
from app.plumbing import idempotency, problems, tokens
from app.plumbing.together import Together
from app.plumbing.work import Actor, House, Work, house

View = Callable[..., Any]
_PREFIX = {"resident": "res"}


def operation(
    scope: str | None,
    *,
    once: bool = False,
    writes: bool = False,
    together: Together | None = None,
    first: Callable[[Work], Refused | None] | None = None,
) -> Callable[[View], View]:
    """Guard a view. `scope` None means public; `once` asks for an Idempotency-Key; a GET looks.

    `together` is where a small request may share a transaction with others of its kind. `first` is
    done and committed before, and may refuse: whoever held two connections would wait for others.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Response:
            here = house()
            actor = authenticate(here, scope)
            g.actor = actor
            shared = together.attempt(here, actor) if together else None
            if shared is not None:
                return shared
            refused = _done_first(here, actor, first) if first else None
            if refused is not None:
                return refused
            if once:
                return idempotency.once(here, actor, lambda work: view(work, *args, **kwargs))
            opened = here.work if writes else here.look
            with opened(actor) as work:
                answer = view(work, *args, **kwargs)
                return answered(answer)

        wrapper._apidoc = deepcopy(getattr(view, "_apidoc", {}))  # type: ignore[attr-defined]
        manual = wrapper._apidoc.setdefault("manual_doc", {})  # type: ignore[attr-defined]
        manual["x-scope"] = scope or "public"
        manual["x-once"] = once
        return wrapper

    return decorate


def _done_first(
    here: House, actor: Actor, first: Callable[[Work], Refused | None]
) -> Response | None:
    with here.work(actor) as work:
        refused = first(work)
    return None if refused is None else answered(refused)


def answered(answer: Any) -> Response:
    """A view's answer as a response; a `Refused` becomes its problem document."""
    if isinstance(answer, Refused):
        return problems.response(answer.refusal)
    return current_app.make_response(answer)


def authenticate(here: House, scope: str | None) -> Actor:
    """The caller. Raises `Unauthorized` without a good token, `Forbidden` with the wrong scope."""
    if scope is None:
        return Actor("public")
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise Unauthorized("token_required", "Send Authorization: Bearer <access token>.")
    claims = tokens.verify(here.signing_keys, here.clock.now(), token.strip())
    if claims["scope"] != scope:
        raise Forbidden(
            "wrong_scope", f"This needs a token of scope {scope}; yours is {claims['scope']}."
        )
    raw = from_wire(_PREFIX.get(scope, "cli"), claims["sub"])
    if raw is None:
        raise Unauthorized("invalid_token", "The access token names nobody.")
    return Actor(scope, raw, claims["sub"], claims)
