"""Tables and queries of identity. Rows in, values out; the only SQL of this room.

Nothing personal stands here in clear but the optional birth year and district: numbers are sealed
and found by keyed hash, codes and persons are keyed hashes, secrets and tokens plain digests.
"""

from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.identity.model import Client, Code, Resident, SignIn
from app.kernel import to_wire
from app.plumbing.db import Digest, Id, UtcDateTime, metadata, upsert
from app.plumbing.work import Work

KeyedHash = sa.LargeBinary(16)

resident = sa.Table(
    "resident",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("status", sa.String(10), nullable=False),
    sa.Column("level", sa.String(10), nullable=False),
    sa.Column("person_key", KeyedHash),
    sa.Column("phone_key", KeyedHash),
    sa.Column("phone_sealed", sa.LargeBinary),
    sa.Column("phone_seen_at", UtcDateTime),
    sa.Column("birth_year", sa.SmallInteger),
    sa.Column("district", sa.String(40)),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.Column("closed_at", UtcDateTime, index=True),
    sa.Column("earning_frozen", sa.Boolean(create_constraint=False), nullable=False),
    sa.Column("spending_frozen", sa.Boolean(create_constraint=False), nullable=False),
    sa.UniqueConstraint("person_key"),
    sa.UniqueConstraint("phone_key"),
    sa.CheckConstraint("status IN ('open','closed')", name="status_is_known"),
    sa.CheckConstraint("level IN ('phone','real_name')", name="level_is_known"),
    sa.CheckConstraint(
        "status = 'open' OR COALESCE(person_key, phone_key) IS NULL", name="closed_is_erased"
    ),
    sa.CheckConstraint("(phone_key IS NULL) = (phone_sealed IS NULL)", name="phone_is_sealed"),
)
acceptance = sa.Table(
    "acceptance",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("document", sa.String(10), primary_key=True),
    sa.Column("version", sa.String(40), primary_key=True),
    # Empty only for a version that is not published here, which production refuses.
    sa.Column("hash", Digest),
    sa.Column("accepted_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("document IN ('agreement','notice')", name="document_is_known"),
)
otp_code = sa.Table(
    "otp_code",
    metadata,
    sa.Column("phone_key", KeyedHash, primary_key=True),
    sa.Column("code_hash", KeyedHash, nullable=False),
    sa.Column("attempts", sa.SmallInteger, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False, index=True),
)
otp_window = sa.Table(
    "otp_window",
    metadata,
    sa.Column("key", KeyedHash, primary_key=True),
    sa.Column("began_at", UtcDateTime, nullable=False, index=True),
    sa.Column("sent", sa.Integer, nullable=False),
)
sign_in = sa.Table(
    "sign_in",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("resident_id", Id, nullable=False, index=True),
    sa.Column("ended_at", UtcDateTime, index=True),
)
refresh_token = sa.Table(
    "refresh_token",
    metadata,
    sa.Column("digest", Digest, primary_key=True),
    sa.Column("sign_in_id", Id, nullable=False, index=True),
    sa.Column("expires_at", UtcDateTime, nullable=False, index=True),
    sa.Column("used_at", UtcDateTime),
)
client = sa.Table(
    "client",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("scope", sa.String(10), nullable=False),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("kind", sa.String(12), nullable=False),
    # Codes with commas between; empty for no restriction.
    sa.Column("behaviours", sa.Text),
    sa.Column("secret_digest", Digest, nullable=False),
    sa.Column("active", sa.Boolean(create_constraint=False), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.CheckConstraint(
        "scope IN ('provider','merchant','partner','bank','operator')", name="scope_is_known"
    ),
    sa.CheckConstraint(
        "kind IN ('government','utility','bank','clearing','other')", name="kind_is_known"
    ),
)

_RESIDENT = [resident.c[field.name] for field in fields(Resident)]


def find_resident(work: Work, resident_id: bytes, *, lock: bool = False) -> Resident | None:
    """One resident, open or closed; `lock` holds the row until the work ends."""
    statement = sa.select(*_RESIDENT).where(resident.c.id == resident_id)
    row = work.db.execute(statement.with_for_update() if lock else statement).first()
    return None if row is None else Resident(*row)


def lock_holders(
    work: Work, phone_key: bytes, person_key: bytes, own_id: bytes = b""
) -> list[Resident]:
    """Whoever has this number, is this person or has this id, locked in the order of ids."""
    whose = resident.c
    either = (whose.phone_key == phone_key, whose.person_key == person_key, whose.id == own_id)
    statement = sa.select(*_RESIDENT).where(sa.or_(*either)).order_by(whose.id)
    return [Resident(*row) for row in work.db.execute(statement.with_for_update())]


def add_resident(work: Work, **columns: Any) -> bytes | None:
    """Open an account; None when a twin has just opened one for this number or person."""
    free = {"earning_frozen": False, "spending_frozen": False}
    insert = upsert(work.db, resident).values(
        id=work.new_id(), status="open", opened_at=work.now, **free, **columns
    )
    row = work.db.execute(insert.on_conflict_do_nothing().returning(resident.c.id)).first()
    return None if row is None else bytes(row.id)


def change_resident(work: Work, resident_id: bytes, **columns: Any) -> None:
    """Set columns of one resident."""
    work.db.execute(resident.update().where(resident.c.id == resident_id).values(**columns))


def take_person(work: Work, resident_id: bytes, level: str, person_key: bytes) -> bool:
    """Say who a resident is; False when a twin has just said so of another account."""
    try:
        with work.db.begin_nested():
            change_resident(work, resident_id, level=level, person_key=person_key)
    except sa.exc.IntegrityError:
        return False
    return True


def count_residents(work: Work) -> int:
    """Open accounts."""
    return work.db.scalar(sa.select(sa.func.count()).where(resident.c.status == "open")) or 0


def add_acceptance(
    work: Work, resident_id: bytes, document: str, version: str, digest: bytes | None
) -> None:
    """Keep that a version of a document was accepted; the first acceptance stands."""
    insert = upsert(work.db, acceptance).values((resident_id, document, version, digest, work.now))
    work.db.execute(insert.on_conflict_do_nothing())


# One-time codes.


def put_code(work: Work, phone_key: bytes, code_hash: bytes, expires_at: datetime) -> None:
    """The number's newest code; an older one dies."""
    insert = upsert(work.db, otp_code).values((phone_key, code_hash, 0, expires_at))
    newer = {name: insert.excluded[name] for name in ("code_hash", "attempts", "expires_at")}
    work.db.execute(insert.on_conflict_do_update(index_elements=["phone_key"], set_=newer))


def lock_code(work: Work, phone_key: bytes) -> Code | None:
    """The number's code, locked: two tries at once are counted one after the other."""
    columns = (otp_code.c.code_hash, otp_code.c.attempts, otp_code.c.expires_at)
    statement = sa.select(*columns).where(otp_code.c.phone_key == phone_key).with_for_update()
    row = work.db.execute(statement).first()
    return None if row is None else Code(*row)


def count_attempt(work: Work, phone_key: bytes) -> None:
    """One more wrong try at the number's code."""
    one_more = otp_code.update().values(attempts=otp_code.c.attempts + 1)
    work.db.execute(one_more.where(otp_code.c.phone_key == phone_key))


def drop_code(work: Work, phone_key: bytes) -> None:
    """The number's code is used, or nobody's any more."""
    work.db.execute(otp_code.delete().where(otp_code.c.phone_key == phone_key))


def count_sent(work: Work, key: bytes, seconds: int) -> tuple[int, datetime]:
    """Count one more in this window of `seconds` (begun by its first); how many, and since when."""
    insert = upsert(work.db, otp_window).values(key=key, began_at=work.now, sent=1)
    over = otp_window.c.began_at <= work.now - timedelta(seconds=seconds)
    statement = insert.on_conflict_do_update(
        index_elements=[otp_window.c.key],
        set_={
            "sent": sa.case((over, 1), else_=otp_window.c.sent + 1),
            "began_at": sa.case((over, insert.excluded.began_at), else_=otp_window.c.began_at),
        },
    ).returning(otp_window.c.sent, otp_window.c.began_at)
    sent, began_at = work.db.execute(statement).one()
    return sent, began_at


# Sign-ins and their refresh tokens.


def add_sign_in(work: Work, resident_id: bytes) -> bytes:
    """Begin a family of refresh tokens; its id."""
    new = work.new_id()
    work.db.execute(sign_in.insert().values((new, resident_id, None)))
    return new


def add_token(work: Work, sign_in_id: bytes, digest: bytes, expires_at: datetime) -> None:
    """The family's newest token."""
    work.db.execute(refresh_token.insert().values((digest, sign_in_id, expires_at, None)))


def lock_sign_in(work: Work, digest: bytes) -> SignIn | None:
    """The sign-in of a token and that token, both locked, as they stand behind the locks."""
    token = refresh_token.c
    asked = (sign_in.c.id, sign_in.c.resident_id, sign_in.c.ended_at.is_not(None))
    statement = (
        sa.select(*asked, token.used_at.is_not(None), token.expires_at)
        .join(refresh_token, token.sign_in_id == sign_in.c.id)
        .where(token.digest == digest)
        .with_for_update(of=[sign_in, refresh_token])
    )
    row = work.db.execute(statement).first()
    return None if row is None else SignIn(*row)


def use_token(work: Work, digest: bytes) -> None:
    """Mark a token as rotated."""
    used = refresh_token.update().values(used_at=work.now)
    work.db.execute(used.where(refresh_token.c.digest == digest))


def end_sign_in(work: Work, sign_in_id: bytes) -> None:
    """End one sign-in: the whole family of its tokens dies."""
    _end(work, sign_in.c.id == sign_in_id)


def end_sign_ins(work: Work, resident_id: bytes) -> None:
    """End every sign-in of a resident."""
    _end(work, sign_in.c.resident_id == resident_id)


def _end(work: Work, which: sa.ColumnElement[bool]) -> None:
    alive = sign_in.c.ended_at.is_(None)
    work.db.execute(sign_in.update().where(which, alive).values(ended_at=work.now))


def drop_stale(work: Work, window_seconds: int) -> int:
    """Delete codes, windows and tokens whose time is over; how many rows."""
    stale = work.now - timedelta(seconds=window_seconds)
    statements = (
        otp_code.delete().where(otp_code.c.expires_at < work.now),
        otp_window.delete().where(otp_window.c.began_at < stale),
        refresh_token.delete().where(refresh_token.c.expires_at < work.now),
    )
    return sum(work.db.execute(statement).rowcount for statement in statements)


def add_client(work: Work, found: Client, secret_digest: bytes) -> None:
    """Register a client."""
    codes = None if found.behaviours is None else ",".join(sorted(found.behaviours))
    row = (found.id, found.scope, found.name, found.kind, codes, secret_digest, True, work.now)
    work.db.execute(client.insert().values(row))


def switch_off(work: Work, client_id: bytes) -> None:
    """End a client."""
    work.db.execute(client.update().where(client.c.id == client_id).values(active=False))


# Asked for with every list of acts: made once.
_ONE_CLIENT = sa.select(client).where(client.c.id == sa.bindparam("wanted"))


def find_client(work: Work, client_id: bytes) -> tuple[Client, bytes] | None:
    """A client and the digest of its secret."""
    row = work.db.execute(_ONE_CLIENT, {"wanted": client_id}).first()
    return None if row is None else (_client(row), row.secret_digest)


def clients(work: Work, *which: sa.ColumnElement[bool]) -> list[Client]:
    """Every client, or those of which this is true, oldest first."""
    statement = sa.select(client).where(*which).order_by(client.c.id)
    return [_client(row) for row in work.db.execute(statement)]


def _client(row: Any) -> Client:
    codes = None if row.behaviours is None else frozenset(filter(None, row.behaviours.split(",")))
    return Client(row.id, to_wire("cli", row.id), row.scope, row.name, row.kind, codes, row.active)
