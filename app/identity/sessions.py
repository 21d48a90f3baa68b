"""Use cases of page sessions: who has signed in to the pages with a browser, and until when.

A session is found by a key of 256 random bits that only the browser's cookie holds; here stands
its SHA-256. It is no API token: it opens nothing under /v1 by itself, and cannot be renewed.
"""

import secrets
from datetime import timedelta

from app.identity import presence
from app.identity.clients import by_secret
from app.identity.model import PersonPort, Session, TokenRequest
from app.identity.signing_in import holder
from app.kernel import Forbidden, Refused, from_wire
from app.plumbing.keys import secret_digest
from app.plumbing.work import Work

_KEY_BYTES = 32
# However much a session is used, it ends then: a resident's own telephone is asked once a month; a
# till is shared by a shift, a desk by a working day, and nobody is to find either still open.
_LASTS = {
    "resident": timedelta(days=30),
    "merchant": timedelta(hours=12),
    "bank": timedelta(hours=8),
    "operator": timedelta(hours=8),
}


def enter_by_code(
    work: Work,
    persons: PersonPort,
    phone: str,
    code: str,
    accept: dict[str, str] | None = None,
    proof: str | None = None,
) -> tuple[str, Session] | Refused:
    """A resident's session by number and one-time code: its key, and what it is.

    `accept` names a version of each document, `proof` says who it is where the number has slept too
    long. A wrong code is returned, as the try must be counted. Raises what the token endpoint does.
    """
    asked = TokenRequest(phone=phone, code=code, accept=accept, proof=proof)
    found = holder(work, persons, asked)
    return found if isinstance(found, Refused) else _begin(work, "resident", found.id)


def enter_by_secret(work: Work, client_id: str, secret: str) -> tuple[str, Session]:
    """The session of a merchant's, a bank's or an operator's client, by its wire id and secret.

    Raises Unauthorized (invalid_client), Forbidden (wrong_scope) for clients that have no pages.
    """
    known = by_secret(work, client_id, secret)
    subject = from_wire("cli", known.subject)
    if known.scope not in _LASTS or subject is None:
        raise Forbidden("wrong_scope", f"There are no pages for clients of scope {known.scope}.")
    return _begin(work, known.scope, subject)


def enter(work: Work, scope: str, subject: bytes) -> tuple[str, Session]:
    """A session for anybody, asked for nothing: for the doors of the demo city and for tests.

    Raises RuntimeError in production.
    """
    if work.settings.production:
        raise RuntimeError("nobody enters production without a code or a secret")
    return _begin(work, scope, subject)


def _begin(work: Work, scope: str, subject: bytes) -> tuple[str, Session]:
    key, ends_at = secrets.token_urlsafe(_KEY_BYTES), work.now + _LASTS[scope]
    presence.add(work, secret_digest(key), scope, subject, ends_at)
    return key, presence.session(scope, subject, ends_at)


def session_of(work: Work, key: str) -> Session | None:
    """The session of a key; None: unknown, ended, over, its account closed, its client switched
    off. Writes nothing."""
    return presence.find(work, secret_digest(key))


def leave_session(work: Work, key: str) -> None:
    """End the session of a key. Again, or of none, nothing happens."""
    presence.end(work, secret_digest(key))
