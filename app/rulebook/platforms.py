"""Partner platforms that recognise the city's acts, and acts that are registered elsewhere. Pure.

Kept apart from the rules of scoring and from what points buy, with a digest of its own: a new rate
of exchange changes no score and no price.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal, NamedTuple

from app.rulebook.model import Confidence, Parameter, Reference

Level = Literal["view", "badge", "exchange"]
Direction = Literal["in", "out"]
_HUNDREDTHS = 100


class Rate(NamedTuple):
    """Units of the partner for one point, an exact fraction in lowest terms, and where it is from.

    Out: the units that a resident gets for a point. In: the units that make a point. `str` writes
    it as the files do: "27/2", "100".
    """

    numerator: int
    denominator: int
    since: date
    reference: Reference
    confidence: Confidence

    @property
    def fraction(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)

    def __str__(self) -> str:
        return str(self.fraction)


@dataclass(frozen=True, slots=True)
class Recognised:
    """How a platform recognises one behaviour. `priority`: whose credit stands when both saw an
    act; 100 is as strong as the city's own acts, smaller wins. `totals`: the partner sends sums by
    month and no acts, so a resident chooses who pays."""

    level: Level
    priority: int
    totals: bool


@dataclass(frozen=True)
class ConsentText:
    """What a resident agrees to when linking. `data` are words of `vocabulary.CONSENT_DATA`,
    `months` is how long the consent lasts. A new text is a new version."""

    version: str
    purpose_zh: str
    purpose_en: str
    text_zh: str
    text_en: str
    data: tuple[str, ...]
    months: int

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of all that it says, to be kept beside the version a resident agreed to."""
        said = json.dumps(astuple(self), ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(said.encode("utf-8")).digest()


@dataclass(frozen=True)
class Platform:
    """One partner platform; the file name is its code.

    `places` are the decimals of its unit: amounts of it are counted in 10**-places. Parameters:
    `out_rate`, `in_rate` (units for a point, see `rate`); `out_daily`, `out_monthly`, `in_daily`,
    `in_monthly` (points, a person's quotas); `net_cap` (points, how far either side may be ahead);
    `point_value` (CNY of a point when the net is settled); `least` (points, the smallest exchange);
    `quote_seconds`, `confirm_minutes`; `settlement_days`, `dispute_days` (from a day to its payment
    and to the last day on which its file is disputed); `lot_months` (how long points from outside
    live, to the end of the quarter); `badge_g` (grams that a badge needs).
    """

    code: str
    title_zh: str
    title_en: str
    legal_name: str
    unit_zh: str
    unit_en: str
    places: int
    behaviours: Mapping[str, Recognised]
    consent: ConsentText
    parameters: Mapping[str, Parameter]
    notes: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """The file it was read from."""
        return self.parameters["out_rate"].source

    @property
    def scale(self) -> int:
        """How many of its smallest unit make one unit."""
        return int(10**self.places)

    def rate(self, direction: Direction, day: date) -> Rate:
        """The rate in force on a day. Raises NotInForce: before the first, after it ended."""
        entry = self.parameters[f"{direction}_rate"].at(day)
        exact = Fraction(str(entry.value))
        return Rate(
            exact.numerator, exact.denominator, entry.since, entry.reference, entry.confidence
        )

    def number(self, name: str, day: date) -> Decimal:
        """A parameter as written; none of the rates. Raises NotInForce."""
        return self.parameters[name].at(day).number

    def count(self, name: str, day: date) -> int:
        """A whole number: seconds, minutes, months, grams. Raises NotInForce."""
        return int(self.number(name, day))

    def hundredths(self, name: str, day: date) -> int:
        """Hundredths of a point; of `point_value` whole fen, downward (see `worth`). Raises
        NotInForce."""
        return int(self.number(name, day) * _HUNDREDTHS)

    def worth(self, points: int, day: date) -> int:
        """Fen that these hundredths of a point are worth when the net is settled, rounded once,
        towards zero; negative for what is owed the other way. Raises NotInForce."""
        return int(points * Fraction(self.number("point_value", day)))

    def level(self, behaviour: str) -> Level | None:
        """How far it recognises a behaviour; None: not at all."""
        found = self.behaviours.get(behaviour)
        return found.level if found else None

    def at_level(self, *levels: Level) -> tuple[str, ...]:
        """The behaviours that it recognises at one of these levels."""
        return tuple(code for code, each in self.behaviours.items() if each.level in levels)


@dataclass(frozen=True, slots=True)
class Registered:
    """Acts that were sold or registered as reductions of a project, and so earn nothing here.

    All acts of a behaviour from `since` to `until` (both included, None: open): of one provider (by
    the name it is registered under here) or of any, and where `evidence` names a field, only those
    that say one of `values` in it.
    """

    behaviour: str
    registry: str
    project: str
    provider: str | None
    evidence: str | None
    values: tuple[str, ...]
    since: date
    until: date | None
    confidence: Confidence
    reference: Reference

    def covers(
        self, behaviour: str, day: date, provider: str | None, evidence: Mapping[str, object]
    ) -> bool:
        """Whether an act of this day is one of them; `evidence` as the provider sent it."""
        if behaviour != self.behaviour or day < self.since:
            return False
        if self.until is not None and day > self.until:
            return False
        if self.provider is not None and provider != self.provider:
            return False
        return self.evidence is None or str(evidence.get(self.evidence)) in self.values


@dataclass(frozen=True)
class Recognition:
    """All that a pack says of partners; empty for a pack without the folder `recognition`."""

    platforms: Mapping[str, Platform] = field(default_factory=dict)
    registered: tuple[Registered, ...] = ()
    digest: str = ""

    @cached_property
    def every_parameter(self) -> tuple[Parameter, ...]:
        """Each dated parameter once."""
        return tuple(p for each in self.platforms.values() for p in each.parameters.values())
