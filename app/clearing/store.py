"""Queries of lines and files. Rows in, values out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import orjson
import sqlalchemy as sa

from app.clearing.model import ADJUSTMENT, File, Line, Shape, Split, Sum, Told, Totals
from app.clearing.rendering import Rendered
from app.clearing.tables import file, line, party
from app.plumbing.db import insert_rows, upsert
from app.plumbing.work import Work

_LINE = [column for column in line.columns if column.name != "file_id"]
_FILE = [column for column in file.columns if column.name not in {"csv", "json"}]


def told_text(told: Told) -> str:
    """Told columns as canonical JSON."""
    return orjson.dumps(dict(told), None, orjson.OPT_SORT_KEYS).decode()


def add(work: Work, lines: Iterable[Line]) -> None:
    """Write lines that are in no file yet, in one statement."""
    rows = [
        (
            each.id,
            each.book,
            each.party,
            each.day,
            each.at,
            each.kind,
            each.reference,
            each.amount,
            told_text(each.told),
            None,
        )
        for each in lines
    ]
    insert_rows(work.db, line, rows)


def lock_party(work: Work, book: str, name: str) -> bool:
    """Lock a party, known or new; whether its payouts are held."""
    insert = upsert(work.db, party).values(book=book, party=name, held=False, closed_until=None)
    locked = insert.on_conflict_do_update(
        index_elements=["book", "party"], set_={"book": insert.excluded.book}
    )
    held: bool = work.db.execute(locked.returning(party.c.held)).scalar_one()
    return held


def mark_held(work: Work, book: str, name: str, held: bool) -> None:
    """Hold a locked party, or let it go."""
    work.db.execute(party.update().where(*_whose(book, name)).values(held=held))


def closed(work: Work, book: str, name: str, day: date) -> None:
    """Note the day of a locked party's new file."""
    newer = sa.or_(party.c.closed_until.is_(None), party.c.closed_until < day)
    work.db.execute(party.update().where(*_whose(book, name), newer).values(closed_until=day))


def _whose(book: str, name: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (party.c.book == book, party.c.party == name)


def closed_until(work: Work, book: str) -> dict[str, date]:
    """The last day of each party that has a file."""
    known = sa.and_(party.c.book == book, party.c.closed_until.is_not(None))
    rows = work.db.execute(sa.select(party.c.party, party.c.closed_until).where(known))
    return {row[0]: row[1] for row in rows}


def parties_waiting(work: Work, book: str, day: date) -> list[str]:
    """The parties with lines of this day or earlier that are in no file, by their codes."""
    waiting = (line.c.book == book, line.c.day <= day, line.c.file_id.is_(None))
    return sorted(work.db.scalars(sa.select(line.c.party).where(*waiting).distinct()))


def take(work: Work, file_id: bytes, book: str, name: str, day: date) -> list[Line]:
    """Put every line of this day or earlier that is in no file into this one; by instant."""
    waiting = (line.c.book == book, line.c.party == name, line.c.day <= day)
    taken = line.update().where(*waiting, line.c.file_id.is_(None)).values(file_id=file_id)
    return _lines(work.db.execute(taken.returning(*_LINE)))


def lines_of(work: Work, file_id: bytes) -> list[Line]:
    """The lines of a file, in its order."""
    return _lines(work.db.execute(sa.select(*_LINE).where(line.c.file_id == file_id)))


def references_in(work: Work, file_id: bytes) -> list[bytes]:
    """What the lines of a file refer to, each once, ascending."""
    mine = sa.select(line.c.reference).where(line.c.file_id == file_id).distinct()
    return sorted(work.db.scalars(mine))


def _lines(rows: Iterable[Any]) -> list[Line]:
    found = [Line(*(*row[:-1], orjson.loads(row.told))) for row in rows]
    return sorted(found, key=lambda each: (each.at, each.id))


def add_file(work: Work, made: File, content: Rendered) -> None:
    """Write a file. No statement of this room ever changes one."""
    row = (
        made.id,
        made.book,
        made.party,
        made.day,
        made.made_at,
        orjson.dumps(asdict(made.shape)).decode(),
        made.totals.all.lines,
        made.totals.all.amount,
        orjson.dumps(_plain(made.totals.by)).decode(),
        made.sha256,
        made.json_sha256,
        content.csv,
        content.json,
    )
    insert_rows(work.db, file, [row])


def _plain(by: Split) -> dict[str, dict[str, list[int]]]:
    return {column: {value: [*one] for value, one in sums.items()} for column, sums in by.items()}


def find_file(work: Work, book: str, name: str, day: date) -> File | None:
    """The file of a party and day, or None."""
    mine = (file.c.book == book, file.c.party == name, file.c.day == day)
    row = work.db.execute(sa.select(*_FILE).where(*mine)).first()
    return None if row is None else _file(row)


def file_by_id(work: Work, file_id: bytes) -> File:
    """A file that exists."""
    return _file(work.db.execute(sa.select(*_FILE).where(file.c.id == file_id)).one())


def content(work: Work, file_id: bytes, kind: str) -> bytes:
    """The bytes of a file: `csv` or `json`."""
    found: bytes = work.db.execute(sa.select(file.c[kind]).where(file.c.id == file_id)).scalar_one()
    return found


def files(
    work: Work,
    book: str,
    name: str,
    since: date | None,
    until: date | None,
    before: date | None,
    limit: int,
) -> list[File]:
    """Files of a party from a day to a day, both included, newest first, before a day."""
    statement = sa.select(*_FILE).where(file.c.book == book, file.c.party == name)
    if since is not None:
        statement = statement.where(file.c.day >= since)
    if until is not None:
        statement = statement.where(file.c.day <= until)
    if before is not None:
        statement = statement.where(file.c.day < before)
    return [
        _file(row) for row in work.db.execute(statement.order_by(file.c.day.desc()).limit(limit))
    ]


def _file(row: Any) -> File:
    shape: Mapping[str, Any] = orjson.loads(row.shape)
    by: Mapping[str, Mapping[str, Sequence[int]]] = orjson.loads(row.totals)
    return File(
        id=row.id,
        book=row.book,
        party=row.party,
        day=row.day,
        made_at=row.made_at,
        shape=Shape(
            shape["reference"],
            shape["prefix"],
            tuple(shape["columns"]),
            tuple(shape["split"]),
            shape.get("both_ways", False),  # files made before there were such books say nothing
        ),
        totals=Totals(
            Sum(row.lines, row.amount),
            {
                column: {value: Sum(*pair) for value, pair in sums.items()}
                for column, sums in by.items()
            },
        ),
        sha256=row.csv_sha256,
        json_sha256=row.json_sha256,
    )


def written(work: Work, book: str) -> Iterator[tuple[bytes, str, str, int, Told]]:
    """Every line of a book (reference, party, kind, amount, told) by reference, in a file or in
    none yet; not what operators adjusted."""
    rows = work.db.execute(
        sa.select(line.c.reference, line.c.party, line.c.kind, line.c.amount, line.c.told)
        .where(line.c.book == book, line.c.kind != ADJUSTMENT)
        .order_by(line.c.reference)
    )
    return ((*row[:-1], orjson.loads(row.told)) for row in rows)
