"""Registers beside the acts: claimed keys and things, tallies, editions, intake, rescoring."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from weakref import WeakKeyDictionary

import orjson
import sqlalchemy as sa

from app.activities.store import residents_after
from app.activities.tables import (
    act_claim,
    edition,
    intake_batch,
    object_claim,
    object_wait,
    rescore_run,
    tally,
)
from app.plumbing.db import Id, Rows, UtcDateTime, insert_rows, is_postgres, prepared, upsert
from app.plumbing.work import Work

_PAIRS = Rows("asked", resident_id=Id, key=Id)
_CLAIMS = Rows("gone", resident_id=Id, key=Id, activity_id=Id)
_NEW_CLAIMS = Rows("more", resident_id=Id, key=Id, activity_id=Id, earned_on=sa.Date)
_THINGS = Rows("thing", key=Id, resident_id=Id)
_KEYS = Rows("asked", key=Id)
_RESIDENTS = Rows("asked", resident_id=Id)
_MONTHS = Rows("asked", resident_id=Id, behaviour=sa.String(40), month=sa.String(7))
_TALLIES = Rows(
    "more",
    resident_id=Id,
    behaviour=sa.String(40),
    month=sa.String(7),
    units=sa.BigInteger,
    count=sa.BigInteger,
    reduction_mg=sa.BigInteger,
    points=sa.BigInteger,
)
_KEY = ("resident_id", "behaviour", "month")
_SUMS = ("units", "count", "reduction_mg", "points")


def claims(work: Work, pairs: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes, date]]:
    """(resident, key, day) of live acts of these residents that have one of these keys."""
    rows = work.db.execute(_claimed(work.db), _PAIRS.bind(work.db, pairs))
    return [(row[0], row[1], row[2]) for row in rows]


@prepared
def _claimed(postgres: bool) -> Any:
    asked, c = _PAIRS.source(postgres), act_claim.c
    return sa.select(c.resident_id, c.key, c.earned_on).join(
        asked, sa.and_(asked.c.resident_id == c.resident_id, asked.c.key == c.key)
    )


def add_claims(work: Work, rows: Sequence[tuple[bytes, bytes, bytes, date]]) -> None:
    """Register the keys of new live acts: (resident, key, act, day)."""
    insert_rows(work.db, act_claim, rows)


def renew_claims(work: Work, rows: Sequence[tuple[bytes, bytes, bytes, date]]) -> None:
    """Register keys (resident, key, act, day) that may be registered already."""
    if rows:
        new = _NEW_CLAIMS.source(is_postgres(work.db))
        names = [column.name for column in act_claim.columns]
        insert = upsert(work.db, act_claim).from_select(names, sa.select(new).where(sa.true()))
        work.db.execute(insert.on_conflict_do_nothing(), _NEW_CLAIMS.bind(work.db, rows))


def drop_claims(work: Work, acts: Iterable[tuple[bytes, bytes, bytes]]) -> None:
    """Forget the keys (resident, key, act) of acts that are no longer live."""
    gone = _CLAIMS.source(is_postgres(work.db))
    same = sa.and_(*(act_claim.c[n] == gone.c[n] for n in ("resident_id", "key", "activity_id")))
    work.db.execute(
        act_claim.delete().where(sa.select(1).select_from(gone).where(same).exists()),
        _CLAIMS.bind(work.db, acts),
    )


def add_tallies(work: Work, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add differences (resident, behaviour, month, units, count, mg, points) to the tallies.

    A row without a loss may be new; one with a loss exists. An upsert of a negative would break
    the CHECK before it could be added, hence the two ways.
    """
    gains = [row for row in rows if min(row[3:]) >= 0]
    losses = [row for row in rows if min(row[3:]) < 0]
    if gains:
        work.db.execute(_gain(work.db), _TALLIES.bind(work.db, sorted(gains)))
    if losses:
        changed = work.db.execute(_lose(work.db), _TALLIES.bind(work.db, losses))
        assert changed.rowcount == len(losses), "a tally to take from does not exist"


@prepared
def _gain(postgres: bool) -> Any:
    more = _TALLIES.source(postgres)
    insert = upsert(postgres, tally).from_select([*_KEY, *_SUMS], sa.select(more).where(sa.true()))
    return insert.on_conflict_do_update(
        index_elements=list(_KEY),
        set_={name: tally.c[name] + insert.excluded[name] for name in _SUMS},
    )


@prepared
def _lose(postgres: bool) -> Any:
    less = _TALLIES.source(postgres)
    same = sa.and_(*(tally.c[name] == less.c[name] for name in _KEY))
    return tally.update().values({n: tally.c[n] + less.c[n] for n in _SUMS}).where(same)


def tallies(
    work: Work, wanted: Iterable[tuple[bytes, str, str]]
) -> list[tuple[bytes, str, str, int]]:
    """(resident, behaviour, month, units) of the months from the wanted one on."""
    rows = work.db.execute(_months(work.db), _MONTHS.bind(work.db, wanted))
    return [(row[0], row[1], row[2], row[3]) for row in rows]


@prepared
def _months(postgres: bool) -> Any:
    asked, t = _MONTHS.source(postgres), tally.c
    return sa.select(t.resident_id, t.behaviour, t.month, t.units).join(
        asked,
        sa.and_(
            asked.c.resident_id == t.resident_id,
            asked.c.behaviour == t.behaviour,
            t.month >= asked.c.month,
        ),
    )


def claim_objects(work: Work, wanted: dict[bytes, bytes]) -> dict[bytes, bytes]:
    """Claim things {key: resident} that are free, in sorted order; who holds each in the end."""
    asked = _THINGS.bind(work.db, sorted(wanted.items()))
    claimed = work.db.execute(_claim(work.db), asked | {"now": work.now}).rowcount
    if claimed == len(wanted):
        return wanted
    held = holders(work, sorted(wanted))
    # Whoever was in the way may have given the thing up between the two looks.
    freed = {key: wanted[key] for key in wanted.keys() - held.keys()}
    return held | (claim_objects(work, freed) if freed else {})


@prepared
def _claim(postgres: bool) -> Any:
    free = _THINGS.source(postgres)
    columns = sa.select(free.c.key, free.c.resident_id, sa.bindparam("now", type_=UtcDateTime))
    insert = upsert(postgres, object_claim).from_select(
        ["key", "resident_id", "claimed_at"], columns.where(sa.true())
    )
    return insert.on_conflict_do_nothing()


def holders(work: Work, things: Iterable[bytes]) -> dict[bytes, bytes]:
    """Who holds each of these things; a free one is absent."""
    rows = work.db.execute(_held(work.db), _KEYS.bind(work.db, [(key,) for key in things]))
    return {row[0]: row[1] for row in rows}


@prepared
def _held(postgres: bool) -> Any:
    asked = _KEYS.source(postgres)
    return sa.select(object_claim.c.key, object_claim.c.resident_id).join(
        asked, asked.c.key == object_claim.c.key
    )


def _drop_things(work: Work, table: sa.Table, rows: Iterable[tuple[bytes, bytes]]) -> None:
    gone = _THINGS.source(is_postgres(work.db))
    same = sa.and_(table.c.key == gone.c.key, table.c.resident_id == gone.c.resident_id)
    work.db.execute(
        table.delete().where(sa.select(1).select_from(gone).where(same).exists()),
        _THINGS.bind(work.db, rows),
    )


def free_objects(work: Work, held: Iterable[tuple[bytes, bytes]]) -> None:
    """Give up things (key, resident)."""
    _drop_things(work, object_claim, held)


def wait_for_objects(work: Work, rows: Iterable[tuple[bytes, bytes, date]]) -> None:
    """Remember (key, resident, day) that would score otherwise if the thing were free."""
    names = ("key", "resident_id", "earned_on")
    work.db.execute(
        upsert(work.db, object_wait).on_conflict_do_nothing(),
        [dict(zip(names, row, strict=True)) | {"waits_since": work.now} for row in sorted(rows)],
    )


def freed_waits(work: Work, count: int) -> list[tuple[bytes, bytes, date]]:
    """(key, resident, day) waiting for things that nobody holds any more."""
    w = object_wait.c
    rows = work.db.execute(
        sa.select(w.key, w.resident_id, w.earned_on)
        .outerjoin(object_claim, object_claim.c.key == w.key)
        .where(object_claim.c.key.is_(None))
        .order_by(w.key, w.waits_since, w.resident_id)
        .limit(count)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def end_waits(work: Work, rows: Iterable[tuple[bytes, bytes]]) -> None:
    """Nobody of these (key, resident) waits any longer."""
    _drop_things(work, object_wait, rows)


# Editions known to be there for good, by database and digest.
_EDITIONS: WeakKeyDictionary[Any, dict[str, int]] = WeakKeyDictionary()


def edition_id(work: Work) -> int:
    """The number under which this work's rulebook is kept; kept on first use."""
    known = _EDITIONS.setdefault(work.db.engine, {})
    digest = work.rules.digest
    if digest in known:
        return known[digest]
    found = sa.select(edition.c.id, edition.c.first_used_at).where(edition.c.digest == digest)
    row = work.db.execute(found).one_or_none()
    if row is None:
        work.db.execute(
            upsert(work.db, edition)
            .values(
                digest=digest,
                pack=work.rules.pack.code,
                text=work.rules.text,
                first_used_at=work.now,
            )
            .on_conflict_do_nothing()
        )
        row = work.db.execute(found).one()
    # A row of this very work goes with it, should the work be rolled back.
    if row.first_used_at < work.now:
        known[digest] = row.id
    return int(row.id)


def edition_row(work: Work, number: int) -> Any:
    """The edition of this number: digest, pack, and the text it can be loaded from."""
    return work.db.execute(sa.select(edition).where(edition.c.id == number)).one()


def add_intake(work: Work, batches: Iterable[tuple[bytes, dict[str, int]]]) -> None:
    """One row a batch (provider, counts): a counter row would make a provider's requests queue."""
    rows = [
        (provider, work.new_id(), work.now, orjson.dumps(counts).decode())
        for provider, counts in batches
    ]
    insert_rows(work.db, intake_batch, rows)


def intake_counts(work: Work, provider: bytes, since: datetime) -> Iterable[str]:
    """Counts by status and reason (JSON) of a provider's batches since an instant."""
    i = intake_batch.c
    return work.db.scalars(
        sa.select(i.counts).where(i.provider_id == provider, i.recorded_at >= since)
    )


def next_to_rescore(work: Work, count: int) -> list[bytes]:
    """The next residents to be scored by this edition; remembers how far it has come."""
    r = rescore_run.c
    where = r.digest == work.rules.digest
    after = work.db.scalar(sa.select(r.after).where(where).with_for_update())
    residents = residents_after(work, after or b"", count)
    if residents:
        row = {"digest": work.rules.digest, "after": residents[-1], "changed_at": work.now}
        insert = upsert(work.db, rescore_run).values(**row)
        work.db.execute(
            insert.on_conflict_do_update(
                index_elements=["digest"], set_={n: row[n] for n in ("after", "changed_at")}
            )
        )
    return residents


def whole_tallies(
    work: Work, residents: Iterable[bytes]
) -> list[tuple[bytes, str, str, int, int, int, int]]:
    """Every tally of these residents: key, then units, count, milligrams, points."""
    asked = _RESIDENTS.source(is_postgres(work.db))
    rows = work.db.execute(
        sa.select(tally).join(asked, asked.c.resident_id == tally.c.resident_id),
        _RESIDENTS.bind(work.db, [(each,) for each in residents]),
    )
    return [(r[0], r[1], r[2], r[3], r[4], r[5], r[6]) for r in rows]
