"""Queries of suspense: differences until two people close them."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import sqlalchemy as sa

from app.clearing.comparing import Found
from app.clearing.model import Difference, File, Told
from app.clearing.store import told_text
from app.clearing.tables import difference
from app.plumbing.db import Id, Rows, prepared, upsert
from app.plumbing.work import Work

_PARKED = Rows(
    "parked",
    id=Id,
    type=sa.String(10),
    reference=sa.String(80),
    kind=sa.String(20),
    ours=sa.BigInteger,
    theirs=sa.BigInteger,
    told=sa.Text,
)
_ASKED = Rows("finding", reference=sa.String(80), type=sa.String(10))
_KEY = ("book", "party", "day")


def park(work: Work, made: File, findings: Sequence[Found], told: Mapping[str, Told]) -> None:
    """Park findings against a file; one that is parked already stays as it was.

    `told`: the told columns of our lines, by reference.
    """
    rows = []
    for each in findings:
        text = told_text(told[each.reference]) if each.reference in told else None
        rows.append((work.new_id(), *each, text))
    work.db.execute(_park(work.db), _PARKED.bind(work.db, rows) | _whose(made) | {"now": work.now})


def _whose(made: File) -> dict[str, Any]:
    return {"book": made.book, "party": made.party, "day": made.day}


@prepared
def _park(postgres: bool) -> Any:
    new = _PARKED.source(postgres)
    fixed = {name: sa.bindparam(name, type_=difference.c[name].type) for name in _KEY}
    fixed |= {"found_at": sa.bindparam("now", type_=difference.c.found_at.type)}
    values = {column.name: column for column in new.c} | fixed | {"state": sa.literal("open")}
    # By key: two who send the same file at once meet at its first difference, not crosswise.
    chosen = sa.select(*values.values()).where(sa.true()).order_by(new.c.reference, new.c.type)
    return upsert(postgres, difference).from_select([*values], chosen).on_conflict_do_nothing()


def of(work: Work, made: File, findings: Sequence[Found]) -> list[Difference]:
    """What is parked of these findings against a file, by reference and type."""
    asked = _ASKED.bind(work.db, [(each.reference, each.type) for each in findings])
    found = [_difference(row) for row in work.db.execute(_of(work.db), asked | _whose(made))]
    return sorted(found, key=lambda each: (each.reference, each.type))


@prepared
def _of(postgres: bool) -> Any:
    asked = _ASKED.source(postgres)
    mine = [difference.c[n] == sa.bindparam(n, type_=difference.c[n].type) for n in _KEY]
    same = (difference.c.reference == asked.c.reference, difference.c.type == asked.c.type)
    return sa.select(difference).join(asked, sa.and_(*same)).where(*mine)


def find(work: Work, difference_id: bytes) -> Difference | None:
    """A difference, or None."""
    mine = sa.select(difference).where(difference.c.id == difference_id)
    row = work.db.execute(mine).first()
    return None if row is None else _difference(row)


def lock_twins(work: Work, found: Difference) -> list[Difference]:
    """All differences of one reference of a file, this one too, locked."""
    same = [difference.c[name] == getattr(found, name) for name in (*_KEY, "reference")]
    rows = sa.select(difference).where(*same).order_by(difference.c.id).with_for_update()
    return [_difference(row) for row in work.db.execute(rows)]


def close(work: Work, found: Difference, resolution: str, decided_by: tuple[str, str]) -> None:
    """Close a difference that is locked and open."""
    proposed_by, approved_by = decided_by
    values: dict[str, Any] = {
        "state": "closed",
        "resolution": resolution,
        "proposed_by": proposed_by,
        "approved_by": approved_by,
        "closed_at": work.now,
    }
    work.db.execute(difference.update().where(difference.c.id == found.id).values(**values))


def listed(
    work: Work, book: str, party: str | None, state: str | None, before: bytes | None, limit: int
) -> list[Difference]:
    """Differences of a book, of one party and in one state if said, newest first, before an id."""
    statement = sa.select(difference).where(difference.c.book == book)
    if party is not None:
        statement = statement.where(difference.c.party == party)
    if state is not None:
        statement = statement.where(difference.c.state == state)
    if before is not None:
        statement = statement.where(difference.c.id < before)
    rows = work.db.execute(statement.order_by(difference.c.id.desc()).limit(limit))
    return [_difference(row) for row in rows]


def _difference(row: Any) -> Difference:
    told = None if row.told is None else orjson.loads(row.told)
    return Difference(**(row._asdict() | {"told": told}))
