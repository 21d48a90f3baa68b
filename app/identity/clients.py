"""Use cases of clients: the programs of providers, partners, banks, merchants and operators."""

import hmac
import secrets
from collections.abc import Iterable

from app.identity import presence, store
from app.identity.model import KINDS, SCOPES, Client, Grant, invalid_client
from app.kernel import Forbidden, Invalid, NotFound, from_wire, to_wire
from app.plumbing.keys import secret_digest
from app.plumbing.work import Work

_SECRET_BYTES = 32
_LONGEST_NAME = 100


def create_client(
    work: Work,
    scope: str,
    name: str,
    kind: str = "other",
    behaviours: Iterable[str] | None = None,
) -> tuple[str, str]:
    """Register a client: its wire id and its secret, which is never shown again.

    `behaviours` limits what a provider may report; None is no limit. Raises Invalid.
    """
    secret = secrets.token_hex(_SECRET_BYTES)  # no dash in front: secrets are typed in commands
    return register_client(work, scope, name, secret_digest(secret), kind, behaviours).wire, secret


def register_client(
    work: Work,
    scope: str,
    name: str,
    digest: bytes,
    kind: str = "other",
    behaviours: Iterable[str] | None = None,
) -> Client:
    """Register a client that made its secret itself; `digest` is the secret's SHA-256.

    Raises Invalid as `create_client`, and bad_secret for the digest of no secret at all.
    """
    allowed = None if behaviours is None else frozenset(behaviours)
    _check(work, scope, name, kind, allowed)
    if digest == secret_digest(""):
        raise Invalid("bad_secret", "That is the digest of nothing: make a secret first.")
    raw = work.new_id()
    found = Client(raw, to_wire("cli", raw), scope, name, kind, allowed, active=True)
    store.add_client(work, found, digest)
    return found


def switch_off(work: Work, client_id: bytes) -> None:
    """End a client: it gets no more tokens, and its page sessions end. Again, or for nobody,
    nothing happens."""
    store.switch_off(work, client_id)
    presence.end_all(work, client_id)


def _check(work: Work, scope: str, name: str, kind: str, behaviours: frozenset[str] | None) -> None:
    if scope not in SCOPES:
        raise Invalid("unknown_scope", f"A client's scope is one of {', '.join(SCOPES)}.")
    if kind not in KINDS:
        raise Invalid("unknown_kind", f"A client's kind is one of {', '.join(KINDS)}.")
    if not name.strip() or len(name) > _LONGEST_NAME:
        raise Invalid("bad_name", f"A client's name has 1 to {_LONGEST_NAME} characters.")
    if behaviours is None:
        return
    if scope != "provider":
        raise Invalid("bad_behaviours", "Only providers report behaviours.")
    unknown = sorted(behaviours - work.rules.behaviours.keys())
    if unknown or not behaviours:
        raise Invalid("unknown_behaviour", f"Not in the rulebook: {', '.join(unknown) or 'none'}.")


def client(work: Work, client_id: bytes) -> Client:
    """The client behind a raw id, active or not. Raises NotFound (unknown_client)."""
    found = store.find_client(work, client_id)
    if found is None:
        raise NotFound("unknown_client", "There is no such client.")
    return found[0]


def acting_client(work: Work) -> Client:
    """The client that acts, whose token may outlive it. Raises Forbidden (client_inactive)."""
    found = store.find_client(work, work.actor.id)
    if found is None or not found[0].active:
        raise Forbidden("client_inactive", "This client has been switched off.")
    return found[0]


def clients(work: Work) -> list[Client]:
    """Every client, active or not, oldest first."""
    return store.clients(work)


def providers(work: Work) -> list[Client]:
    """Every provider that may report, oldest first."""
    c = store.client.c
    return store.clients(work, c.scope == "provider", c.active)


def find_client(work: Work, wire: str) -> Client | None:
    """The client behind a wire id (`cli_…`), active or not."""
    raw = from_wire("cli", wire)
    found = store.find_client(work, raw) if raw else None
    return found[0] if found else None


def by_secret(work: Work, wire: str | None, secret: str | None) -> Grant:
    """A grant for the client with this id and secret. Raises Unauthorized (invalid_client)."""
    raw = from_wire("cli", wire or "")
    found = store.find_client(work, raw) if raw else None
    good = found is not None and hmac.compare_digest(found[1], secret_digest(secret or ""))
    if found is None or not good or not found[0].active:
        raise invalid_client("Send the client's id and secret with HTTP Basic.")
    return Grant(found[0].scope, found[0].wire)
