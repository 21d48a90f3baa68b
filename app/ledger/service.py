"""Use cases of the ledger. Each takes a `Work` and never commits.

Whoever changes points locks the wallets first (`lock`), and locks them all at once: wallets are
always taken in ascending order, so two works can wait for each other but never for ever.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from app.kernel import Ids, local_midnight, to_wire
from app.ledger import holds, model, store
from app.ledger.model import (
    AVAILABLE,
    CAUSES,
    EARN,
    EXPIRED,
    GRACE,
    ISSUANCE,
    PENDING,
    POCKETS,
    Account,
    Age,
    Change,
    Entry,
    Flow,
    Lot,
    Purse,
    Terms,
    Wallet,
)
from app.plumbing.paging import Page, bad_cursor
from app.plumbing.work import Work


class Wallets(dict[bytes, int]):
    """Locked wallets: what each resident owes. `closed` are those whose accounts are closed."""

    closed: frozenset[bytes] = frozenset()


_ISSUANCE = Account(ISSUANCE)

NOTICES = ("expiry_notice_first_days", "expiry_notice_last_days")


def terms(work: Work) -> Terms:
    """How long lots live, by the pack's dated values, and what grace is today."""
    pack = work.rules.pack
    names = ("expiry_months", "expiry_end")
    days = {value.since for name in names for value in pack.parameters[name].values}
    # An age needs both of its values: the first day that has them begins.
    begin = max(pack.parameters[name].since for name in names)
    ages = tuple(
        Age(day, pack.count("expiry_months", day), pack.word("expiry_end", day))
        for day in sorted(days | {begin})
        if day >= begin
    )
    return Terms(ages, pack.count("grace_days", work.today))


def lock(work: Work, residents: Iterable[bytes]) -> Wallets:
    """Lock these residents' wallets for the rest of the work. Give it back to `adjust`."""
    wanted = sorted(set(residents))
    found = store.lock_wallets(work, wanted) if wanted else []
    locked = Wallets((resident, debt) for resident, debt, _ in found)
    if any(closed for *_, closed in found):
        locked.closed = frozenset(resident for resident, _, closed in found if closed)
    return locked


def close(work: Work, resident: bytes) -> None:
    """The resident's account is being closed: whoever locks the wallet from now on is told so."""
    lock(work, [resident])
    store.close_wallet(work, resident)


def adjust(work: Work, wallets: Wallets, changes: Sequence[Change]) -> dict[bytes, int]:
    """Post what acts earned more or less than before. Returns the debt each cause left behind.

    A resident who only gains and owes nothing needs no look at the pockets: that is the way of a
    night's file, so it goes first and costs no query.
    """
    if not changes:
        return {}
    conditions = terms(work)
    involved = {c.resident for c in changes if c.amount < 0 or wallets[c.resident]}
    homes = {day: _home(day, work.today, conditions) for day in {c.due_on for c in changes}}
    flows = [
        (who, Flow(_ISSUANCE, homes[due_on], amount, EARN, cause, due_on))
        for who, cause, due_on, amount in changes
        if who not in involved
    ]
    owed = _carefully(work, wallets, changes, involved, flows, conditions) if involved else {}
    store.write(work, flows)
    return owed


def _home(due_on: date, today: date, conditions: Terms) -> Account:
    """Where points due on a day go that meet no debt."""
    if due_on > today:
        return Account(PENDING, due_on)
    return model.home(model.lot_day(due_on, conditions), today, conditions)


def _carefully(
    work: Work,
    wallets: Wallets,
    changes: Sequence[Change],
    involved: set[bytes],
    flows: list[tuple[bytes, Flow]],
    conditions: Terms,
) -> dict[bytes, int]:
    purses = store.purses(work, {resident: wallets[resident] for resident in involved})
    owed: dict[bytes, int] = {}
    # Gains first: what one act lost and another won in the same score meets before any debt.
    for change in sorted(changes, key=lambda c: c.amount < 0):
        purse = purses.get(change.resident)
        if purse is None:
            continue
        # What the calendar has decided comes first, or a debt would be told where none is.
        model.book(purse, work.today, conditions)
        if change.amount > 0:
            model.earn(purse, change, work.today, conditions)
            continue
        before = purse.debt
        lot = model.lot_day(change.due_on, conditions)
        left = lapsed(work, change.resident, purse, lot)
        model.take_back(purse, change, left, conditions)
        if purse.debt > before:
            owed[change.cause] = owed.get(change.cause, 0) + purse.debt - before
    for resident, purse in purses.items():
        flows += [(resident, flow) for flow in purse.flows]
        wallets[resident] = purse.debt
    return owed


def lapsed(work: Work, resident: bytes, purse: Purse, lot: date) -> int:
    """What expired of a lot and has not been taken back, with what this purse's flows change."""
    if lot >= work.today:
        return 0
    found = store.lapsed_of_lots(work, resident, [lot]).get(lot, 0)
    # What this very work has already moved into or out of the lapsed lot counts too.
    account = Account(EXPIRED, lot)
    for flow in purse.flows:
        found += flow.amount * ((flow.credit == account) - (flow.debit == account))
    return found


def book_due(work: Work, residents: Iterable[bytes]) -> int:
    """Book what is due for these residents: pending matures, lots expire. Safe to run twice."""
    wallets = lock(work, residents)
    purses = store.purses(work, wallets) if wallets else {}
    conditions = terms(work)
    flows = []
    for resident, purse in purses.items():
        model.book(purse, work.today, conditions)
        flows += [(resident, flow) for flow in purse.flows]
    store.write(work, flows)
    return len(flows)


def wallet(work: Work, resident: bytes) -> Wallet:
    """What a resident has now, by the calendar, whether or not a job has booked it."""
    return model.wallet(store.purse(work, resident), work.today, terms(work))


def entries(work: Work, resident: bytes, page: Page) -> tuple[list[Entry], list[object] | None]:
    """The flow of points, newest first, each with the spendable balance after it.

    The balance walks back from today's, page by page in the cursor, so no history is re-added.
    """
    zone = work.rules.pack.zone
    since = local_midnight(page.since, zone) if page.since else None
    until = local_midnight(page.until + timedelta(days=1), zone) if page.until else None
    before: bytes | None = None
    if page.after is None:
        balance = store.purse(work, resident).total(AVAILABLE, GRACE)
        if until is not None:
            balance -= store.available_moved_since(work, resident, until)
    else:
        before, balance = _entry_cursor(page.after)
    rows = store.entries(work, resident, page.limit + 1, before, since, until)
    shown = rows[: page.limit]
    of_holds = {row.cause for row in shown if row.cause and row.code not in CAUSES}
    kinds = holds.kinds(work, resident, of_holds) if of_holds else {}
    found: list[Entry] = []
    for row in shown:
        kind = CAUSES.get(row.code) or kinds.get(row.cause, "hld")
        found.append(_entry(row, balance, kind))
        balance -= _spendable_gain(row)
    more = len(rows) > page.limit
    return found, [found[-1].id, balance] if more else None


def _entry_cursor(after: list[object]) -> tuple[bytes, int]:
    match after:
        case [str(key), int(balance)]:
            try:
                return bytes.fromhex(key), balance
            except ValueError:
                pass
    raise bad_cursor()


def _spendable_gain(row: Any) -> int:
    spendable = (AVAILABLE, GRACE)
    return int(row.amount * ((row.credit in spendable) - (row.debit in spendable)))


def _entry(row: Any, balance: int, kind: str) -> Entry:
    debit, credit, amount = row.debit, row.credit, row.amount
    incoming = credit in POCKETS or credit == "debt"
    signed = amount if incoming and debit not in POCKETS else -amount
    if credit in POCKETS and debit in POCKETS:  # between pockets: seen from the spendable side
        signed = -amount if debit in (AVAILABLE, GRACE) else amount
    pocket = credit if incoming else debit
    cause = to_wire(kind, row.cause) if row.cause else None
    return Entry(row.id, row.recorded_at, row.code, signed, balance, cause, pocket)


def transfers_of(
    work: Work, resident: bytes, cause: bytes, instants: Iterable[datetime]
) -> list[bytes]:
    """Ids of the transfers of one cause that were recorded at these instants."""
    found = []
    for instant in sorted(set(instants)):
        span = Ids.of(instant)
        found += store.transfers_between(work, resident, cause, span.least, span.greatest)
    return found


def expiring(work: Work, found: Wallet) -> list[tuple[Lot, int, int]]:
    """(lot, days left, notice) of the lots whose end has come within a notice period."""
    pack = work.rules.pack
    notices = sorted(pack.count(name, work.today) for name in NOTICES)
    rows = []
    for lot in found.lots:
        left = (lot.expires_on - work.today).days
        entered = [days for days in notices if left <= days]
        if entered:
            rows.append((lot, left, entered[0]))
    return rows
