"""Values of consent: bindings, and when a subject may be held."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol

from app.kernel import Conflict

MOST_BINDINGS = 100
# Who held what a closed account had bound: it stays held until its day, by nobody who can be named.
NOBODY = bytes(16)


class Held(NamedTuple):
    """Who holds a subject from which day to which; both days belong to it.

    `until_day` None: until further notice. A binding ended before it began has `until_day` before
    `from_day` and covers no day.
    """

    resident_id: bytes
    from_day: date
    until_day: date | None

    def covers(self, day: date) -> bool:
        if self.resident_id == NOBODY:
            return False
        return self.from_day <= day and (self.until_day is None or day <= self.until_day)

    @property
    def empty(self) -> bool:
        return self.until_day is not None and self.until_day < self.from_day


@dataclass(frozen=True, slots=True)
class Binding:
    """One binding as its resident sees it; of the subject only a keyed hash is kept."""

    id: bytes
    provider_id: bytes
    from_day: date
    until_day: date | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class BindingView:
    """A binding with its provider's wire id and name."""

    binding: Binding
    provider: str
    provider_name: str


class Provider(Protocol):
    """What a binding needs to know of a provider."""

    @property
    def id(self) -> bytes: ...
    @property
    def wire(self) -> str: ...
    @property
    def scope(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def active(self) -> bool: ...


class OwnershipPort(Protocol):
    """Whoever can say whether a card, meter or account belongs to the one who shows the proof."""

    def owns(self, provider: str, subject: str, proof: str) -> bool:
        """`provider` is a client id. Raises Unavailable."""


def check_free(held: Iterable[Held], resident_id: bytes, from_day: date, cooling: int) -> None:
    """May the resident hold the subject from this day on, until further notice?

    Raises Conflict: already_bound, subject_bound (not saying by whom), subject_cooling with
    `free_from`, the first day that may be asked for. One's own earlier bindings need no cooling.
    """
    free_from = date.min
    for each in held:
        if each.until_day is None:
            if each.resident_id == resident_id:
                raise Conflict("already_bound", "You have bound this already.")
            raise Conflict("subject_bound", "Somebody else has bound this.")
        if each.resident_id != resident_id and not each.empty:
            free_from = max(free_from, each.until_day + timedelta(days=cooling))
    if from_day < free_from:
        raise Conflict(
            "subject_cooling",
            f"Somebody else had bound this; it is free from {free_from.isoformat()} on.",
            free_from=free_from.isoformat(),
        )


def last_day(from_day: date, today: date) -> date:
    """The last day of a binding ended today; the day before it begins when it has not begun."""
    return today if from_day <= today else from_day - timedelta(days=1)
