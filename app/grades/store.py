"""Queries of grades: every version is a row, the highest of a quarter stands."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson
import sqlalchemy as sa

from app.grades.model import Grade, Line, Part, Quarter
from app.grades.tables import Name, grade, quarter_closing
from app.plumbing.db import Id, Rows, insert_rows, prepared, wide
from app.plumbing.work import Work

_g = grade.c
_COLUMNS = (
    _g.resident_id, _g.quarter, _g.version, _g.id, _g.code, _g.reduction_mg, _g.factor, _g.parts,
    _g.quality, _g.lines, _g.earlier, _g.rulebook, _g.card, _g.made_at, _g.reason, _g.before,
)  # fmt: skip
_RESIDENTS = Rows("asked", resident_id=Id)
_KNOWN = Rows("known", resident_id=Id, quarter=Name, version=sa.SmallInteger)
Key = tuple[bytes, str, int]
_PAGE = 1000  # rows in memory where all are read


def _grade(row: Any) -> Grade:
    return Grade(
        resident_id=row.resident_id,
        quarter=Quarter.read(row.quarter),
        version=row.version,
        id=row.id,
        code=row.code,
        reduction_mg=row.reduction_mg,
        factor=row.factor,
        parts=tuple(Part(*each) for each in orjson.loads(row.parts)),
        quality=row.quality,
        lines=tuple(Line(*each) for each in orjson.loads(row.lines)),
        earlier=row.earlier,
        rulebook=row.rulebook,
        card=row.card,
        made_at=row.made_at,
        reason=row.reason,
        before=row.before,
    )


def add(work: Work, made: Sequence[Grade]) -> None:
    """Keep new versions."""
    insert_rows(
        work.db,
        grade,
        [
            (
                each.resident_id, str(each.quarter), each.version, each.id, each.code,
                each.reduction_mg, each.factor, _json(each.parts), each.quality,
                _json(each.lines), each.earlier, each.rulebook, each.card, each.made_at,
                each.reason, each.before,
            )
            for each in made
        ],
    )  # fmt: skip


def _json(rows: Iterable[tuple[Any, ...]]) -> str:
    return orjson.dumps([list(row) for row in rows]).decode()


def standing(work: Work, resident: bytes, quarter: Quarter) -> Grade | None:
    """The version that stands of a quarter."""
    return _first(work, resident, sa.literal(str(quarter)))


def latest(work: Work, resident: bytes) -> Grade | None:
    """The same of the last closed quarter, in one statement."""
    c = quarter_closing.c
    last = sa.select(sa.func.max(c.quarter)).where(c.ended_at.is_not(None)).scalar_subquery()
    return _first(work, resident, last)


def _first(work: Work, resident: bytes, quarter: Any) -> Grade | None:
    row = work.db.execute(
        sa.select(*_COLUMNS)
        .where(_g.resident_id == resident, _g.quarter == quarter)
        .order_by(_g.version.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _grade(row)


def page(
    work: Work, resident: bytes, count: int, before: tuple[str, int] | None = None
) -> list[Grade]:
    """Every version of every quarter, the newest first."""
    statement = sa.select(*_COLUMNS).where(_g.resident_id == resident)
    if before is not None:
        quarter, version = before
        earlier = sa.and_(_g.quarter == quarter, _g.version < version)
        statement = statement.where(sa.or_(_g.quarter < quarter, earlier))
    newest = statement.order_by(_g.quarter.desc(), _g.version.desc()).limit(count)
    return [_grade(row) for row in work.db.execute(newest)]


def codes(
    work: Work, residents: Iterable[bytes], first: Quarter, last: Quarter
) -> dict[bytes, dict[Quarter, str]]:
    """The grades that stand of these quarters, both included, by resident; only graded ones."""
    asked = _RESIDENTS.bind(work.db, [(each,) for each in residents])
    rows = work.db.execute(_codes(work.db), asked | {"first": str(first), "last": str(last)})
    found: dict[bytes, dict[Quarter, str | None]] = {}
    for resident, quarter, code in rows:  # versions rise, so the last one stays
        found.setdefault(resident, {})[Quarter.read(quarter)] = code
    return {
        resident: {quarter: code for quarter, code in each.items() if code is not None}
        for resident, each in found.items()
    }


@prepared
def _codes(postgres: bool) -> Any:
    asked = _RESIDENTS.source(postgres)
    return (
        sa.select(_g.resident_id, _g.quarter, _g.code)
        .join(asked, asked.c.resident_id == _g.resident_id)
        .where(_g.quarter.between(sa.bindparam("first"), sa.bindparam("last")))
        .order_by(_g.resident_id, _g.quarter, _g.version)
    )


def newer(work: Work, known: Iterable[Key]) -> list[tuple[bytes, Quarter]]:
    """Residents and quarters, in this order, of which a newer version stands than one of these."""
    rows = work.db.execute(_newer(work.db), _KNOWN.bind(work.db, known))
    return [(row.resident_id, Quarter.read(row.quarter)) for row in rows]


@prepared
def _newer(postgres: bool) -> Any:
    known = _KNOWN.source(postgres)
    same = sa.and_(_g.resident_id == known.c.resident_id, _g.quarter == known.c.quarter)
    later = sa.select(_g.resident_id, _g.quarter).join(known, same).distinct()
    return later.where(_g.version > known.c.version).order_by(_g.resident_id, _g.quarter)


def after(work: Work, key: Key | None, count: int) -> list[Grade]:
    """The next rows in the order of resident, quarter, version."""
    order = (_g.resident_id, _g.quarter, _g.version)
    statement = sa.select(*_COLUMNS).order_by(*order).limit(count)
    if key is not None:
        values = (sa.literal(v, c.type) for v, c in zip(key, order, strict=True))
        statement = statement.where(sa.tuple_(*order) > sa.tuple_(*values))
    return [_grade(row) for row in work.db.execute(statement)]


def erase(work: Work, resident: bytes) -> int:
    """Delete all grades of a resident; how many rows."""
    return work.db.execute(grade.delete().where(_g.resident_id == resident)).rowcount


def forget(work: Work, before: Quarter, limit: int) -> int:
    """Delete some grades of quarters before one; how many rows."""
    key = sa.tuple_(_g.resident_id, _g.quarter, _g.version)
    old = sa.select(_g.resident_id, _g.quarter, _g.version).where(_g.quarter < str(before))
    return work.db.execute(grade.delete().where(key.in_(old.limit(limit)))).rowcount


def graded(work: Work, quarter: Quarter) -> Iterator[Grade]:
    """Every version that stands of a quarter, by resident: for reports."""
    wide(work.db)
    newest = (
        sa.select(_g.resident_id, sa.func.max(_g.version).label("version"))
        .where(_g.quarter == str(quarter))
        .group_by(_g.resident_id)
        .subquery()
    )
    same = (_g.resident_id == newest.c.resident_id, _g.version == newest.c.version)
    statement = (
        sa.select(*_COLUMNS)
        .join(newest, sa.and_(*same))
        .where(_g.quarter == str(quarter))
        .order_by(_g.resident_id)
        .execution_options(yield_per=_PAGE)
    )
    return (_grade(row) for row in work.db.execute(statement))
