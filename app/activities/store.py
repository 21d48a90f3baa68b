"""Queries of reports and their scores: lists in, sets out."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa

from app.activities.model import REVERSED, Act, Portion, Score
from app.activities.tables import activity, portion, reversal, score_history
from app.plumbing.db import Digest, Id, Rows, insert_rows, is_postgres, prepared, upsert
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


_NEEDS = Rows("need", resident_id=Id, since=sa.Date, until=sa.Date, behaviour=sa.String(40))
_HASHES = Rows("asked", reference_hash=Digest)
_ACTS = Rows("asked", resident_id=Id, id=Id)
_SCORES = Rows(
    "changed",
    resident_id=Id,
    id=Id,
    status=sa.String(10),
    reason=sa.String(40),
    units=sa.BigInteger,
    reduction_mg=sa.BigInteger,
    points=sa.BigInteger,
)
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
    rows = work.db.execute(_live(work.db), _NEEDS.bind(work.db, needs))
    return [stored(row) for row in rows]


@prepared
def _live(postgres: bool) -> Any:
    asked = _NEEDS.source(postgres)
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
    asked = _HASHES.bind(work.db, [(each,) for each in references])
    found = map(stored, work.db.execute(_by_reference(work.db), asked))
    return {row.act.reference: row for row in found}


@prepared
def _by_reference(postgres: bool) -> Any:
    asked = _HASHES.source(postgres)
    return sa.select(*SHOWN).join(asked, asked.c.reference_hash == _a.reference_hash)


def portions(work: Work, acts: Iterable[tuple[bytes, bytes]]) -> dict[bytes, list[Portion]]:
    """The parts of these (resident, act), in order."""
    asked, p = _ACTS.source(is_postgres(work.db)), portion.c
    rows = work.db.execute(
        sa.select(p.activity_id, p.earned_on, p.due_on, p.reduction_mg, p.points)
        .join(asked, sa.and_(asked.c.resident_id == p.resident_id, asked.c.id == p.activity_id))
        .order_by(p.activity_id, p.number),
        _ACTS.bind(work.db, acts),
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
    """Write new reports with their scores, values in the order of the table's columns."""
    insert_rows(work.db, activity, rows)


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
    work.db.execute(
        _rescore(work.db),
        _SCORES.bind(work.db, [(old.resident, old.act.id, *s[:5]) for old, s in changes])
        | {"made_by": made_by},
    )


@prepared
def _rescore(postgres: bool) -> Any:
    new = _SCORES.source(postgres)
    names = ("status", "reason", "units", "reduction_mg", "points")
    return (
        activity.update()
        .values(edition=sa.bindparam("made_by", type_=sa.Integer), **{n: new.c[n] for n in names})
        .where(_a.resident_id == new.c.resident_id, _a.id == new.c.id)
    )


def history(work: Work, resident: bytes, act_id: bytes) -> Sequence[Any]:
    """The scores an act had before its present one, oldest first."""
    h = score_history
    return work.db.execute(
        sa.select(h).where(h.c.resident_id == resident, h.c.activity_id == act_id).order_by(h.c.id)
    ).all()


def add_reversals(work: Work, rows: Sequence[tuple[Any, ...]]) -> None:
    """Keep who undid which act, and why."""
    insert_rows(work.db, reversal, rows)


def find_reversal(work: Work, resident: bytes, act_id: bytes) -> Any:
    """The reversal of an act, or None."""
    return work.db.execute(
        sa.select(reversal).where(
            reversal.c.resident_id == resident, reversal.c.activity_id == act_id
        )
    ).one_or_none()


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
