"""What the audit proves of the books: files are as they were made, and nothing fell out of them.

A check yields sentences; none means that it holds.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from hashlib import sha256

import orjson
import sqlalchemy as sa

from app.clearing import payouts, store
from app.clearing.model import File, Line, Totals
from app.clearing.rendering import shown
from app.clearing.tables import file, line, payout
from app.kernel import Ids, yuan
from app.plumbing.db import wide
from app.plumbing.work import Work

_FEW = 20
# No work lasts longer: what was recorded that long before a file was made had to be in it.
_PATIENCE = timedelta(minutes=10)


def verify(work: Work) -> Iterator[str]:
    """Every difference between the files, the lines marked with them and the payouts."""
    wide(work.db)
    brought = _netted(work)
    for file_id in work.db.scalars(sa.select(file.c.id).order_by(file.c.id)).all():
        made = store.file_by_id(work, file_id)
        yield from _bytes(work, made)
        yield from _payouts(work, made, brought)
    for (_, payer), amount in brought.items():
        yield f"{yuan(amount)} carried over by {payer} have gone into no payout"
    yield from _marks(work)
    yield from _missed(work)
    yield from _forged(work)


def _bytes(work: Work, made: File) -> Iterator[str]:
    name = f"the file of {made.party} ({made.book}) of {made.day}"
    table, document = (store.content(work, made.id, kind) for kind in ("csv", "json"))
    if sha256(table).digest() != made.sha256:
        yield f"{name} is not the CSV that was made"
    if sha256(document).digest() != made.json_sha256:
        yield f"{name} is not the JSON that was made"
        return
    told = orjson.loads(document)
    lines = store.lines_of(work, made.id)
    if told["sha256"] != made.sha256.hex():
        yield f"{name} names another hash than its CSV has"
    if _told(told["lines"], made) != _kept(lines, made):
        yield f"{name} tells other lines than those marked with it"
    totals = Totals.of(lines, made.shape)
    if totals != made.totals or told["totals"] != shown(totals):
        yield f"{name} has other totals than its lines"


def _told(rows: Sequence[dict[str, str]], made: File) -> list[tuple[str, ...]]:
    columns = (made.shape.reference, "kind", "day", "amount")
    return [tuple(row[column] for column in columns) for row in rows]


def _kept(lines: Sequence[Line], made: File) -> list[tuple[str, ...]]:
    return [
        (made.shape.name(each), each.kind, each.day.isoformat(), yuan(each.amount))
        for each in lines
    ]


def _marks(work: Work) -> Iterator[str]:
    """A line marked with a file is of its book and party, and of its day or earlier."""
    same = (file.c.book == line.c.book, file.c.party == line.c.party, file.c.day >= line.c.day)
    joined = line.outerjoin(file, sa.and_(file.c.id == line.c.file_id, *same))
    stray = sa.select(line.c.party, line.c.day).select_from(joined)
    where = (line.c.file_id.is_not(None), file.c.id.is_(None))
    for row in work.db.execute(stray.where(*where).limit(_FEW)):
        yield f"a line of {row.party} of {row.day} is marked with a file that is not its own"


def _missed(work: Work) -> Iterator[str]:
    """A line in no file was recorded when the last file that could hold it was being made."""
    same = (file.c.book == line.c.book, file.c.party == line.c.party, file.c.day >= line.c.day)
    columns = (line.c.id, line.c.party, line.c.day)
    waiting = (
        sa.select(*columns, sa.func.max(file.c.made_at).label("closed_at"))
        .join_from(line, file, sa.and_(*same))
        .where(line.c.file_id.is_(None))
        .group_by(*columns)
    )
    for row in work.db.execute(waiting):
        if Ids.instant(row.id) + _PATIENCE < row.closed_at:
            yield f"a line of {row.party} of {row.day} is in no file"


def _netted(work: Work) -> dict[tuple[bytes, str], int]:
    """What was carried over into each file by each payer."""
    sums = sa.select(payout.c.netted_into, payout.c.payer, sa.func.sum(payout.c.amount))
    netted = sums.where(payout.c.state == "netted").group_by(payout.c.netted_into, payout.c.payer)
    return {(into, payer): int(amount) for into, payer, amount in work.db.execute(netted)}


def _payouts(work: Work, made: File, brought: dict[tuple[bytes, str], int]) -> Iterator[str]:
    """A payout is the sum of its payer's lines and of what was carried into it."""
    owed = made.owed
    for each in payouts.of_files(work, [made.id])[made.id]:
        earlier = brought.pop((made.id, each.payer), 0)
        if (each.brought, each.amount) != (earlier, owed.pop(each.payer, 0) + earlier):
            yield f"a payout of {each.payer} to {made.party} of {made.day} is off its lines"
    for payer in owed:
        yield f"a payout of {payer} to {made.party} of {made.day} is missing"


def _forged(work: Work) -> Iterator[str]:
    made = sa.select(file.c.id).where(file.c.id == payout.c.file_id)
    rows = sa.select(payout.c.payer, payout.c.party, payout.c.day).where(~made.exists())
    for row in work.db.execute(rows.limit(_FEW)):
        yield f"a payout of {row.payer} to {row.party} of {row.day} is of no file"
