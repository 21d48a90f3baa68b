"""Rows of attestations, and the status lists. Rows in, values out. Whoever issues or ends one has
locked its resident's wallet."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

import sqlalchemy as sa

from app.attestations.model import Attestation
from app.attestations.tables import (
    REVOKED_ROWS,
    attestation,
    presentation_seen,
    status_entry,
    status_list,
)
from app.plumbing.db import Id, Rows, insert_rows, prepared, upsert
from app.plumbing.work import Work

_COLUMNS = [attestation.c[each.name] for each in fields(Attestation)]
_PLACES = Rows("places", list_id=Id, position=sa.Integer)


# Status lists.


def newest_list(work: Work) -> tuple[bytes, int] | None:
    """Id and size of the list that takes credentials now."""
    newest = sa.select(status_list.c.id, status_list.c.size).order_by(status_list.c.id.desc())
    row = work.db.execute(newest.limit(1)).first()
    return None if row is None else (row.id, row.size)


def list_size(work: Work, list_id: bytes) -> int | None:
    """The size of a list; None where there is none."""
    return work.db.scalar(sa.select(status_list.c.size).where(status_list.c.id == list_id))


def open_list(work: Work, size: int) -> bytes:
    """One more list, from now on the newest."""
    list_id = work.new_id()
    insert_rows(work.db, status_list, [(list_id, size, work.now)])
    return list_id


def take(work: Work, list_id: bytes, position: int, *, revoked: bool = False) -> bool:
    """Take a place; False when somebody has it."""
    insert = upsert(work.db, status_entry).values(
        list_id=list_id, position=position, revoked=revoked
    )
    taken = insert.on_conflict_do_nothing().returning(status_entry.c.position)
    return work.db.execute(taken).first() is not None


def revoke(work: Work, places: Sequence[tuple[bytes, int]]) -> None:
    """Set the bits of these places."""
    if places:
        work.db.execute(_revoke(work.db), _PLACES.bind(work.db, sorted(places)))


@prepared
def _revoke(postgres: bool) -> sa.Update:
    places, c = _PLACES.source(postgres), status_entry.c
    mine = sa.and_(c.list_id == places.c.list_id, c.position == places.c.position)
    return status_entry.update().where(mine).values(revoked=True)


def revoked(work: Work, list_id: bytes) -> list[int]:
    """The places of a list whose bit is set."""
    rows = sa.select(status_entry.c.position).where(status_entry.c.list_id == list_id, REVOKED_ROWS)
    return list(work.db.scalars(rows))


def is_revoked(work: Work, list_id: bytes, position: int) -> bool:
    """Whether a bit is set; of a place that nobody has, too."""
    c = status_entry.c
    mine = sa.select(c.revoked).where(c.list_id == list_id, c.position == position)
    return work.db.scalar(mine) is not False


def forget_lists(work: Work, before: datetime, count: int) -> int:
    """Delete some places of lists that a newer one followed before an instant, then the lists."""
    c = status_list.c
    younger = status_list.alias()
    followed = sa.exists().where(younger.c.id > c.id, younger.c.opened_at < before)
    old = list(work.db.scalars(sa.select(c.id).where(followed)))
    done = 0
    for each in old:
        whole = sa.select(status_entry.c.position).where(status_entry.c.list_id == each)
        some = status_entry.c.position.in_(whole.limit(count))
        places = status_entry.delete().where(status_entry.c.list_id == each, some)
        done += work.db.execute(places).rowcount
        left = sa.exists().where(status_entry.c.list_id == each)
        done += work.db.execute(status_list.delete().where(c.id == each, ~left)).rowcount
    return done


# Attestations.


def add(work: Work, new: Attestation) -> None:
    """Keep one more."""
    insert_rows(work.db, attestation, [[getattr(new, each.name) for each in fields(Attestation)]])


def count_active(work: Work, resident: bytes) -> int:
    """How many of a resident's are good now."""
    mine = sa.select(sa.func.count()).select_from(attestation).where(*_active(work, resident))
    return int(work.db.scalar(mine) or 0)


def active(work: Work, resident: bytes) -> list[Attestation]:
    """A resident's that are good now."""
    rows = sa.select(*_COLUMNS).where(*_active(work, resident)).order_by(attestation.c.id)
    return [Attestation(*row) for row in work.db.execute(rows)]


def _active(work: Work, resident: bytes) -> list[sa.ColumnElement[bool]]:
    c = attestation.c
    return [c.resident_id == resident, c.ends_at > work.now, c.ended_at.is_(None)]


def find(work: Work, resident: bytes, attestation_id: bytes) -> Attestation | None:
    """One of a resident's."""
    c = attestation.c
    mine = sa.select(*_COLUMNS).where(c.resident_id == resident, c.id == attestation_id)
    row = work.db.execute(mine).first()
    return None if row is None else Attestation(*row)


def at_place(work: Work, list_id: bytes, position: int) -> Attestation | None:
    """The one whose status stands there."""
    c = attestation.c
    here = sa.select(*_COLUMNS).where(c.list_id == list_id, c.position == position)
    row = work.db.execute(here).first()
    return None if row is None else Attestation(*row)


def listed(work: Work, resident: bytes, limit: int, before: bytes | None) -> list[Attestation]:
    """A resident's, newest first, from the one before an id on."""
    rows = sa.select(*_COLUMNS).where(attestation.c.resident_id == resident)
    if before is not None:
        rows = rows.where(attestation.c.id < before)
    rows = rows.order_by(attestation.c.id.desc()).limit(limit)
    return [Attestation(*row) for row in work.db.execute(rows)]


def versions(work: Work) -> list[tuple[bytes, str, int]]:
    """Residents who hold good ones, with the quarter and the version that these speak of."""
    c = attestation.c
    good = sa.select(c.resident_id, c.quarter, c.version)
    rows = work.db.execute(good.where(c.ends_at > work.now, c.ended_at.is_(None)).distinct())
    return [(row.resident_id, row.quarter, row.version) for row in rows]


def know(work: Work, found: Sequence[Attestation], version: int) -> None:
    """These have been looked at with a version of their grade."""
    for each in found:
        work.db.execute(_one(each).values(version=version))


def end(work: Work, found: Attestation, why: str) -> None:
    """Write down when one was revoked, and for what."""
    work.db.execute(_one(found).values(ended_at=work.now, why=why))


def _one(found: Attestation) -> sa.Update:
    c = attestation.c
    return attestation.update().where(c.resident_id == found.resident_id, c.id == found.id)


def forget(work: Work, before: datetime, count: int) -> int:
    """Delete some that had ended before an instant."""
    c = attestation.c
    old = sa.select(c.resident_id, c.id).where(c.ends_at < before).limit(count)
    statement = attestation.delete().where(sa.tuple_(c.resident_id, c.id).in_(old))
    return work.db.execute(statement).rowcount


def forget_seen(work: Work, count: int) -> int:
    """Delete some marks of presentations that have ended."""
    c = presentation_seen.c
    over = sa.select(c.digest).where(c.ends_at < work.now).limit(count)
    return work.db.execute(presentation_seen.delete().where(c.digest.in_(over))).rowcount


def first_seen(work: Work, digest: bytes, ends_at: datetime) -> bool:
    """Mark a presentation; False when it was marked before."""
    insert = upsert(work.db, presentation_seen).values(digest=digest, ends_at=ends_at)
    kept = insert.on_conflict_do_nothing().returning(presentation_seen.c.digest)
    return work.db.execute(kept).first() is not None
