"""Queries of partners' claims, and of behaviours that one partner alone pays."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import orjson
import sqlalchemy as sa

from app.activities.claimed import WITHDRAWN, ClaimSum, Payer, StandingClaim
from app.activities.store import Need
from app.activities.tables import exclusive_payer, partner_claim
from app.plumbing.db import Digest, Id, Rows, insert_rows, is_postgres, prepared
from app.plumbing.work import Work

_c, _p = partner_claim.c, exclusive_payer.c
_NEEDS = Rows("need", resident_id=Id, since=sa.Date, until=sa.Date)
_HASHES = Rows("asked", reference_hash=Digest)
_RESIDENTS = Rows("asked", resident_id=Id)
_STANDINGS = Rows(
    "changed", resident_id=Id, id=Id, status=sa.String(10), reason=sa.String(200)
)  # fmt: skip
_SHOWN = (
    _c.id, _c.resident_id, _c.partner, _c.link_id, _c.name, _c.reference_hash, _c.behaviour,
    _c.day, _c.cell_a, _c.cell_b, _c.marks, _c.priority, _c.reduction_mg, _c.content_hash,
    _c.status, _c.recorded_at, _c.reason,
)  # fmt: skip


def _standing(row: Any) -> StandingClaim:
    cells = None if row.cell_a is None else (row.cell_a, row.cell_b)
    return StandingClaim(
        row.id, row.resident_id, row.partner, row.link_id, row.name, row.reference_hash,
        row.behaviour, row.day, cells, frozenset(orjson.loads(row.marks)), row.priority,
        row.reduction_mg, row.content_hash, row.status, row.recorded_at, row.reason,
    )  # fmt: skip


def load(work: Work, needs: Iterable[Need]) -> list[StandingClaim]:
    """Live claims (not withdrawn) on these residents' days."""
    asked = _NEEDS.bind(work.db, [need[:3] for need in needs])
    return [_standing(row) for row in work.db.execute(_live(work.db), asked)]


@prepared
def _live(postgres: bool) -> Any:
    asked = _NEEDS.source(postgres)
    same = sa.and_(
        _c.resident_id == asked.c.resident_id,
        _c.day >= asked.c.since,
        _c.day <= asked.c.until,
        _c.status != WITHDRAWN,
    )
    return sa.select(*_SHOWN).join(asked, same)


def find(work: Work, references: Iterable[bytes]) -> dict[bytes, StandingClaim]:
    """Claims, withdrawn ones too, by the hash of partner and reference."""
    asked = _HASHES.bind(work.db, [(each,) for each in references])
    rows = map(_standing, work.db.execute(_by_reference(work.db), asked))
    return {row.reference: row for row in rows}


@prepared
def _by_reference(postgres: bool) -> Any:
    asked = _HASHES.source(postgres)
    return sa.select(*_SHOWN).join(asked, asked.c.reference_hash == _c.reference_hash)


def add(work: Work, claims: Sequence[StandingClaim]) -> None:
    """Keep new claims as they stand."""
    rows = [
        (
            each.resident, each.id, each.partner, each.link, each.name, each.reference,
            each.behaviour, each.day, *(each.cells or (None, None)),
            orjson.dumps(sorted(each.marks)).decode(), each.priority, each.reduction_mg,
            each.content, each.status, each.reason, work.now, work.now,
        )
        for each in claims
    ]  # fmt: skip
    insert_rows(work.db, partner_claim, rows)


def change(work: Work, rows: Sequence[tuple[bytes, bytes, str, str | None]]) -> None:
    """Give claims (resident, id) another status, and say why."""
    if rows:
        changed = work.db.execute(
            _change(work.db), _STANDINGS.bind(work.db, rows) | {"now": work.now}
        )
        assert changed.rowcount == len(rows), "a claim to change does not exist"


@prepared
def _change(postgres: bool) -> Any:
    new = _STANDINGS.source(postgres)
    now = sa.bindparam("now", type_=_c.changed_at.type)
    return (
        partner_claim.update()
        .values(status=new.c.status, reason=new.c.reason, changed_at=now)
        .where(_c.resident_id == new.c.resident_id, _c.id == new.c.id)
    )


def sums(work: Work, link: bytes) -> list[ClaimSum]:
    """Claims of a link that were not withdrawn, by behaviour and month."""
    month = sa.func.substr(sa.cast(_c.day, sa.String), 1, 7)
    held = sa.case((_c.status == "held", 1), else_=0)
    rows = work.db.execute(
        sa.select(
            _c.behaviour, month, sa.func.count(), sa.func.sum(held), sa.func.sum(_c.reduction_mg)
        )
        .where(_c.link_id == link, _c.status != WITHDRAWN)
        .group_by(_c.behaviour, month)
        .order_by(_c.behaviour, month)
    )
    return [ClaimSum(row[0], row[1], row[2], int(row[3]), int(row[4])) for row in rows]


def payers(work: Work, residents: Iterable[bytes]) -> dict[bytes, list[Payer]]:
    """Who alone pays what, by resident, oldest first."""
    asked = _RESIDENTS.source(is_postgres(work.db))
    rows = work.db.execute(
        sa.select(_p.resident_id, _p.behaviour, _p.partner, _p.from_day, _p.until_day)
        .join(asked, asked.c.resident_id == _p.resident_id)
        .order_by(_p.resident_id, _p.behaviour, _p.from_day),
        _RESIDENTS.bind(work.db, [(each,) for each in residents]),
    )
    found: dict[bytes, list[Payer]] = {}
    for resident, *payer in rows:
        found.setdefault(resident, []).append(Payer(*payer))
    return found


def set_payer(
    work: Work, resident: bytes, behaviour: str, partner: str | None, from_day: date
) -> None:
    """One partner alone, or the city as before (None), pays a behaviour from a day on, whatever
    was said of that day and later before."""
    mine = sa.and_(_p.resident_id == resident, _p.behaviour == behaviour)
    work.db.execute(exclusive_payer.delete().where(mine, _p.from_day >= from_day))
    work.db.execute(
        exclusive_payer.update()
        .where(mine, sa.or_(_p.until_day.is_(None), _p.until_day >= from_day))
        .values(until_day=from_day - timedelta(days=1))
    )
    if partner is not None:
        insert_rows(work.db, exclusive_payer, [(resident, behaviour, from_day, partner, None)])
