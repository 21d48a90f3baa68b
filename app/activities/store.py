"""Queries of this room: lists in, sets out. Nothing here knows what a score is for."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import orjson
import sqlalchemy as sa

from app.activities.model import REVERSED, Act, Portion, Score
from app.activities.tables import (
    act_claim,
    activity,
    edition,
    intake_batch,
    object_claim,
    object_wait,
    portion,
    rescore_run,
    reversal,
    score_history,
    tally,
)
from app.plumbing.db import Digest, Id, insert_rows, relation, upsert
from app.plumbing.work import Work


class Stored(NamedTuple):
    """A report with its present score. `score.portions` is empty unless it was asked for."""

    resident: bytes
    act: Act
    due_on: date
    score: Score
    edition: int
    provider: bytes
    content: bytes
    recorded_at: datetime


class Need(NamedTuple):
    """Live acts of a resident to be read: days, both included, of one behaviour or of all ("")."""

    resident: bytes
    since: date
    until: date
    behaviour: str = ""


_TEXT = sa.String(40)
_NEED = (("resident_id", Id), ("since", sa.Date()), ("until", sa.Date()), ("behaviour", _TEXT))
_PAIR = (("resident_id", Id), ("key", Id))
_ID_PAIR = (("resident_id", Id), ("id", Id))
_CLAIM = (("resident_id", Id), ("key", Id), ("activity_id", Id))
_THING = (("key", Id), ("resident_id", Id))
_KEYS = (("key", Id),)
_RESIDENTS = (("resident_id", Id),)
_HASHES = (("reference_hash", Digest),)
_a = activity.c
SHOWN = (
    _a.resident_id, _a.id, _a.reference_hash, _a.behaviour, _a.earned_on, _a.occurred_at,
    _a.quantity, _a.evidence, _a.due_on, _a.status, _a.reason, _a.units, _a.reduction_mg,
    _a.points, _a.edition, _a.provider_id, _a.content_hash, _a.recorded_at,
)  # fmt: skip


def stored(row: Any) -> Stored:
    """A row of `SHOWN` as a value."""
    (
        resident,
        act_id,
        reference,
        behaviour,
        earned_on,
        occurred_at,
        quantity,
        evidence,
        due_on,
        status,
        reason,
        units,
        reduction_mg,
        points,
        made_by,
        provider,
        content,
        recorded_at,
    ) = row
    return Stored(
        resident,
        Act(act_id, reference, behaviour, earned_on, occurred_at, quantity,
            orjson.loads(evidence) if evidence else {}),
        due_on,
        Score(status, reason, units, reduction_mg, points, ()),
        made_by,
        provider,
        content,
        recorded_at,
    )  # fmt: skip


def load(work: Work, needs: Iterable[Need]) -> list[Stored]:
    """Live acts (not reversed) of these residents in these days."""
    asked = relation(work.db, "need", _NEED, needs)
    rows = work.db.execute(_load_statement(asked))
    return [stored(row) for row in rows]


def _load_statement(asked: sa.FromClause) -> sa.Select[Any]:
    return sa.select(*SHOWN).join(
        asked,
        sa.and_(
            _a.resident_id == asked.c.resident_id,
            _a.earned_on >= asked.c.since,
            _a.earned_on <= asked.c.until,
            _a.status != REVERSED,
            sa.or_(asked.c.behaviour == "", asked.c.behaviour == _a.behaviour),
        ),
    )


def load_all(work: Work, residents: Iterable[bytes]) -> list[Stored]:
    """Every live act of these residents: for rescoring under new rules, and for the audit."""
    far = (date(1, 1, 1), date(9999, 12, 31))
    return load(work, [Need(resident, *far) for resident in residents])


def find(work: Work, references: Iterable[bytes]) -> dict[bytes, Stored]:
    """Reports by the hash of provider and reference, whoever they belong to."""
    asked = relation(work.db, "asked", _HASHES, [(each,) for each in references])
    rows = work.db.execute(
        sa.select(*SHOWN).join(asked, asked.c.reference_hash == _a.reference_hash)
    )
    return {found.act.reference: found for found in map(stored, rows)}


def claims(work: Work, pairs: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes, date]]:
    """(resident, key, day) of live acts of these residents that have one of these keys."""
    asked = relation(work.db, "asked", _PAIR, pairs)
    rows = work.db.execute(
        sa.select(act_claim.c.resident_id, act_claim.c.key, act_claim.c.earned_on).join(
            asked,
            sa.and_(asked.c.resident_id == act_claim.c.resident_id, asked.c.key == act_claim.c.key),
        )
    )
    return [(row[0], row[1], row[2]) for row in rows]


def add_claims(work: Work, rows: Sequence[tuple[bytes, bytes, bytes, date]]) -> None:
    insert_rows(work.db, act_claim, rows)


def drop_claims(work: Work, acts: Iterable[tuple[bytes, bytes, bytes]]) -> None:
    """Forget the keys (resident, key, act) of acts that are no longer live."""
    gone = relation(work.db, "gone", _CLAIM, acts)
    same = sa.and_(*(act_claim.c[name] == gone.c[name] for name, _ in _CLAIM))
    work.db.execute(act_claim.delete().where(sa.select(1).select_from(gone).where(same).exists()))


def portions(work: Work, acts: Iterable[tuple[bytes, bytes]]) -> dict[bytes, list[Portion]]:
    """The parts of these (resident, act), in order."""
    asked = relation(work.db, "asked", _ID_PAIR, acts)
    p = portion.c
    rows = work.db.execute(
        sa.select(p.activity_id, p.earned_on, p.due_on, p.reduction_mg, p.points)
        .join(asked, sa.and_(asked.c.resident_id == p.resident_id, asked.c.id == p.activity_id))
        .order_by(p.activity_id, p.number)
    )
    found: dict[bytes, list[Portion]] = {}
    for act_id, *rest in rows:
        found.setdefault(act_id, []).append(Portion(*rest))
    return found


def put_portions(work: Work, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write parts (a row a part); those of the same act and number are replaced."""
    if not rows:
        return
    names = [column.name for column in portion.columns]
    insert = upsert(work.db, portion)
    values = {name: insert.excluded[name] for name in ("due_on", "reduction_mg", "points")}
    work.db.execute(
        insert.on_conflict_do_update(
            index_elements=["resident_id", "activity_id", "number"], set_=values
        ),
        [dict(zip(names, row, strict=True)) for row in rows],
    )


def add_activities(work: Work, rows: Sequence[tuple[Any, ...]]) -> None:
    insert_rows(work.db, activity, rows)


_SCORE = (
    ("resident_id", Id),
    ("id", Id),
    ("status", sa.String(10)),
    ("reason", _TEXT),
    ("units", sa.BigInteger()),
    ("reduction_mg", sa.BigInteger()),
    ("points", sa.BigInteger()),
)


def change_scores(work: Work, made_by: int, changes: Sequence[tuple[Stored, Score]]) -> None:
    """Give acts another score; the old one goes to the history."""
    if not changes:
        return
    insert_rows(
        work.db,
        score_history,
        [
            (old.resident, old.act.id, work.new_id(), work.now, old.score.status,
             old.score.reason, old.score.reduction_mg, old.score.points, old.edition)
            for old, _ in changes
        ],
    )  # fmt: skip
    new = relation(
        work.db, "changed", _SCORE, [(old.resident, old.act.id, *s[:5]) for old, s in changes]
    )
    work.db.execute(
        activity.update()
        .values(edition=made_by, **{name: new.c[name] for name, _ in _SCORE[2:]})
        .where(_a.resident_id == new.c.resident_id, _a.id == new.c.id)
    )


def history(work: Work, resident: bytes, act_id: bytes) -> Sequence[Any]:
    h = score_history
    return work.db.execute(
        sa.select(h).where(h.c.resident_id == resident, h.c.activity_id == act_id).order_by(h.c.id)
    ).all()


def add_reversals(work: Work, rows: Sequence[tuple[Any, ...]]) -> None:
    insert_rows(work.db, reversal, rows)


def find_reversal(work: Work, resident: bytes, act_id: bytes) -> Any:
    return work.db.execute(
        sa.select(reversal).where(
            reversal.c.resident_id == resident, reversal.c.activity_id == act_id
        )
    ).one_or_none()


_TALLY = (
    ("resident_id", Id),
    ("behaviour", _TEXT),
    ("month", sa.String(7)),
    ("units", sa.BigInteger()),
    ("count", sa.BigInteger()),
    ("reduction_mg", sa.BigInteger()),
    ("points", sa.BigInteger()),
)


def add_tallies(work: Work, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add differences (resident, behaviour, month, units, count, mg, points) to the tallies.

    A row without a loss may be new; one with a loss exists. An upsert of a negative would break
    the CHECK before it could be added, hence the two ways.
    """
    gains = [row for row in rows if min(row[3:]) >= 0]
    losses = [row for row in rows if min(row[3:]) < 0]
    sums = [name for name, _ in _TALLY[3:]]
    if gains:
        more = relation(work.db, "more", _TALLY, sorted(gains))
        insert = upsert(work.db, tally).from_select(
            [name for name, _ in _TALLY], sa.select(more).where(sa.true())
        )
        work.db.execute(
            insert.on_conflict_do_update(
                index_elements=["resident_id", "behaviour", "month"],
                set_={name: tally.c[name] + insert.excluded[name] for name in sums},
            )
        )
    if losses:
        less = relation(work.db, "less", _TALLY, losses)
        same = sa.and_(*(tally.c[name] == less.c[name] for name, _ in _TALLY[:3]))
        changed = work.db.execute(
            tally.update().values({name: tally.c[name] + less.c[name] for name in sums}).where(same)
        )
        assert changed.rowcount == len(losses), "a tally to take from does not exist"


def tallies(
    work: Work, wanted: Iterable[tuple[bytes, str, str]]
) -> list[tuple[bytes, str, str, int]]:
    """(resident, behaviour, month, units) of the months from the wanted one on."""
    asked = relation(work.db, "asked", _TALLY[:3], wanted)
    rows = work.db.execute(
        sa.select(tally.c.resident_id, tally.c.behaviour, tally.c.month, tally.c.units).join(
            asked,
            sa.and_(
                asked.c.resident_id == tally.c.resident_id,
                asked.c.behaviour == tally.c.behaviour,
                tally.c.month >= asked.c.month,
            ),
        )
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def claim_objects(work: Work, wanted: dict[bytes, bytes]) -> dict[bytes, bytes]:
    """Claim things {key: resident} that are free, in sorted order; who holds each in the end."""
    insert = upsert(work.db, object_claim).on_conflict_do_nothing()
    rows = [
        {"key": key, "resident_id": wanted[key], "claimed_at": work.now} for key in sorted(wanted)
    ]
    work.db.execute(insert, rows)
    return holders(work, wanted)


def holders(work: Work, things: Iterable[bytes]) -> dict[bytes, bytes]:
    """Who holds each of these things; a free one is absent."""
    keys = relation(work.db, "asked", _KEYS, [(key,) for key in things])
    found = work.db.execute(
        sa.select(object_claim.c.key, object_claim.c.resident_id).join(
            keys, keys.c.key == object_claim.c.key
        )
    )
    return {row[0]: row[1] for row in found}


def free_objects(work: Work, held: Iterable[tuple[bytes, bytes]]) -> None:
    """Give up things (key, resident)."""
    gone = relation(work.db, "gone", _THING, held)
    same = sa.and_(
        object_claim.c.key == gone.c.key, object_claim.c.resident_id == gone.c.resident_id
    )
    work.db.execute(
        object_claim.delete().where(sa.select(1).select_from(gone).where(same).exists())
    )


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
    done = relation(work.db, "done", _THING, rows)
    same = sa.and_(object_wait.c.key == done.c.key, object_wait.c.resident_id == done.c.resident_id)
    work.db.execute(object_wait.delete().where(sa.select(1).select_from(done).where(same).exists()))


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
    return work.db.execute(sa.select(edition).where(edition.c.id == number)).one()


def add_intake(work: Work, provider: bytes, counts: dict[str, int]) -> None:
    """One row a batch: a counter row for each provider would make its requests queue."""
    row = (provider, work.new_id(), work.now, orjson.dumps(counts).decode())
    insert_rows(work.db, intake_batch, [row])


def intake_counts(work: Work, provider: bytes, since: datetime) -> Iterable[str]:
    i = intake_batch.c
    return work.db.scalars(
        sa.select(i.counts).where(i.provider_id == provider, i.recorded_at >= since)
    )


def residents_after(work: Work, after: bytes, count: int) -> list[bytes]:
    """The next residents, in the order of their ids, who have live acts."""
    statement = (
        sa.select(_a.resident_id)
        .where(_a.resident_id > after)
        .group_by(_a.resident_id)
        .order_by(_a.resident_id)
        .limit(count)
    )
    return list(work.db.scalars(statement))


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
    asked = relation(work.db, "asked", _RESIDENTS, [(each,) for each in residents])
    rows = work.db.execute(sa.select(tally).join(asked, asked.c.resident_id == tally.c.resident_id))
    return [(r[0], r[1], r[2], r[3], r[4], r[5], r[6]) for r in rows]
