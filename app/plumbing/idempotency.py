"""Idempotency-Key: the same request sent twice has one effect and one answer.

The key's row is inserted first, in the effect's own transaction, so a twin waits on it and then
replays. Answers 2xx, 404, 409 and 422 are kept for a day, sealed, since they may name somebody; the
others are decided anew. A refusal rolls its effect back and keeps only the answer.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from flask import Response, current_app, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from app.kernel import Conflict, Invalid, Malformed, Refusal, Refused
from app.plumbing import problems
from app.plumbing.db import Digest, Id, Rows, UtcDateTime, metadata, prepared, upsert
from app.plumbing.work import Actor, House, Work

table = sa.Table(
    "idempotency_key",
    metadata,
    sa.Column("caller", Id, primary_key=True),
    sa.Column("key", sa.String(255), primary_key=True),
    sa.Column("digest", Digest, nullable=False),
    sa.Column("status", sa.SmallInteger),
    sa.Column("answer", sa.LargeBinary),
    sa.Column("content_type", sa.String(80)),
    sa.Column("created_at", UtcDateTime, nullable=False, index=True),
)

_KEPT = {404, 409, 422}
_Claim = tuple[bytes, str, bytes]  # caller, key, digest
_LONGEST = 255


def once(here: House, actor: Actor, act: Callable[[Work], Any]) -> Response:
    """Run `act` once for this caller, key and body; replay its answer afterwards."""
    key, digest = named()
    try:
        with here.work(actor) as work:
            if not _claim(work, key, digest):
                return _replay(work, key, digest)
            answer = act(work)
            response = (
                problems.response(answer.refusal)
                if isinstance(answer, Refused)
                else current_app.make_response(answer)
            )
            _keep(work, key, response)
            return response
    except (Refusal, HTTPException) as error:
        response = problems.response(error)
        if response.status_code in _KEPT:
            with here.work(actor) as work:
                if _claim(work, key, digest):
                    _keep(work, key, response)
        return response
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) == "55P03":  # lock_not_available
            raise Conflict(
                "still_running", "The first request with this key is still running.", retry_after=1
            ) from error
        raise


def named() -> tuple[str, bytes]:
    """This request's key and the digest of all it says. Raises Malformed without a key."""
    return _key(), _digest()


def _key() -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not key or len(key) > _LONGEST or not key.isprintable():
        raise Malformed(
            "idempotency_key_required",
            "Send an Idempotency-Key header of 1 to 255 printable characters, new for each action.",
        )
    return key


def _digest() -> bytes:
    whole = sha256(f"{request.method} {request.full_path}\n".encode())
    whole.update(request.get_data(cache=True))
    return whole.digest()


def _claim(work: Work, key: str, digest: bytes) -> bool:
    """Insert the row, or take over one that has outlived its day. False: somebody was first."""
    values = {
        "caller": work.actor.id,
        "key": key,
        "digest": digest,
        "created_at": work.now,
        "stale": work.now - timedelta(hours=work.settings.idempotency_hours),
    }
    return work.db.execute(_first(work.db), values).first() is not None


@prepared
def _first(postgres: bool) -> Any:
    names = ("caller", "key", "digest", "created_at")
    insert = upsert(postgres, table).values({name: sa.bindparam(name) for name in names})
    return insert.on_conflict_do_update(
        index_elements=[table.c.caller, table.c.key],
        set_={
            "digest": insert.excluded.digest,
            "created_at": insert.excluded.created_at,
            "status": None,
            "answer": None,
        },
        where=table.c.created_at < sa.bindparam("stale", type_=UtcDateTime),
    ).returning(table.c.key)


_MINE = sa.and_(table.c.caller == sa.bindparam("who"), table.c.key == sa.bindparam("which"))
_READ = sa.select(table).where(_MINE)
_DROP = table.delete().where(_MINE)
_ANSWER = table.update().where(_MINE)


def _replay(work: Work, key: str, digest: bytes) -> Response:
    row = work.db.execute(_READ, {"who": work.actor.id, "which": key}).one()
    if row.digest != digest:
        raise Invalid(
            "idempotency_key_reused", "This key was used for another request; choose a new one."
        )
    said = _opened(work, row.answer)
    response = Response(said, status=row.status, content_type=row.content_type)
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _keep(work: Work, key: str, response: Response) -> None:
    mine = {"who": work.actor.id, "which": key}
    if response.status_code >= 300 and response.status_code not in _KEPT:
        work.db.execute(_DROP, mine)
        return
    answer = {
        "status": response.status_code,
        "answer": _sealed(work, response),
        "content_type": response.content_type,
    }
    work.db.execute(_ANSWER, mine | answer)


def _sealed(work: Work, response: Response) -> bytes:
    return work.keys.encrypt(response.get_data(as_text=True))


def _opened(work: Work, kept: bytes) -> bytes:
    """An answer as it was given; one that an older release kept is there as it was."""
    return kept if kept[:1] in (b"", b"{") else work.keys.decrypt(kept).encode()


_CLAIMS = Rows("ask", caller=Id, key=sa.String(255), digest=Digest)
_ANSWERS = Rows(
    "given",
    caller=Id,
    key=sa.String(255),
    status=sa.BigInteger,
    answer=sa.LargeBinary,
    content_type=sa.String(80),
)


def claim_many(work: Work, asks: Sequence[_Claim]) -> set[_Claim]:
    """Claim keys nobody has used yet, (caller, key, digest) each; gives those now claimed.

    Of two digests under one key only one is claimed.
    """
    asked = _CLAIMS.bind(work.db, sorted(asks)) | {"now": work.now}
    return {(row[0], row[1], row[2]) for row in work.db.execute(_first_of_many(work.db), asked)}


@prepared
def _first_of_many(postgres: bool) -> Any:
    asked = _CLAIMS.source(postgres)
    now = sa.bindparam("now", type_=UtcDateTime)
    insert = upsert(postgres, table).from_select(
        ["caller", "key", "digest", "created_at"],
        sa.select(asked.c.caller, asked.c.key, asked.c.digest, now).where(sa.true()),
    )
    return insert.on_conflict_do_nothing().returning(table.c.caller, table.c.key, table.c.digest)


def keep_many(work: Work, answers: Sequence[tuple[bytes, str, Response]]) -> None:
    """Keep the answers (caller, key, answer) of keys claimed in this work."""
    rows = [
        (caller, key, answer.status_code, _sealed(work, answer), answer.content_type)
        for caller, key, answer in answers
    ]
    work.db.execute(_many_answers(work.db), _ANSWERS.bind(work.db, rows))


@prepared
def _many_answers(postgres: bool) -> Any:
    given = _ANSWERS.source(postgres)
    names = ("status", "answer", "content_type")
    return (
        table.update()
        .values({name: given.c[name] for name in names})
        .where(table.c.caller == given.c.caller, table.c.key == given.c.key)
    )


def forget_all(work: Work, caller: bytes) -> None:
    """Delete a caller's keys and the answers kept under them."""
    work.db.execute(table.delete().where(table.c.caller == caller))


def forget(work: Work) -> int:
    """Delete keys that are older than their day. Job; safe to run twice."""
    stale = work.now - timedelta(hours=work.settings.idempotency_hours)
    return work.db.execute(table.delete().where(table.c.created_at < stale)).rowcount
