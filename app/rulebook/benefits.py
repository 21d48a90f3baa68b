"""One benefit file → a `Benefit`, checked against the vocabulary."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import cast

from app.rulebook.model import Parameter
from app.rulebook.offers import Benefit, BenefitKind, Hours, Limits, MerchantName, RefundRule
from app.rulebook.parameters import amount_wrong, read_every
from app.rulebook.reading import Table
from app.rulebook.vocabulary import (
    BENEFIT_CATEGORIES,
    BENEFIT_KINDS,
    BENEFIT_PARAMETERS,
    LONGEST_VALIDITY,
)

_REGISTER_CODE = re.compile(r"[a-z0-9_]{2,40}")
_MINUTE_OF_DAY = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")
_WEEK = frozenset(range(1, 8))


def read_benefit(table: Table, code: str) -> Benefit:
    """The benefit of one file; faults are noted in the table's list."""
    benefit = Benefit(
        code=code,
        title_zh=table.text("title_zh"),
        title_en=table.text("title_en"),
        words_zh=table.text("words_zh"),
        words_en=table.text("words_en"),
        category=table.word("category", BENEFIT_CATEGORIES),
        kind=cast(BenefitKind, table.word("kind", BENEFIT_KINDS)),
        merchant=_merchant(table),
        stores=table.words("stores"),
        funder=table.text("funder"),
        parameters=read_every(table, "benefit", BENEFIT_PARAMETERS, _judge),
        limits=_limits(table),
        valid_days=table.count("valid_days"),
        hours=tuple(_hours(row) for row in table.rows("hours")),
        refund=_refund(table),
        offline=table.flag("offline", required=False),
        notes=table.words("notes"),
    )
    table.done()
    _judge_whole(table, benefit)
    return benefit


def _judge_whole(table: Table, benefit: Benefit) -> None:
    """What the members of a benefit say against each other."""
    if benefit.kind in ("licence", "immediate") and not table.has("merchant"):
        table.wrong("merchant", f"missing, the kind {benefit.kind} needs one")
    if benefit.kind != "code":
        for name in ("hours", "offline"):
            if getattr(benefit, name):
                table.wrong(name, "only the kind code takes it")
    if benefit.stores and not table.has("merchant"):
        table.wrong("stores", "stores of no merchant")
    for store in benefit.stores:
        _code(table, "stores", store)
    if benefit.valid_days > LONGEST_VALIDITY:
        table.wrong("valid_days", f"is above {LONGEST_VALIDITY}")


def _judge(parameter: Parameter, number: Decimal) -> str | None:
    if parameter.name == "price" and number == 0:
        return "must be above zero"
    return amount_wrong(number)


def _merchant(table: Table) -> MerchantName | None:
    inner = table.table("merchant")
    if inner is None:
        return None
    merchant = MerchantName(inner.text("code"), inner.text("name_zh"), inner.text("name_en"))
    if merchant.code:
        _code(inner, "code", merchant.code)
    inner.done()
    return merchant


def _code(table: Table, name: str, code: str) -> None:
    if not _REGISTER_CODE.fullmatch(code):
        table.wrong(name, f"{code!r} is no code (2 to 40 of a-z, 0-9 and underscore)")


def _limits(table: Table) -> Limits:
    inner = table.table("limits")
    if inner is None:
        return Limits()
    limits = Limits(**{name: inner.maybe_count(name) for name in Limits.__dataclass_fields__})
    inner.done()
    return limits


def _refund(table: Table) -> RefundRule:
    """Required, because every benefit says whether points come back; days may be 0."""
    inner = table.table("refund", required=True)
    if inner is None:
        return RefundRule(0, False)
    days = inner.raw("days")
    if isinstance(days, bool) or not isinstance(days, int) or days < 0:
        inner.wrong("days", "must be a whole number, 0 for never")
        days = 0
    refund = RefundRule(days, inner.flag("partial"))
    if refund.partial and not refund.days:
        inner.wrong("partial", "nothing is refunded in part where nothing is refunded")
    inner.done()
    return refund


def _hours(row: Table) -> Hours:
    hours = Hours(_weekdays(row), _minute(row, "from"), _minute(row, "until"))
    if hours.begin >= hours.end:
        row.wrong("until", "must be after from; what passes midnight is two rows")
    row.done()
    return hours


def _weekdays(row: Table) -> frozenset[int]:
    days = row.raw("days") if row.has("days") else [*_WEEK]
    # A flag is a number to Python and would pass for Monday.
    if not isinstance(days, list) or not days or not all(type(day) is int for day in days):
        row.wrong("days", "must be a list of weekdays, 1 for Monday to 7 for Sunday")
        return _WEEK
    if not set(days) <= _WEEK or len(set(days)) < len(days):
        row.wrong("days", "must be different weekdays, 1 for Monday to 7 for Sunday")
    return frozenset(days)


def _minute(row: Table, name: str) -> int:
    """Minutes of the local day; `24:00` is the end of it and fits `until` alone."""
    text = row.text(name)
    if not _MINUTE_OF_DAY.fullmatch(text) or (name, text) == ("from", "24:00"):
        row.wrong(name, 'must be a time of day such as "06:00"')
        return 0
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)
