"""Tables and queries of the ledger. Rows in, values out; the only SQL of this room."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.ledger.model import DEBT, EARN, POCKETS, TAKE_BACK, Account, Flow, Purse
from app.ledger.tables import BOOK_LOCK, account, transfer, wallet
from app.plumbing.db import (
    Id,
    Rows,
    insert_rows,
    is_postgres,
    prepared,
    upsert,
)
from app.plumbing.work import Work

_ASKED = Rows("asked", resident_id=Id)
_DELTAS = Rows("delta", resident_id=Id, pocket=sa.String(10), day=sa.Date, delta=sa.BigInteger)


def lock_wallets(work: Work, residents: Sequence[bytes]) -> list[tuple[bytes, int, bool]]:
    """Lock these wallets in ascending order (making missing ones): (resident, debt, closed) each.

    Missing ones are made before any is locked: a work that waits for another's new wallet must not
    hold locks that the other may come to want. Locking also keeps the book's hour of this work
    open until it ends, so that whoever closes that hour waits (PostgreSQL; SQLite has one writer).
    """
    asked = _ASKED.bind(work.db, [(resident,) for resident in residents])
    work.db.execute(_make(work.db), asked)
    hour = {"hour": int(work.now.timestamp()) // 3600} if is_postgres(work.db) else {}
    rows = work.db.execute(_lock(work.db), asked | hour)
    return [(row[0], row[1], row[2] is not None) for row in rows]


def close_wallet(work: Work, resident: bytes) -> None:
    """Mark a wallet as that of a closed account."""
    mine = (wallet.c.resident_id == resident, wallet.c.closed_at.is_(None))
    work.db.execute(wallet.update().where(*mine).values(closed_at=work.now))


@prepared
def _make(postgres: bool) -> Any:
    asked = _ASKED.source(postgres)
    new = sa.select(asked.c.resident_id, sa.literal(0, sa.BigInteger)).where(sa.true())
    return (
        upsert(postgres, wallet)
        .from_select(["resident_id", "debt"], new.order_by(asked.c.resident_id))
        .on_conflict_do_nothing()
    )


@prepared
def _lock(postgres: bool) -> Any:
    asked = _ASKED.source(postgres)
    columns: list[Any] = [wallet.c.resident_id, wallet.c.debt, wallet.c.closed_at]
    if postgres:
        share = sa.func.pg_advisory_xact_lock_shared(
            BOOK_LOCK, sa.bindparam("hour", type_=sa.Integer)
        )
        columns.append(sa.select(sa.cast(share, sa.Text)).scalar_subquery())
    return (
        sa.select(*columns)
        .join(asked, asked.c.resident_id == wallet.c.resident_id)
        .order_by(wallet.c.resident_id)
        .with_for_update(of=wallet)
    )


def purses(work: Work, debts: dict[bytes, int]) -> dict[bytes, Purse]:
    """The pockets of these residents; `debts` comes from their locked wallets."""
    found = {resident: Purse(debt=debt) for resident, debt in debts.items()}
    asked = _ASKED.bind(work.db, [(resident,) for resident in debts])
    for resident, pocket, day, balance in work.db.execute(_accounts(work.db), asked):
        found[resident].balances[Account(pocket, day)] = balance
    return found


@prepared
def _accounts(postgres: bool) -> Any:
    asked = _ASKED.source(postgres)
    return sa.select(account).join(asked, asked.c.resident_id == account.c.resident_id)


def purse(work: Work, resident: bytes) -> Purse:
    """One resident's pockets, unlocked: for looking."""
    debt = work.db.scalar(sa.select(wallet.c.debt).where(wallet.c.resident_id == resident))
    return purses(work, {resident: debt or 0})[resident]


def write(work: Work, flows: Sequence[tuple[bytes, Flow]]) -> None:
    """Write flows as transfers and move the balances they touch. Wallets are locked."""
    new_id, now = work.new_id, work.now
    rows = []
    deltas: dict[tuple[bytes, str, date | None], int] = {}
    debts: dict[bytes, int] = {}
    for resident, flow in flows:
        (debit, debit_day), (credit, credit_day), amount, *told = flow
        rows.append((resident, new_id(), debit, debit_day, credit, credit_day, amount, *told, now))
        if credit in POCKETS:
            key = (resident, credit, credit_day)
            deltas[key] = deltas.get(key, 0) + amount
        elif credit == DEBT:
            debts[resident] = debts.get(resident, 0) - amount
        if debit in POCKETS:
            key = (resident, debit, debit_day)
            deltas[key] = deltas.get(key, 0) - amount
        elif debit == DEBT:
            debts[resident] = debts.get(resident, 0) + amount
    insert_rows(work.db, transfer, rows)
    _increase(work, [(*key, delta) for key, delta in deltas.items() if delta > 0])
    _decrease(work, [(*key, -delta) for key, delta in deltas.items() if delta < 0])
    _owe(work, debts)


def _increase(work: Work, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        # Sorted, so that two works that share no wallet still touch pages in one order.
        work.db.execute(_gain(work.db), _DELTAS.bind(work.db, sorted(rows)))


@prepared
def _gain(postgres: bool) -> Any:
    more = _DELTAS.source(postgres)
    insert = upsert(postgres, account).from_select(
        [column.name for column in account.columns], sa.select(more).where(sa.true())
    )
    return insert.on_conflict_do_update(
        index_elements=["resident_id", "pocket", "day"],
        set_={"balance": account.c.balance + insert.excluded.balance},
    )


def _decrease(work: Work, rows: list[tuple[Any, ...]]) -> None:
    if not rows:
        return
    asked = _DELTAS.bind(work.db, rows)
    changed = work.db.execute(_lose(work.db), asked)
    assert changed.rowcount == len(rows), "an account to take from does not exist"
    work.db.execute(_drop_emptied(work.db), asked)


def _same(less: Any) -> sa.ColumnElement[bool]:
    return sa.and_(
        account.c.resident_id == less.c.resident_id,
        account.c.pocket == less.c.pocket,
        account.c.day == less.c.day,
    )


@prepared
def _lose(postgres: bool) -> Any:
    less = _DELTAS.source(postgres)
    left = account.c.balance - less.c.delta
    return account.update().values(balance=left).where(_same(less))


@prepared
def _drop_emptied(postgres: bool) -> Any:
    """Emptied accounts go, so that reading a wallet never walks through its past."""
    less = _DELTAS.source(postgres)
    emptied = sa.select(sa.literal(1)).select_from(less).where(_same(less))
    return account.delete().where(account.c.balance == 0, emptied.exists())


def _owe(work: Work, debts: dict[bytes, int]) -> None:
    rows = [{"r": resident, "d": delta} for resident, delta in debts.items() if delta]
    if rows:
        statement = (
            wallet.update()
            .where(wallet.c.resident_id == sa.bindparam("r"))
            .values(debt=wallet.c.debt + sa.bindparam("d"))
        )
        work.db.execute(statement, rows)


def lapsed_of_lots(work: Work, resident: bytes, days: Iterable[date]) -> dict[date, int]:
    """What expired of each of these lots and has not been corrected since."""
    wanted = list(days)
    mine = transfer.c.resident_id == resident
    into = sa.select(transfer.c.credit_day.label("day"), transfer.c.amount.label("n")).where(
        mine, transfer.c.credit == "expired", transfer.c.credit_day.in_(wanted)
    )
    out = sa.select(transfer.c.debit_day, -transfer.c.amount).where(
        mine, transfer.c.debit == "expired", transfer.c.debit_day.in_(wanted)
    )
    both = sa.union_all(into, out).subquery()
    rows = work.db.execute(sa.select(both.c.day, sa.func.sum(both.c.n)).group_by(both.c.day))
    return {day: int(total) for day, total in rows}


def residents_due(work: Work, count: int) -> list[bytes]:
    """Some residents with pending that is due or lots that have expired."""
    due = sa.and_(account.c.pocket == "pending", account.c.day <= work.today)
    over = sa.and_(account.c.pocket.in_(["available", "grace"]), account.c.day < work.today)
    found: set[bytes] = set()
    for condition in (due, over):
        statement = sa.select(account.c.resident_id).where(condition).limit(count)
        found.update(work.db.scalars(statement))
    return sorted(found)[:count]


def entries(
    work: Work,
    resident: bytes,
    limit: int,
    before: bytes | None,
    since: datetime | None,
    until: datetime | None,
) -> Sequence[Any]:
    """Transfers of a resident, the newest first."""
    statement = sa.select(transfer).where(transfer.c.resident_id == resident)
    if before is not None:
        statement = statement.where(transfer.c.id < before)
    if since is not None:
        statement = statement.where(transfer.c.recorded_at >= since)
    if until is not None:
        statement = statement.where(transfer.c.recorded_at < until)
    return work.db.execute(statement.order_by(transfer.c.id.desc()).limit(limit)).all()


def available_moved_since(work: Work, resident: bytes, since: datetime) -> int:
    """How much the available pockets gained in transfers recorded at or after an instant."""
    spendable = ("available", "grace")
    gained = sa.case((transfer.c.credit.in_(spendable), transfer.c.amount), else_=0)
    lost = sa.case((transfer.c.debit.in_(spendable), transfer.c.amount), else_=0)
    total = work.db.scalar(
        sa.select(sa.func.sum(gained - lost)).where(
            transfer.c.resident_id == resident, transfer.c.recorded_at >= since
        )
    )
    return int(total or 0)


def transfers_between(
    work: Work, resident: bytes, cause: bytes, least: bytes, greatest: bytes
) -> list[bytes]:
    """Ids of a cause's transfers among the ids of one instant: a short walk along the key."""
    statement = sa.select(transfer.c.id).where(
        transfer.c.resident_id == resident,
        transfer.c.id.between(least, greatest),
        transfer.c.cause == cause,
    )
    return list(work.db.scalars(statement.order_by(transfer.c.id)))


def posted(work: Work, residents: Sequence[bytes]) -> dict[tuple[bytes, date], int]:
    """What acts were paid, net, by resident and due day: for the audit of the scores."""
    asked = _ASKED.source(is_postgres(work.db))
    paid = sa.case((transfer.c.code == EARN, transfer.c.amount), else_=-transfer.c.amount)
    rows = work.db.execute(
        sa.select(transfer.c.resident_id, transfer.c.due_on, sa.func.sum(paid))
        .join(asked, asked.c.resident_id == transfer.c.resident_id)
        .where(transfer.c.code.in_([EARN, TAKE_BACK]))
        .group_by(transfer.c.resident_id, transfer.c.due_on),
        _ASKED.bind(work.db, [(resident,) for resident in residents]),
    )
    return {(resident, due_on): int(total) for resident, due_on, total in rows}
