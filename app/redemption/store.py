"""Vouchers and their steps. Rows in, values out. The wallet of the resident is locked whenever a
voucher is about to change, so a row read here stays as it was read; but for `settle`, which no
wallet waits for."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.plumbing.db import Id, Rows, UtcDateTime, insert_rows, prepared
from app.plumbing.work import Work
from app.redemption.model import HOLDING, REDEEMED, SETTLED, TRANSITIONS, UNDONE, Event, Voucher
from app.redemption.tables import HOLDING_ROWS, OFFLINE_ROWS, voucher, voucher_code, voucher_event

_COLUMNS = [voucher.c[each.name] for each in fields(Voucher)]
_MINE = sa.and_(
    voucher.c.resident_id == sa.bindparam("whose"), voucher.c.id == sa.bindparam("which")
)
_ONE = sa.select(*_COLUMNS).where(_MINE)
_ONE_LOCKED = _ONE.with_for_update()
_MOVED = ("state", "prior", "redemption_id", "changed_at")
_MOVE = (
    voucher.update()
    .where(_MINE, voucher.c.state == sa.bindparam("was"))
    .values({name: sa.bindparam(f"new_{name}") for name in _MOVED})
)


def add(work: Work, new: Voucher) -> None:
    """Write a new voucher."""
    insert_rows(work.db, voucher, [tuple(getattr(new, column.name) for column in voucher.columns)])
    _tell(work, new, new.state, new.state, None, None)


def find(
    work: Work, resident_id: bytes, voucher_id: bytes, *, lock: bool = False
) -> Voucher | None:
    """One voucher of a resident; `lock` holds its row too, against `settle`."""
    statement = _ONE_LOCKED if lock else _ONE
    row = work.db.execute(statement, {"whose": resident_id, "which": voucher_id}).first()
    return None if row is None else Voucher(*row)


def move(
    work: Work,
    found: Voucher,
    state: str,
    *,
    redemption_id: bytes | None = None,
    prior: str | None = None,
    note: str | None = None,
) -> Voucher:
    """Take a voucher to another state, by a way that is on the list, and write the step down."""
    assert state in TRANSITIONS[found.state], f"{found.state} → {state} is not on the list"
    changed = {
        "state": state,
        "prior": prior,
        "redemption_id": redemption_id or found.redemption_id,
        "changed_at": work.now,
    }
    asked = {"whose": found.resident_id, "which": found.id, "was": found.state}
    done = work.db.execute(_MOVE, asked | {f"new_{name}": changed[name] for name in _MOVED})
    assert done.rowcount == 1, "a voucher changed although its wallet was locked"
    _tell(work, found, found.state, state, None, note)
    return replace(found, **changed)  # type: ignore[arg-type]  # the names are those of fields


def tell_refusal(work: Work, found: Voucher, wanted: str, code: str) -> None:
    """Write down that a step was refused."""
    _tell(work, found, found.state, wanted, code, None)


def _tell(
    work: Work, of: Voucher, was: str, became: str, refused: str | None, note: str | None
) -> None:
    step = (of.resident_id, of.id, work.new_id(), work.now, was, became, refused)
    insert_rows(work.db, voucher_event, [(*step, work.actor.kind, work.actor.id or None, note)])


def events(work: Work, found: Voucher) -> list[Event]:
    """The steps of a voucher, oldest first, refused ones too."""
    listed = voucher_event.c
    rows = work.db.execute(
        sa.select(listed.at, listed.was, listed.became, listed.refused, listed.by_kind, listed.note)
        .where(listed.resident_id == found.resident_id, listed.voucher_id == found.id)
        .order_by(listed.id)
    )
    return [Event(*row) for row in rows]


def listed(
    work: Work,
    resident_id: bytes,
    limit: int,
    before: bytes | None = None,
    states: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
) -> list[Voucher]:
    """A resident's vouchers, newest first; of some states and days of issue only, if asked."""
    statement = sa.select(*_COLUMNS).where(voucher.c.resident_id == resident_id)
    if before is not None:
        statement = statement.where(voucher.c.id < before)
    if states:
        statement = statement.where(voucher.c.state.in_(states))
    if since is not None:
        statement = statement.where(voucher.c.issued_on >= since)
    if until is not None:
        statement = statement.where(voucher.c.issued_on <= until)
    rows = work.db.execute(statement.order_by(voucher.c.id.desc()).limit(limit))
    return [Voucher(*row) for row in rows]


def holding(work: Work, resident_id: bytes) -> list[Voucher]:
    """A resident's vouchers whose points are held."""
    rows = work.db.execute(
        sa.select(*_COLUMNS).where(
            voucher.c.resident_id == resident_id, voucher.c.state.in_(HOLDING)
        )
    )
    return [Voucher(*row) for row in rows]


class Had(NamedTuple):
    """How many vouchers of a benefit a person has had."""

    total: int
    month: int
    day: int


def had(work: Work, resident_id: bytes, benefit: str) -> Had:
    """Counted under the resident's lock; what came to nothing does not count."""
    asked = {"whose": resident_id, "what": benefit, "month": work.today.replace(day=1)}
    total, month, day = work.db.execute(_HAD, asked | {"today": work.today}).one()
    return Had(total, month or 0, day or 0)


_HAD = sa.select(
    sa.func.count(),
    sa.func.sum(sa.case((voucher.c.issued_on >= sa.bindparam("month", type_=sa.Date), 1), else_=0)),
    sa.func.sum(sa.case((voucher.c.issued_on == sa.bindparam("today", type_=sa.Date), 1), else_=0)),
).where(
    voucher.c.resident_id == sa.bindparam("whose"),
    voucher.c.benefit == sa.bindparam("what"),
    voucher.c.state.not_in(UNDONE),
)


def overdue(work: Work, count: int, offline_since: datetime) -> list[tuple[bytes, bytes]]:
    """Some vouchers (resident, id) whose last day has passed, the oldest first.

    Not those with an unused offline code that ended after `offline_since`: it may still come in.
    """
    on_its_way = sa.exists().where(
        voucher_code.c.resident_id == voucher.c.resident_id,
        voucher_code.c.voucher_id == voucher.c.id,
        OFFLINE_ROWS,
        voucher_code.c.expires_at > offline_since,
    )
    rows = work.db.execute(
        sa.select(voucher.c.resident_id, voucher.c.id)
        .where(HOLDING_ROWS, voucher.c.expires_on < work.today, ~on_its_way)
        .order_by(voucher.c.expires_on)
        .limit(count)
    )
    return [(row.resident_id, row.id) for row in rows]


_PAID = Rows("paid", resident_id=Id, voucher_id=Id)


def settle(work: Work, pairs: Sequence[tuple[bytes, bytes]]) -> int:
    """Redeemed vouchers (resident, id) whose redemption is in a merchant's file are settled.

    Without their wallets: whoever refunds one meanwhile holds its row, and goes first or second.
    """
    asked = _PAID.bind(work.db, sorted(pairs))
    moved = work.db.execute(_settle(work.db), asked | {"now": work.now}).all()
    step = (work.now, REDEEMED, SETTLED, None, work.actor.kind, None, None)
    told = [(*row, work.new_id(), *step) for row in moved]
    insert_rows(work.db, voucher_event, told)
    return len(moved)


@prepared
def _settle(postgres: bool) -> Any:
    paid = _PAID.source(postgres)
    mine = (voucher.c.resident_id == paid.c.resident_id, voucher.c.id == paid.c.voucher_id)
    now = sa.bindparam("now", type_=UtcDateTime)
    moved = voucher.update().where(*mine, voucher.c.state == REDEEMED)
    return moved.values(state=SETTLED, changed_at=now).returning(
        voucher.c.resident_id, voucher.c.id
    )
