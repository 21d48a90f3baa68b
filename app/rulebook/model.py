"""The values a rulebook is made of: pure, frozen, exact.

Quantities are `Decimal` as written in the files; units are words beside them. A parameter is a
row of dated values: the value of a day is the last one whose first day is not after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from app.rulebook.vocabulary import ACT_UNITS, CONFIDENCES

Confidence = Literal["seen", "unverified", "assumption"]
Keep = Literal["value", "hash", "drop"]
Period = Literal["event", "day", "month", "year", "lifetime"]


class BadRule(Exception):
    """A rule file that cannot be used; `str` reads "file: key: message"."""

    def __init__(self, file: str, key: str, message: str) -> None:
        super().__init__(file, key, message)
        self.file = file
        self.key = key
        self.message = message

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.message}"


class NotInForce(Exception):
    """A parameter has no value on a day: before its first one, or after it ended."""

    def __init__(self, name: str, day: date) -> None:
        super().__init__(name, day)
        self.name = name
        self.day = day

    def __str__(self) -> str:
        return f"{self.name} has no value on {self.day.isoformat()}"


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a number was read: a title always, a clause and an address where there is one."""

    title: str
    clause: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """Why a past value was changed, and the two or more who approved that."""

    reason: str
    approved_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """One dated value. `value` None means that the parameter ended: none from `since` on."""

    since: date
    value: Decimal | str | None
    confidence: Confidence
    reference: Reference
    approved_by: tuple[str, ...]
    correction: Correction | None = None

    @property
    def number(self) -> Decimal:
        """The value as a number; a word or an end raises TypeError (the loader forbids both)."""
        if isinstance(self.value, Decimal):
            return self.value
        raise TypeError(f"{self.value!r} is no number")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named, dated number (or word, or fraction as a text) with its unit, and its file."""

    name: str
    unit: str
    title: str | None
    values: tuple[Value, ...]
    source: str

    @property
    def since(self) -> date:
        """The first day that has a value."""
        return self.values[0].since

    def at(self, day: date) -> Value:
        """The value in force on `day`; raises NotInForce before the first or after the end."""
        for entry in reversed(self.values):
            if entry.since <= day:
                if entry.value is None:
                    break
                return entry
        raise NotInForce(self.name, day)


@dataclass(frozen=True, slots=True)
class Range:
    """Both ends belong to it; a missing end is open."""

    low: Decimal | None
    high: Decimal | None

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, int | Decimal):
            return False
        above = self.low is None or number >= self.low
        return above and (self.high is None or number <= self.high)


@dataclass(frozen=True, slots=True)
class Cap:
    """How much of one behaviour one resident may earn for in one period.

    `unit` is a count of acts ("trips") or what is measured ("km"); `where` narrows the cap to
    acts with these evidence values; `by` counts each value of that evidence on its own.
    """

    period: Period
    unit: str
    limit: Decimal
    confidence: Confidence
    reference: Reference
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by: str | None = None
    note: str | None = None

    @property
    def name(self) -> str:
        """The stable name a capped activity carries: `per_day_trips`, `per_day_kg_steel`."""
        narrowed = [word for values in self.where.values() for word in values]
        return "_".join(["per", self.period, self.unit.lower(), *narrowed])

    @property
    def counts_acts(self) -> bool:
        """True when an act uses up one, whatever it measured."""
        return self.unit in ACT_UNITS


@dataclass(frozen=True, slots=True)
class Field:
    """One field of evidence: its type, whether it must come, and what is kept of it.

    `required_when` makes the field required where other evidence has one of these values.
    `days` is how long the kept form (value or keyed hash) stays; None where it is dropped.
    """

    name: str
    type: str
    required: bool
    keep: Keep
    days: int | None
    choices: tuple[str, ...] = ()
    default: str | int | bool | Decimal | None = None
    title: str | None = None
    required_when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quantity:
    """What the provider measures. Absent although not required: `default`, or the flat value."""

    unit: str
    required: bool
    default: Decimal | None = None


@dataclass(frozen=True)
class Behaviour:
    """One low-carbon behaviour as the law has it; the file name is its code."""

    code: str
    number: int
    title_zh: str
    title_en: str
    category: str
    dimensions: Mapping[str, int]
    method: str
    words_en: str
    words_zh: str
    quantity: Quantity | None
    evidence: Mapping[str, Field]
    parameters: Mapping[str, Parameter]
    caps: tuple[Cap, ...]
    overlap_groups: tuple[str, ...]
    confirm: str
    eligible: Mapping[str, tuple[Decimal | str | bool, ...]]
    refuse: Mapping[str, tuple[Decimal | str | bool, ...]]
    minimum: Mapping[str, Decimal]
    plausible: Mapping[str, Range]
    unchecked: tuple[str, ...]
    notes: tuple[str, ...]
    alternatives: tuple[str, ...]

    @cached_property
    def in_force_from(self) -> date:
        """The day from which an act can be valued.

        An act uses every parameter, so the youngest decides; where a method names alternatives
        (per kilometre or flat) an act uses one of them, so the oldest of those is enough.
        """
        either = [self.parameters[name].since for name in self.alternatives]
        every = [
            parameter.since
            for name, parameter in self.parameters.items()
            if name not in self.alternatives
        ]
        return max([*every, min(either)] if either else every)

    @cached_property
    def confidence(self) -> Confidence:
        """The weakest confidence among the newest values of its parameters."""
        newest = (parameter.values[-1].confidence for parameter in self.parameters.values())
        return max(newest, key=CONFIDENCES.index)

    @property
    def unit(self) -> str | None:
        """The unit of the quantity, or None where an act is counted."""
        return self.quantity.unit if self.quantity else None


@dataclass(frozen=True)
class Pack:
    """What a city decides for all behaviours: its day, its points, its delays."""

    code: str
    name_zh: str
    name_en: str
    zone: ZoneInfo
    currency: str
    parameters: Mapping[str, Parameter]
    common_evidence: Mapping[str, Field]

    @cached_property
    def in_force_from(self) -> date:
        """The first day on which every pack value exists."""
        return max(parameter.since for parameter in self.parameters.values())

    def number(self, name: str, day: date) -> Decimal:
        """The number of a pack parameter on a day; raises NotInForce."""
        return self.parameters[name].at(day).number

    def count(self, name: str, day: date) -> int:
        """The same for parameters that are whole numbers (days, minutes, months, milligrams)."""
        return int(self.number(name, day))

    def word(self, name: str, day: date) -> str:
        """The word of a pack parameter on a day; raises NotInForce."""
        return str(self.parameters[name].at(day).value)
