"""One-time codes and who presented which: only digests are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.plumbing.db import insert_rows, upsert
from app.plumbing.work import Work
from app.redemption.tables import OFFLINE_ROWS, presentation, voucher_code

VOUCHER, ACCOUNT, PICK, OFFLINE = "voucher", "account", "pick", "offline"
# A newer code ends those that are shown online. Not those of readers without a connection: they
# cannot know of it, and a merchant who took one in good faith is paid, once.
ONLINE = (VOUCHER, PICK)
OF_VOUCHERS = (*ONLINE, OFFLINE)


class Code(NamedTuple):
    """A code as it was made. `voucher_id` None: the resident's own, for all vouchers."""

    digest: bytes
    kind: str
    resident_id: bytes
    voucher_id: bytes | None
    merchant: str | None
    made_at: datetime
    expires_at: datetime
    dead_at: datetime | None
    used_at: datetime | None
    device: bytes | None


_COLUMNS = [voucher_code.c[name] for name in Code._fields]
_FIND = sa.select(*_COLUMNS).where(voucher_code.c.digest == sa.bindparam("which"))
_ALIVE = sa.and_(voucher_code.c.used_at.is_(None), voucher_code.c.dead_at.is_(None))
_BURN = (
    voucher_code.update()
    .where(voucher_code.c.digest == sa.bindparam("which"), voucher_code.c.used_at.is_(None))
    .values(used_at=sa.bindparam("now"))
    .returning(*_COLUMNS)
)


def add(
    work: Work,
    digest: bytes,
    kind: str,
    resident_id: bytes,
    voucher_id: bytes | None,
    expires_at: datetime,
    merchant: str | None = None,
    device: bytes | None = None,
) -> None:
    """Remember a code that has just been made."""
    made = (digest, kind, resident_id, voucher_id, merchant, work.now, expires_at)
    insert_rows(work.db, voucher_code, [(*made, None, None, device)])


def find(work: Work, digest: bytes) -> Code | None:
    """A code, to learn whose wallet to lock before it is burnt."""
    row = work.db.execute(_FIND, {"which": digest}).first()
    return None if row is None else Code(*row)


def find_many(work: Work, digests: Sequence[bytes]) -> dict[bytes, Code]:
    """The same for many."""
    statement = sa.select(*_COLUMNS).where(voucher_code.c.digest.in_(digests))
    return {row.digest: Code(*row) for row in work.db.execute(statement)}


def burn(work: Work, digest: bytes) -> Code | None:
    """Use a code up, whatever comes of it. None when it was used before: one UPDATE decides."""
    row = work.db.execute(_BURN, {"which": digest, "now": work.now}).first()
    return None if row is None else Code(*row)


def kill(work: Work, resident_id: bytes, voucher_id: bytes | None, kinds: tuple[str, ...]) -> None:
    """End the living codes of a voucher (None: the account's own): newer ones take their place."""
    asked = {"whose": resident_id, "kinds": kinds, "now": work.now}
    if voucher_id is None:
        work.db.execute(_KILL.where(voucher_code.c.voucher_id.is_(None)), asked)
    else:
        work.db.execute(_KILL_OF_VOUCHER, asked | {"which": voucher_id})


_KILL = (
    voucher_code.update()
    .where(voucher_code.c.resident_id == sa.bindparam("whose"), _ALIVE)
    .where(voucher_code.c.kind.in_(sa.bindparam("kinds", expanding=True)))
    .values(dead_at=sa.bindparam("now"))
)
_KILL_OF_VOUCHER = _KILL.where(voucher_code.c.voucher_id == sa.bindparam("which"))


def offline_alive(work: Work, resident_id: bytes, until: datetime) -> list[bytes]:
    """Vouchers with an offline code that may still come in: it ended after `until`, unused."""
    rows = work.db.scalars(
        sa.select(voucher_code.c.voucher_id).where(
            voucher_code.c.resident_id == resident_id,
            OFFLINE_ROWS,
            voucher_code.c.expires_at > until,
        )
    )
    return [bytes(each) for each in rows if each]


def kill_all(work: Work, resident_id: bytes) -> None:
    """End every code of a resident's vouchers, and forget the devices that showed them; the
    account's own codes are deleted."""
    c = voucher_code.c
    mine = c.resident_id == resident_id
    work.db.execute(voucher_code.delete().where(mine, c.voucher_id.is_(None)))
    ended = {"dead_at": sa.func.coalesce(c.dead_at, work.now), "device": None}
    work.db.execute(voucher_code.update().where(mine).values(**ended))


def forget(work: Work, before: datetime, count: int) -> int:
    """Delete some codes that ended, and outcomes that were told, before an instant."""
    old = sa.select(voucher_code.c.digest).where(voucher_code.c.expires_at < before).limit(count)
    told = presentation.c
    keys = sa.select(told.client_id, told.key_digest).where(told.at < before).limit(count)
    statements = (
        voucher_code.delete().where(voucher_code.c.digest.in_(old)),
        presentation.delete().where(sa.tuple_(told.client_id, told.key_digest).in_(keys)),
    )
    return sum(work.db.execute(statement).rowcount for statement in statements)


# What a terminal's own key led to: so that it can ask for the one true state.


def present(
    work: Work,
    client_id: bytes,
    key_digest: bytes,
    outcome: str,
    redemption_id: bytes | None = None,
) -> bool:
    """Write down what became of a terminal's key. False: that had been decided before."""
    insert = upsert(work.db, presentation).values(
        client_id=client_id,
        key_digest=key_digest,
        at=work.now,
        outcome=outcome,
        redemption_id=redemption_id,
    )
    first = insert.on_conflict_do_nothing().returning(presentation.c.client_id)
    return work.db.execute(first).first() is not None


def presented(work: Work, client_id: bytes, key_digest: bytes) -> Any:
    """What became of a terminal's key, or None."""
    return work.db.execute(
        sa.select(presentation).where(
            presentation.c.client_id == client_id, presentation.c.key_digest == key_digest
        )
    ).first()
