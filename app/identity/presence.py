"""Page sessions: table and queries. Who is signed in to the pages, and until when."""

from datetime import datetime

import sqlalchemy as sa

from app.identity.model import Session
from app.identity.store import client, resident
from app.kernel import to_wire
from app.plumbing.db import Digest, Id, UtcDateTime, metadata
from app.plumbing.work import Work

page_session = sa.Table(
    "page_session",
    metadata,
    sa.Column("digest", Digest, primary_key=True),  # of the key, which the browser alone has
    sa.Column("scope", sa.String(10), nullable=False),
    sa.Column("subject", Id, nullable=False, index=True),  # a resident or a client
    sa.Column("began_at", UtcDateTime, nullable=False),
    sa.Column("ends_at", UtcDateTime, nullable=False, index=True),
    sa.CheckConstraint("scope IN ('resident','merchant','bank','operator')", name="scope_is_known"),
)
_C = page_session.c
# Asked for with every page: made once.
_FOUND = (
    sa.select(_C.scope, _C.subject, _C.ends_at)
    .outerjoin(resident, sa.and_(_C.scope == "resident", resident.c.id == _C.subject))
    .outerjoin(client, sa.and_(_C.scope == client.c.scope, client.c.id == _C.subject))
    .where(_C.digest == sa.bindparam("key_digest"), _C.ends_at > sa.bindparam("now"))
    .where(sa.or_(resident.c.status == "open", client.c.active.is_(True)))
)


def add(work: Work, digest: bytes, scope: str, subject: bytes, ends_at: datetime) -> None:
    """Begin a session."""
    work.db.execute(page_session.insert().values((digest, scope, subject, work.now, ends_at)))


def find(work: Work, digest: bytes) -> Session | None:
    """The session of a key, while it lasts and whoever it is of is there."""
    row = work.db.execute(_FOUND, {"key_digest": digest, "now": work.now}).first()
    return None if row is None else session(row.scope, row.subject, row.ends_at)


def session(scope: str, subject: bytes, ends_at: datetime) -> Session:
    """The value with the subject's id as the wire has it."""
    kind = "res" if scope == "resident" else "cli"
    return Session(scope, subject, to_wire(kind, subject), ends_at)


def end(work: Work, digest: bytes) -> None:
    """End one session."""
    _end(work, _C.digest == digest)


def end_all(work: Work, subject: bytes) -> None:
    """End every session of a resident or a client."""
    _end(work, _C.subject == subject)


def _end(work: Work, which: sa.ColumnElement[bool]) -> None:
    lasting = _C.ends_at > work.now
    work.db.execute(page_session.update().where(which, lasting).values(ends_at=work.now))


def forget(work: Work, ended_before: datetime, count: int) -> int:
    """Delete some sessions that ended before an instant; how many."""
    old = sa.select(_C.digest).where(_C.ends_at < ended_before).limit(count)
    return work.db.execute(page_session.delete().where(_C.digest.in_(old))).rowcount
