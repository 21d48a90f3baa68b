"""Queries of what residents contest: which acts, for which objection, what is held meanwhile."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from app import ledger
from app.activities.tables import dispute
from app.plumbing.db import Id, Rows, insert_rows, is_postgres
from app.plumbing.work import Work

HOLD = "obj"  # the prefix of what such points are held for: the objection
_ACTS = Rows("asked", resident_id=Id, activity_id=Id)
_d = dispute.c
_OPEN = _d.closed_at.is_(None)


class Dispute(NamedTuple):
    """An act in dispute; `held` are the hundredths that were kept apart for it."""

    resident: bytes
    activity: bytes
    objection: bytes
    held: int


_COLUMNS = (_d.resident_id, _d.activity_id, _d.objection_id, _d.held)


def add(work: Work, new: Dispute) -> None:
    """Write that an act is contested from now on."""
    resident, act, objection, held = new
    insert_rows(work.db, dispute, [(resident, act, objection, work.now, None, held)])


def contested(work: Work, resident: bytes) -> set[bytes]:
    """The acts of a resident that are in dispute."""
    return set(work.db.scalars(sa.select(_d.activity_id).where(_d.resident_id == resident, _OPEN)))


def open_of(work: Work, acts: Iterable[tuple[bytes, bytes]]) -> list[Dispute]:
    """Of these (resident, act), the open disputes."""
    asked = _ACTS.source(is_postgres(work.db))
    rows = work.db.execute(
        sa.select(*_COLUMNS).join(
            asked,
            sa.and_(
                asked.c.resident_id == _d.resident_id, asked.c.activity_id == _d.activity_id, _OPEN
            ),
        ),
        _ACTS.bind(work.db, acts),
    )
    return [Dispute(*row) for row in rows]


def end(work: Work, wallets: ledger.Wallets, ended: Sequence[Dispute]) -> None:
    """Close disputes: what was held for them goes back to where it came from."""
    for each in ended:
        if each.held:
            ledger.release(work, each.resident, each.objection, wallets=wallets)
        work.db.execute(
            dispute.update()
            .where(
                _d.resident_id == each.resident,
                _d.activity_id == each.activity,
                _d.objection_id == each.objection,
            )
            .values(closed_at=work.now)
        )


def every_open(work: Work) -> list[Dispute]:
    """Every open dispute: for the audit."""
    return [Dispute(*row) for row in work.db.execute(sa.select(*_COLUMNS).where(_OPEN))]


def differences(work: Work) -> Iterator[str]:
    """What the audit proves: open disputes and the points held for them agree."""
    kept = {(row.resident, row.objection): row.held for row in every_open(work) if row.held}
    held = {(who, what): amount for who, what, amount in ledger.open_holds(work, HOLD)}
    for key in sorted(kept.keys() | held.keys()):
        if kept.get(key) != held.get(key):
            yield f"a dispute is kept with {kept.get(key)} held, the ledger holds {held.get(key)}"
