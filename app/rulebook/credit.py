"""What the city says of credit: grades, the scorecard, what banks give for them. Pure.

Kept apart from the rules that score acts, with a digest of its own: a new scorecard changes no
score of an act, and a new bank table no factor.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from typing import Literal, NamedTuple

from app.rulebook.cards import Reason, Scorecard
from app.rulebook.model import NotInForce, Parameter

Relief = Literal["as_offered", "none_needed"]
STANDARD = "standard"
_MG_A_KG = 1_000_000
_HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class GradeLevel:
    """A grade: a quarter's reduction of more than `above` (kg), up to the next grade's."""

    code: str
    title_zh: str
    title_en: str
    above: Parameter

    def milligrams(self, day: date) -> int:
        """The reduction that a quarter has to exceed. Raises NotInForce."""
        return int(self.above.at(day).number * _MG_A_KG)


@dataclass(frozen=True, slots=True)
class Product:
    """A kind of loan; the file name is its code. `purposes` are what a bank may ask for it."""

    code: str
    title_zh: str
    title_en: str
    words_zh: str
    words_en: str
    use_zh: str
    use_en: str
    purposes: tuple[str, ...]
    notes: tuple[str, ...] = ()


class Row(NamedTuple):
    """One line of a bank's table: what a grade gives from a factor of `factor` on."""

    grade: str
    factor: int
    uplift_pct: int
    discount_bp: int
    guarantee: Relief


NOTHING = Row("", 0, 0, 0, "as_offered")


@dataclass(frozen=True)
class Bank:
    """A bank and its tables, one a product that it offers; the file name is its code.

    That of the code `standard` is the city's proposal for any bank and names nobody.
    """

    code: str
    title_zh: str = ""
    title_en: str = ""
    legal_name: str = ""
    contact: str = ""
    licence: str = ""
    notes: tuple[str, ...] = ()
    tables: Mapping[str, Parameter] = field(default_factory=dict)

    def rows(self, product: str, day: date) -> tuple[Row, ...]:
        """The table of a product on a day; empty where the bank has none."""
        table = self.tables.get(product)
        try:
            return rows_of(str(table.at(day).value)) if table else ()
        except NotInForce:
            return ()

    def row(self, product: str, grade: str | None, factor: int, day: date) -> Row:
        """What the table of a product gives on a day."""
        return row_of(self.rows(product, day), grade, factor)


def row_of(rows: Iterable[Row], grade: str | None, factor: int) -> Row:
    """Of the rows of a grade, that of the highest factor reached; else one that gives nothing."""
    own = [row for row in rows if row.grade == grade and row.factor <= factor]
    return max(own, key=lambda row: row.factor, default=NOTHING)


@cache
def rows_of(text: str) -> tuple[Row, ...]:
    """The rows of a table's value."""
    return tuple(Row(*each) for each in json.loads(text))


def rows_text(rows: tuple[Row, ...]) -> str:
    """The other way: how a table is kept as a value."""
    return json.dumps(rows, separators=(",", ":"))


@dataclass(frozen=True)
class Credit:
    """All that a pack says of credit; empty for a pack without the folder `credit`.

    `digest` is the SHA-256 (hex) over its files, `text` holds them, to be read again by
    `credit_from_text`. `grades` rise; `banks` are those with a file of their own.
    """

    digest: str = ""
    text: str = ""
    grades: tuple[GradeLevel, ...] = ()
    scorecard: Scorecard | None = None
    reasons: Mapping[str, Reason] = field(default_factory=dict)
    products: Mapping[str, Product] = field(default_factory=dict)
    banks: Mapping[str, Bank] = field(default_factory=dict)
    standard: Bank = field(default_factory=lambda: Bank(STANDARD))
    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    def grade(self, reduction_mg: int, day: date) -> str | None:
        """The grade of a quarter's reduction by the thresholds of a day; None for none, and before
        the first threshold."""
        found = None
        for level in self.grades:
            if level.above.since <= day and reduction_mg > level.milligrams(day):
                found = level.code
        return found

    def level(self, code: str) -> GradeLevel:
        """The grade of a code. Raises KeyError."""
        return self._levels[code]

    @cached_property
    def _levels(self) -> Mapping[str, GradeLevel]:
        return {level.code: level for level in self.grades}

    def bank(self, code: str | None) -> Bank:
        """The bank of a code; the city's standard table for one without a file of its own."""
        return self.banks.get(code or "", self.standard)

    def number(self, name: str, day: date) -> Decimal:
        """A number of `credit/rules.toml` on a day. Raises NotInForce."""
        return self.parameters[name].at(day).number

    def count(self, name: str, day: date) -> int:
        """A whole number of `credit/rules.toml` on a day. Raises NotInForce."""
        return int(self.number(name, day))

    def fen(self, name: str, day: date) -> int:
        """An amount in CNY of `credit/rules.toml` on a day, in fen. Raises NotInForce."""
        return int(self.number(name, day) * _HUNDREDTHS)

    @cached_property
    def every_parameter(self) -> tuple[Parameter, ...]:
        """Each dated parameter once."""
        banks = (self.standard, *self.banks.values())
        return (
            *(level.above for level in self.grades),
            *(self.scorecard.every_parameter if self.scorecard else ()),
            *(table for bank in banks for table in bank.tables.values()),
            *self.parameters.values(),
        )
