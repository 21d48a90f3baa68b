"""Beside the grades: which quarters are closed, the cards' texts, what was let in, what is
contested."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa

from app.grades.model import Quarter
from app.grades.tables import card_edition, grade_admission, grade_flag, quarter_closing
from app.plumbing.db import upsert
from app.plumbing.work import Work

_q = quarter_closing.c


class Counts(NamedTuple):
    """How many residents a closing has graded, with which grades, on how much reduction."""

    residents: int = 0
    grades: Mapping[str, int] = MappingProxyType({})
    reduction_mg: int = 0


class Closing(NamedTuple):
    """The closing of a quarter; `after` is the last resident done."""

    quarter: Quarter
    cutoff: datetime
    began_at: datetime
    ended_at: datetime | None
    after: bytes
    counts: Counts


def _closing(row: Any) -> Closing:
    counts = Counts(**orjson.loads(row.counts))
    quarter = Quarter.read(row.quarter)
    return Closing(quarter, row.cutoff, row.began_at, row.ended_at, row.after, counts)


def _text(counts: Counts) -> str:
    return orjson.dumps(counts._replace(grades=dict(counts.grades))._asdict()).decode()


def closings(work: Work) -> list[Closing]:
    """Every closing, begun or ended, in the order of quarters."""
    rows = work.db.execute(sa.select(quarter_closing).order_by(_q.quarter))
    return [_closing(row) for row in rows]


def last_closed(work: Work) -> Quarter | None:
    """The last quarter that is closed."""
    found = work.db.scalar(sa.select(sa.func.max(_q.quarter)).where(_q.ended_at.is_not(None)))
    return None if found is None else Quarter.read(found)


def closing(work: Work, quarter: Quarter) -> Closing | None:
    """The closing of a quarter, if it has begun."""
    where = _q.quarter == str(quarter)
    row = work.db.execute(sa.select(quarter_closing).where(where)).one_or_none()
    return None if row is None else _closing(row)


def lock_closing(work: Work, quarter: Quarter, cutoff: datetime) -> Closing:
    """The closing of a quarter, begun if nobody has; whoever else works at it waits."""
    work.db.execute(
        upsert(work.db, quarter_closing)
        .values(
            quarter=str(quarter),
            cutoff=cutoff,
            began_at=work.now,
            after=b"",
            counts=_text(Counts()),
        )
        .on_conflict_do_nothing()
    )
    where = _q.quarter == str(quarter)
    return _closing(
        work.db.execute(sa.select(quarter_closing).where(where).with_for_update()).one()
    )


def go_on(work: Work, quarter: Quarter, after: bytes, counts: Counts) -> None:
    """A closing has come so far."""
    _change(work, quarter, after=after, counts=_text(counts))


def end_closing(work: Work, quarter: Quarter) -> None:
    """Everybody is done: the quarter is closed."""
    _change(work, quarter, ended_at=work.now)


def _change(work: Work, quarter: Quarter, **values: Any) -> None:
    work.db.execute(quarter_closing.update().where(_q.quarter == str(quarter)).values(**values))


def keep_card(work: Work, digest: str, text: str) -> None:
    """Keep the text of the credit rules in force, once."""
    row = {"digest": digest, "text": text, "first_used_at": work.now}
    work.db.execute(upsert(work.db, card_edition).values(**row).on_conflict_do_nothing())


def card_text(work: Work, digest: str) -> str | None:
    """The text of credit rules that were kept."""
    found: str | None = work.db.scalar(
        sa.select(card_edition.c.text).where(card_edition.c.digest == digest)
    )
    return found


def admit(work: Work, resident: bytes, quarter: Quarter, acts: Iterable[bytes]) -> None:
    """Late acts count in this quarter from now on."""
    mine = {"resident_id": resident, "quarter": str(quarter), "at": work.now}
    rows = [mine | {"activity_id": act} for act in sorted(acts)]
    if rows:
        work.db.execute(upsert(work.db, grade_admission).on_conflict_do_nothing(), rows)


def admitted(work: Work, resident: bytes, quarter: Quarter) -> Collection[bytes]:
    """The late acts that count in a quarter."""
    a = grade_admission.c
    return set(
        work.db.scalars(
            sa.select(a.activity_id).where(a.resident_id == resident, a.quarter == str(quarter))
        )
    )


def let_in(work: Work, resident: bytes) -> list[tuple[str, bytes]]:
    """(quarter, act) of all late acts that count."""
    a = grade_admission.c
    rows = work.db.execute(
        sa.select(a.quarter, a.activity_id)
        .where(a.resident_id == resident)
        .order_by(a.quarter, a.activity_id)
    )
    return [(row[0], row[1]) for row in rows]


def flag(work: Work, resident: bytes, quarter: Quarter, *, on: bool) -> None:
    """Mark a grade as contested, or no longer."""
    f = grade_flag.c
    if on:
        row = {"resident_id": resident, "quarter": str(quarter), "since": work.now}
        work.db.execute(upsert(work.db, grade_flag).values(**row).on_conflict_do_nothing())
    else:
        mine = (f.resident_id == resident, f.quarter == str(quarter))
        work.db.execute(grade_flag.delete().where(*mine))


def contested(work: Work, resident: bytes) -> list[str]:
    """The quarters whose grade a resident contests."""
    f = grade_flag.c
    mine = sa.select(f.quarter).where(f.resident_id == resident).order_by(f.quarter)
    return list(work.db.scalars(mine))


def erase(work: Work, resident: bytes) -> None:
    """Forget what was let in and contested by a resident."""
    for table in (grade_admission, grade_flag):
        work.db.execute(table.delete().where(table.c.resident_id == resident))
