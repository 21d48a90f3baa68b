"""What points buy: benefits, who pays for them, and the dated rules of redemption. Pure.

Kept apart from the rules of scoring, with a digest of its own: a new price changes no score.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Literal

from app.rulebook.model import NotInForce, Parameter

BenefitKind = Literal["code", "licence", "immediate"]
_HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class MerchantName:
    """Who honours a benefit; `code` is that of the merchant's register."""

    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Hours:
    """When a code is taken: weekdays (1 Monday to 7 Sunday), minutes of the local day, the end not
    included."""

    weekdays: frozenset[int]
    begin: int
    end: int

    def covers(self, local: datetime) -> bool:
        minute = local.hour * 60 + local.minute
        return local.isoweekday() in self.weekdays and self.begin <= minute < self.end


@dataclass(frozen=True, slots=True)
class Limits:
    """How many vouchers of a benefit there are, and how many one person may have; None: any."""

    stock_total: int | None = None
    stock_daily: int | None = None
    person_total: int | None = None
    person_daily: int | None = None
    person_monthly: int | None = None


@dataclass(frozen=True, slots=True)
class RefundRule:
    """How long after redemption a merchant may give points back (`days` 0: never), and whether in
    part. A void of the same day needs no rule."""

    days: int
    partial: bool


@dataclass(frozen=True)
class Benefit:
    """One benefit; the file name is its code.

    `kind`: `code` is shown at a store, `licence` is a code out of a pool, `immediate` is done when
    it is asked for. `merchant` None: any merchant of the city honours it. `stores` are codes of
    the merchant's stores, empty for all. `valid_days` counts the day of issue. Parameters: `price`
    (points), `cash` (CNY the resident pays), `unit_cost` (CNY the funder pays the merchant).
    """

    code: str
    title_zh: str
    title_en: str
    words_zh: str
    words_en: str
    category: str
    kind: BenefitKind
    merchant: MerchantName | None
    stores: tuple[str, ...]
    funder: str
    parameters: Mapping[str, Parameter]
    limits: Limits
    valid_days: int
    hours: tuple[Hours, ...]
    refund: RefundRule
    offline: bool
    notes: tuple[str, ...]

    def offered(self, day: date) -> bool:
        """True on days on which it has a price, a cash part and a cost."""
        try:
            for each in self.parameters.values():
                each.at(day)
        except NotInForce:
            return False
        return True

    def price(self, day: date) -> int:
        """Hundredths of a point. Raises NotInForce."""
        return _hundredths(self.parameters["price"], day)

    def cash(self, day: date) -> int:
        """Fen. Raises NotInForce."""
        return _hundredths(self.parameters["cash"], day)

    def unit_cost(self, day: date) -> int:
        """Fen. Raises NotInForce."""
        return _hundredths(self.parameters["unit_cost"], day)

    def open_at(self, local: datetime) -> bool:
        """Whether a code is taken at this local instant; without hours, always."""
        return not self.hours or any(each.covers(local) for each in self.hours)


@dataclass(frozen=True)
class Funder:
    """Who pays merchants. `budget` is all that has been granted up to a day, in CNY."""

    code: str
    title_zh: str
    title_en: str
    budget: Parameter

    def granted(self, day: date) -> int:
        """Fen granted up to a day; nothing before the first grant."""
        return _hundredths(self.budget, day) if self.budget.since <= day else 0


@dataclass(frozen=True)
class Offers:
    """All that a pack offers; empty for a pack without `redemption.toml`."""

    benefits: Mapping[str, Benefit] = field(default_factory=dict)
    funders: Mapping[str, Funder] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    digest: str = ""

    def count(self, name: str, day: date) -> int:
        """A whole number of `redemption.toml` on a day. Raises NotInForce."""
        return int(self.parameters[name].at(day).number)

    def fen(self, name: str, day: date) -> int:
        """An amount in CNY of `redemption.toml` on a day, in fen. Raises NotInForce."""
        return _hundredths(self.parameters[name], day)

    @cached_property
    def every_parameter(self) -> tuple[Parameter, ...]:
        """Each dated parameter once."""
        benefits = [p for each in self.benefits.values() for p in each.parameters.values()]
        budgets = [each.budget for each in self.funders.values()]
        return (*benefits, *budgets, *self.parameters.values())


def _hundredths(parameter: Parameter, day: date) -> int:
    return int(parameter.at(day).number * _HUNDREDTHS)
