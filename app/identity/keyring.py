"""Public keys of clients, and the assertions that were used: tables and queries."""

from datetime import datetime

import sqlalchemy as sa

from app.identity.model import ClientKey
from app.plumbing.db import Id, UtcDateTime, metadata, upsert
from app.plumbing.work import Work

client_key = sa.Table(
    "client_key",
    metadata,
    sa.Column("client_id", Id, primary_key=True),
    sa.Column("kid", sa.String(100), primary_key=True),
    sa.Column("jwk", sa.Text, nullable=False),
    sa.Column("added_at", UtcDateTime, nullable=False),
)
# Each assertion is good once, until it would have ended anyway.
assertion_seen = sa.Table(
    "assertion_seen",
    metadata,
    sa.Column("client_id", Id, primary_key=True),
    sa.Column("digest", Id, primary_key=True),
    sa.Column("expires_at", UtcDateTime, nullable=False, index=True),
)


def keys(work: Work, client_id: bytes) -> list[ClientKey]:
    """The public keys of a client, oldest first."""
    mine = sa.select(client_key.c.kid, client_key.c.jwk).where(client_key.c.client_id == client_id)
    ordered = mine.order_by(client_key.c.added_at, client_key.c.kid)
    return [ClientKey(*row) for row in work.db.execute(ordered)]


def add_key(work: Work, client_id: bytes, new: ClientKey) -> bool:
    """One more key of a client; False when it has one of this id."""
    insert = upsert(work.db, client_key).values((client_id, new.kid, new.jwk, work.now))
    kept = insert.on_conflict_do_nothing().returning(client_key.c.kid)
    return work.db.execute(kept).first() is not None


def remove_key(work: Work, client_id: bytes, kid: str) -> bool:
    """Take a key away; False when there is none of this id."""
    mine = (client_key.c.client_id == client_id, client_key.c.kid == kid)
    return bool(work.db.execute(client_key.delete().where(*mine)).rowcount)


def use(work: Work, client_id: bytes, digest: bytes, expires_at: datetime) -> bool:
    """Use an assertion up; False when it was used before."""
    insert = upsert(work.db, assertion_seen).values((client_id, digest, expires_at))
    kept = insert.on_conflict_do_nothing().returning(assertion_seen.c.digest)
    return work.db.execute(kept).first() is not None


def forget(work: Work) -> int:
    """Forget assertions whose time is over; how many."""
    over = assertion_seen.c.expires_at < work.now
    return work.db.execute(assertion_seen.delete().where(over)).rowcount
