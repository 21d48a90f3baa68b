"""Corrections that somebody who was told of the grade before has not heard of yet."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from app.plumbing.db import Id, insert_rows, metadata
from app.plumbing.work import Work

# Written with the version that it tells of, deleted with what is told.
grade_change = sa.Table(
    "grade_change",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("resident_id", Id, nullable=False, index=True),
    sa.Column("quarter", sa.String(6), nullable=False),
    sa.Column("version", sa.SmallInteger, nullable=False),
)


class Change(NamedTuple):
    """A version of a resident's grade that took the place of another; `id` is the grade's."""

    id: bytes
    resident_id: bytes
    quarter: str
    version: int


def note(work: Work, changes: Sequence[Change]) -> None:
    """Keep these until somebody has told of them."""
    insert_rows(work.db, grade_change, list(changes))


def changed(work: Work, limit: int) -> list[Change]:
    """Corrections that nobody was told of, oldest first, locked."""
    found = sa.select(grade_change).order_by(grade_change.c.id).limit(limit)
    return [Change(*row) for row in work.db.execute(found.with_for_update(skip_locked=True))]


def forget_changed(work: Work, changes: Sequence[Change]) -> None:
    """These have been told."""
    ids = [each.id for each in changes]
    work.db.execute(grade_change.delete().where(grade_change.c.id.in_(ids)))
