"""Queries of the city's counts: the one that is told, and the one that is being made."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa

from app.plumbing.db import upsert
from app.plumbing.work import Work
from app.reports.tables import city_count

Key = tuple[str, ...]
_c = city_count.c
_WHOLE = (_c.morning, _c.began_at, _c.ended_at, _c.after, _c.figures)


class Figures(NamedTuple):
    """Sums by what they are of, the first word of which says of what kind; and what each source
    sent, by its wire id. A sum that is absent is nothing."""

    sums: dict[Key, list[int]]
    sources: dict[str, dict[str, Any]]

    def add(self, more: Iterable[tuple[Key, tuple[int, ...]]]) -> None:
        """Add sums of others."""
        for key, values in more:
            old = self.sums.setdefault(key, [0] * len(values))
            self.sums[key] = [a + b for a, b in zip(old, values, strict=True)]

    def by(self, *head: str) -> dict[str, list[int]]:
        """The sums whose key begins like that, by its last word."""
        size = len(head)
        found = self.sums.items()
        return {key[-1]: v for key, v in found if len(key) == size + 1 and key[:size] == head}


class Count(NamedTuple):
    """A count of the city; `after` is the last resident counted."""

    morning: date
    began_at: datetime
    ended_at: datetime | None
    after: bytes
    figures: Figures


def _read(row: Any) -> Count:
    said = orjson.loads(row.figures)
    sums = {tuple(key): values for key, values in said["sums"]}
    figures = Figures(sums, said["sources"])
    return Count(row.morning, row.began_at, row.ended_at, row.after, figures)


def _text(figures: Figures) -> str:
    sums = [[*pair] for pair in figures.sums.items()]
    return orjson.dumps({"sums": sums, "sources": figures.sources}).decode()


def told(work: Work) -> Count | None:
    """The newest count that has ended."""
    newest = sa.select(*_WHOLE).where(_c.ended_at.is_not(None)).order_by(_c.morning.desc())
    row = work.db.execute(newest.limit(1)).first()
    return None if row is None else _read(row)


def lock(work: Work, morning: date) -> Count:
    """The count of a morning, begun if nobody has; whoever else works at it waits."""
    first = {"morning": morning, "began_at": work.now, "after": b""}
    insert = upsert(work.db, city_count).values(**first, figures=_text(Figures({}, {})))
    work.db.execute(insert.on_conflict_do_nothing())
    mine = sa.select(*_WHOLE).where(_c.morning == morning)
    return _read(work.db.execute(mine.with_for_update()).one())


def go_on(work: Work, count: Count, after: bytes) -> None:
    """A count has come so far."""
    _change(work, count, after=after)


def end(work: Work, count: Count) -> None:
    """Everybody is counted: this count is told, and those before it are forgotten."""
    _change(work, count, ended_at=work.now)
    work.db.execute(city_count.delete().where(_c.morning < count.morning))


def _change(work: Work, count: Count, **columns: Any) -> None:
    changed = city_count.update().where(_c.morning == count.morning)
    work.db.execute(changed.values(figures=_text(count.figures), **columns))
