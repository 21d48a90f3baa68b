"""Values of the merchants' register, their states, and what may be shown of them. Pure."""

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from app.kernel import Conflict, Forbidden

OFFICE = "office"
ROLES_AT_A_STORE = ("staff", "terminal")
ROLES = (OFFICE, *ROLES_AT_A_STORE)
LIVE = "live"
SUSPENDED = "suspended"
CLOSED = "closed"
STATES = (LIVE, SUSPENDED, CLOSED)
OPEN = "open"
CODE = re.compile(r"[a-z0-9_]{2,40}")

_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Merchant:
    """One merchant. `state` is live, suspended or closed; `live_since` the day of going live."""

    id: bytes
    code: str
    name: str
    name_en: str | None
    state: str
    live_since: date


@dataclass(frozen=True, slots=True)
class Store:
    """One store of a merchant; its code is unique within the merchant. `state`: open, closed."""

    id: bytes
    merchant_id: bytes
    code: str
    name: str
    district: str
    address: str
    state: str


@dataclass(frozen=True, slots=True)
class Terminal:
    """Whoever may act for a merchant: a client of identity. `role` is office (all stores, no
    `store_id`), staff (a person at a store) or terminal (a device at a store)."""

    client_id: bytes
    store_id: bytes | None
    role: str
    label: str
    active: bool

    @property
    def id(self) -> bytes:
        return self.client_id


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a calling client stands: its merchant, its store (None for the office), its role."""

    client_id: bytes
    merchant: Merchant
    store: Store | None
    role: str


class NewStore(NamedTuple):
    """A store that is to be: its code and what residents read of it."""

    code: str
    name: str
    district: str
    address: str


class Particulars(NamedTuple):
    """What was checked of a merchant before it went live; sealed at rest."""

    licence_no: str
    settlement_account: str
    responsible_person: str

    def masked(self) -> "Particulars":
        return Particulars(*map(masked, self))


class Sheet(NamedTuple):
    """What operators see of a merchant; `particulars` masked, None where nobody checked any."""

    merchant: Merchant
    particulars: Particulars | None
    stores: list[Store]


class Step(NamedTuple):
    """A change of a merchant's state that two operators approve."""

    kind: str
    origins: tuple[str, ...]
    target: str


STEPS = (
    Step("merchant_suspension", (LIVE,), SUSPENDED),
    Step("merchant_resumption", (SUSPENDED,), LIVE),
    Step("merchant_closing", (LIVE, SUSPENDED), CLOSED),
)


def masked(text: str) -> str:
    """All but the last four characters hidden; of short texts at most half is shown."""
    shown = min(_SHOWN, len(text) // 2)
    return "*" * (len(text) - shown) + text[len(text) - shown :]


def check_step(step: Step, found: Merchant) -> None:
    """Raises Conflict (wrong_state) when a merchant cannot take this step from where it is."""
    if found.state not in step.origins:
        raise wrong_state(found)


def wrong_state(found: Merchant) -> Conflict:
    """The merchant's state does not allow what was asked."""
    return Conflict("wrong_state", f"Merchant {found.code} is {found.state}.", state=found.state)


def check_seat(seat: Seat, active: bool, resting: bool) -> None:
    """May whoever sits here act now, or, `resting`, at least look?

    Raises Forbidden: terminal_off, merchant_suspended, store_closed.
    """
    if not active:
        raise Forbidden("terminal_off", "This terminal has been switched off.")
    if resting:
        return
    if seat.merchant.state != LIVE:
        raise Forbidden("merchant_suspended", f"Your merchant is {seat.merchant.state}.")
    if seat.store is not None and seat.store.state != OPEN:
        raise Forbidden("store_closed", "Your store has been closed.")


def check_office(seat: Seat) -> None:
    """Raises Forbidden (office_only)."""
    if seat.role != OFFICE:
        raise Forbidden("office_only", "Only the merchant's office does this.")
