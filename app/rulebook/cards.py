"""The scorecard as the city has it: parts, steps, caps, and what lets it be used. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

from app.rulebook.model import Parameter
from app.rulebook.vocabulary import MOST_FACTOR

_MG_A_KG = 1_000_000


class Step(NamedTuple):
    """What is measured and reaches `at` gives `points`, up to the next step."""

    at: int
    points: int


@dataclass(frozen=True, slots=True)
class CardPart:
    """One part of the factor: `input` is a word of `vocabulary.CARD_INPUTS`, measured in whole
    `unit`s; `most` are the points of the last step."""

    name: str
    title_zh: str
    title_en: str
    words_zh: str
    words_en: str
    input: str
    unit: str
    most: int
    steps: Parameter

    def ladder(self, day: date) -> tuple[Step, ...]:
        """The steps of a day, rising. Raises NotInForce."""
        return steps_of(str(self.steps.at(day).value))

    def points(self, measured: int, day: date) -> int:
        """What so many units give: the points of the last step reached. Raises NotInForce."""
        return max((step.points for step in self.ladder(day) if step.at <= measured), default=0)


@cache
def steps_of(text: str) -> tuple[Step, ...]:
    """The steps of a part's value."""
    return tuple(Step(*each) for each in json.loads(text))


def steps_text(steps: tuple[Step, ...]) -> str:
    """The other way: how steps are kept as a value."""
    return json.dumps(steps, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Left:
    """What the factor leaves out, and why: a behaviour, or a kind of data."""

    code: str
    reason_zh: str
    reason_en: str


class Paper(NamedTuple):
    """A file beside the scorecard, by its name and the SHA-256 (hex) of its bytes."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Release:
    """What lets a scorecard be used: that it was validated, what it may do to people, and the two
    or more who approved it. `card` is the SHA-256 of all that the card says beside this."""

    card: str
    day: date
    validation: Paper
    assessment: Paper
    approved_by: tuple[str, ...]


@dataclass(frozen=True)
class Scorecard:
    """How a factor of 0 to 1000 comes about; the parts' `most` add up to 1000.

    Parameters: `behaviour_cap`, `source_cap` (kg of one behaviour, of one kind of source, that a
    quarter counts), `category_least` (kg from which a category counts), `month_least` (acts from
    which a month counts), `weight_…` (percent, of each kind of source), `quality_high`,
    `quality_medium` (percent of full weight), `lone_most` (points that one purchase can reach),
    `band_width` (points of a band, where only the band of a factor is told).
    `left_out` are behaviours that no part counts, `never_used` kinds of data that none may name.
    `categories` are those of the behaviours that it does count.
    """

    version: str
    title_zh: str
    title_en: str
    principle_zh: str
    principle_en: str
    purpose_zh: str
    purpose_en: str
    parts: tuple[CardPart, ...]
    parameters: Mapping[str, Parameter]
    left_out: tuple[Left, ...]
    never_used: tuple[Left, ...]
    categories: Mapping[str, str]
    release: Release
    notes: tuple[str, ...] = ()

    def count(self, name: str, day: date) -> int:
        """A whole number of the card on a day. Raises NotInForce."""
        return int(self.parameters[name].at(day).number)

    def milligrams(self, name: str, day: date) -> int:
        """A mass of the card (kg) on a day. Raises NotInForce."""
        return int(self.parameters[name].at(day).number * _MG_A_KG)

    def weight(self, source: str, day: date) -> int:
        """The percent that a kind of source counts for; an unknown kind as `other`."""
        known = f"weight_{source}" in self.parameters
        return self.count(f"weight_{source if known else 'other'}", day)

    def band(self, factor: int, day: date) -> tuple[int, int]:
        """The band of a factor, both ends in it; 1000 belongs to the last. Raises NotInForce."""
        width = self.count("band_width", day)
        low = min(factor, MOST_FACTOR - 1) // width * width
        high = low + width - 1
        return low, high if high < MOST_FACTOR - 1 else MOST_FACTOR

    @property
    def every_parameter(self) -> tuple[Parameter, ...]:
        """Each dated parameter once."""
        return (*(part.steps for part in self.parts), *self.parameters.values())


@dataclass(frozen=True, slots=True)
class Reason:
    """Why points of one part were lost, for the resident and for the bank's staff, and what would
    gain them."""

    code: str
    part: str
    resident_zh: str
    resident_en: str
    staff_zh: str
    staff_en: str
    hint_zh: str
    hint_en: str
