"""The arithmetic of points: pockets, lots, flows. Pure.

A `Flow` moves an amount from one account to another, so it balances by construction. A resident's
pockets are a `Purse`, a working copy on which flows are tried before they are written; a flow that
would take a pocket below nothing is a mistake of ours and stops the work.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from app.kernel import Conflict, add_months

AVAILABLE, PENDING, HELD, GRACE, DEBT = "available", "pending", "held", "grace", "debt"
POCKETS = (AVAILABLE, PENDING, HELD, GRACE)

ISSUANCE, EXPIRED, REDEEMED, CORRECTIONS = "issuance", "expired", "redeemed", "corrections"
SYSTEM = (ISSUANCE, EXPIRED, REDEEMED, CORRECTIONS)
# Before the code of a platform that value goes to and comes from: its system account.
PARTNER = "partner:"

EARN, TAKE_BACK = "earn", "take_back"
EXCHANGE_IN, EXCHANGE_BACK = "exchange_in", "exchange_back"
# The prefix of what caused a transfer of these codes; of all others the hold knows it.
CAUSES = {EARN: "act", TAKE_BACK: "act", EXCHANGE_IN: "xch", EXCHANGE_BACK: "xch"}


class Account(NamedTuple):
    """A pocket of a resident by day, or a system account (its day only tells which lot)."""

    pocket: str
    day: date | None = None


def system(name: str) -> Account:
    """A system account by its name."""
    assert name in SYSTEM or name.startswith(PARTNER), "nobody's account"
    return Account(name)


class Flow(NamedTuple):
    """One transfer to be written. Amount in hundredths of a point, always above nothing."""

    debit: Account
    credit: Account
    amount: int
    code: str
    cause: bytes | None = None
    due_on: date | None = None
    reverses: bytes | None = None


class Change(NamedTuple):
    """Points that one cause (an act) earned more (or, negative, less) than was posted for it."""

    resident: bytes
    cause: bytes
    due_on: date
    amount: int


class Age(NamedTuple):
    """From a day on, lots live to the end of the `end` (a quarter, say) `months` later."""

    since: date
    months: int
    end: str


class Terms(NamedTuple):
    """What the pack says: how long lots live, by the day they are due, and what grace is today."""

    ages: tuple[Age, ...]
    grace_days: int


class Lot(NamedTuple):
    """Points that expire on one day."""

    expires_on: date
    amount: int


@dataclass(frozen=True)
class Wallet:
    """What a resident has at one instant, in hundredths; lots by the day they expire."""

    available: int
    pending: int
    held: int
    debt: int
    lots: tuple[Lot, ...]


class Entry(NamedTuple):
    """A transfer as its resident sees it. `amount` is signed; the balance is that after it; `cause`
    is the wire id of the act or of what points were held for."""

    id: bytes
    at: datetime
    code: str
    amount: int
    available_after: int
    cause: str | None
    pocket: str


class NotEnoughPoints(Conflict):
    """More was asked for than can be spent; `missing` says how much more."""

    def __init__(self, wanted: int, available: int) -> None:
        super().__init__(
            "not_enough_points",
            "There are not enough points for this.",
            missing=f"{(wanted - available) // 100}.{(wanted - available) % 100:02d}",
        )


class HoldClosed(Conflict):
    """The hold was settled or released before, or holds less than that."""

    def __init__(self, state: str) -> None:
        super().__init__("hold_closed", f"These points are no longer held: {state}.")


@lru_cache(maxsize=4096)
def lot_day(due_on: date, terms: Terms) -> date:
    """The last day of the period (a quarter, say) in which points due on a day reach their age.

    The terms of the due day count, not those of the day it is asked: else a lot would depend on
    when an act arrives.
    """
    age = next(each for each in reversed(terms.ages) if each.since <= due_on)
    end = add_months(due_on, age.months)
    span = _PERIOD_MONTHS[age.end]
    return add_months(date(end.year, (end.month - 1) // span * span + 1, 1), span) - _ONE_DAY


_PERIOD_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_ONE_DAY = date(2000, 1, 2) - date(2000, 1, 1)


@dataclass
class Purse:
    """A resident's pockets while flows are worked out. `flows` are those to be written."""

    balances: dict[Account, int] = field(default_factory=dict)
    debt: int = 0
    flows: list[Flow] = field(default_factory=list)

    def move(self, flow: Flow) -> None:
        for account, sign in ((flow.debit, -1), (flow.credit, 1)):
            if account.pocket == DEBT:
                self.debt -= sign * flow.amount
            elif account.pocket in POCKETS:
                self.balances[account] = self.balances.get(account, 0) + sign * flow.amount
                assert self.balances[account] >= 0, "a pocket cannot go below nothing"
        assert flow.amount > 0, "a transfer moves something"
        assert self.debt >= 0, "a debt cannot be overpaid"
        self.flows.append(flow)

    def of(self, *pockets: str) -> Iterator[tuple[Account, int]]:
        """Accounts with something in them, the first-expiring first."""
        found = [(a, n) for a, n in self.balances.items() if n and a.pocket in pockets]
        return iter(sorted(found, key=lambda row: (row[0].day, row[0].pocket != GRACE)))

    def total(self, *pockets: str) -> int:
        return sum(amount for _, amount in self.of(*pockets))

    def give(self, source: Account, amount: int, to: Account, template: Flow) -> None:
        """Move `amount` from `source`, first to the debt, what is left to `to`."""
        owed = min(self.debt, amount)
        if owed:
            self.move(template._replace(debit=source, credit=Account(DEBT), amount=owed))
        if amount > owed:
            self.move(template._replace(debit=source, credit=to, amount=amount - owed))


def _template(code: str, cause: bytes | None = None, due_on: date | None = None) -> Flow:
    return Flow(Account(ISSUANCE), Account(ISSUANCE), 1, code, cause, due_on)


def home(day: date, today: date, terms: Terms) -> Account:
    """The lot that expires on `day`, or a grace lot when that day has passed."""
    if day >= today:
        return Account(AVAILABLE, day)
    return Account(GRACE, today + terms.grace_days * _ONE_DAY)


def earn(purse: Purse, change: Change, today: date, terms: Terms) -> None:
    """Post a positive change: pending until due; once due, debt first, then its lot."""
    template = _template(EARN, change.cause, change.due_on)
    source = Account(ISSUANCE)
    if change.due_on > today:
        pending = Account(PENDING, change.due_on)
        purse.move(template._replace(debit=source, credit=pending, amount=change.amount))
        return
    lot = lot_day(change.due_on, terms)
    purse.give(source, change.amount, home(lot, today, terms), template)


def take_back(purse: Purse, change: Change, lapsed: int, terms: Terms) -> None:
    """Post a negative change: own pending, own lot, what lapsed of it, other lots, then debt."""
    lot = lot_day(change.due_on, terms)
    own = [Account(PENDING, change.due_on), Account(AVAILABLE, lot)]
    template = _template(TAKE_BACK, change.cause, change.due_on)
    draw(purse, own, lapsed, template._replace(amount=-change.amount))


def draw(purse: Purse, own: list[Account], lapsed: int, wanted: Flow) -> None:
    """Take what `wanted` asks for: out of these accounts, of what lapsed of the last of them, out
    of other lots, then as debt."""
    sources = [(account, purse.balances.get(account, 0)) for account in own]
    sources.append((Account(EXPIRED, own[-1].day), lapsed))
    sources += [(a, n) for a, n in purse.of(AVAILABLE, GRACE) if a not in own]
    left = wanted.amount
    for account, amount in [*sources, (Account(DEBT), left)]:
        part = min(left, amount)
        if part:
            purse.move(wanted._replace(debit=account, amount=part))
            left -= part


def book(purse: Purse, today: date, terms: Terms) -> None:
    """Book what the calendar has decided by `today`: pending that is due, lots that expired."""
    for account, amount in list(purse.of(PENDING)):
        assert account.day is not None
        if account.day <= today:
            lot = Account(AVAILABLE, lot_day(account.day, terms))
            purse.give(account, amount, lot, _template("mature", due_on=account.day))
    for account, amount in list(purse.of(AVAILABLE, GRACE)):
        assert account.day is not None
        if account.day < today:
            purse.move(Flow(account, Account(EXPIRED, account.day), amount, "expire"))


class Purpose(NamedTuple):
    """What points are held or received for: the prefix of its wire id, and its id."""

    kind: str
    id: bytes


def wallet(purse: Purse, today: date, terms: Terms) -> Wallet:
    """What the resident has today, whether or not a job has booked it yet."""
    seen = Purse(dict(purse.balances), purse.debt)
    book(seen, today, terms)
    lots: dict[date, int] = {}
    for account, amount in seen.of(AVAILABLE, GRACE):
        assert account.day is not None
        lots[account.day] = lots.get(account.day, 0) + amount
    return Wallet(
        available=seen.total(AVAILABLE, GRACE),
        pending=seen.total(PENDING),
        held=seen.total(HELD),
        debt=seen.debt,
        lots=tuple(Lot(day, amount) for day, amount in sorted(lots.items())),
    )
