"""Dated parameters as rule files write them, for behaviours, shared factors and the pack."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import cast

from app.rulebook.model import Confidence, Correction, Parameter, Reference, Value
from app.rulebook.reading import NO_DAY, Table
from app.rulebook.vocabulary import CONFIDENCES

CORRECTION_APPROVERS = 2
GREATEST_PART = 1_000_000  # of a fraction, above and below its stroke
_FRACTION = re.compile(r"[1-9][0-9]*(/[1-9][0-9]*)?", re.ASCII)
Judge = Callable[[Parameter, Decimal], str | None]  # what is wrong with a number of a parameter
Way = Callable[[Table], Decimal | str]  # how the value of an entry is read


def number(table: Table) -> Decimal:
    """An entry whose value is a number."""
    return table.number("value")


def one_of(words: Iterable[str]) -> Way:
    """The way of reading an entry whose value is one of these words."""
    return lambda table: table.word("value", words)


def fraction(table: Table) -> str:
    """An entry whose value is an exact fraction above zero, a text such as "27/2" or "100".

    It is kept as written, and there is one way to write it: in lowest terms, without "/1".
    """
    said = table.text("value")
    if not said:
        return said
    if len(said) > 2 * len(str(GREATEST_PART)) + 1 or not _FRACTION.fullmatch(said):
        table.wrong("value", f'{said!r} is no fraction above zero such as "27/2"')
        return ""
    exact = Fraction(said)
    if str(exact) != said:
        table.wrong("value", f"{said} is not in lowest terms, write {exact}")
    if max(exact.numerator, exact.denominator) > GREATEST_PART:
        table.wrong("value", f"a part of {said} is above {GREATEST_PART}")
    return str(exact)


def read_reference(table: Table) -> Reference:
    """The `reference` of a value or cap; its title is required."""
    inner = table.table("reference", required=True)
    if inner is None:
        return Reference("")
    reference = Reference(inner.text("title"), inner.maybe_text("clause"), inner.maybe_text("url"))
    if reference.url is not None and not reference.url.startswith(("https://", "http://")):
        inner.wrong("url", "must start with http:// or https://")
    inner.done()
    return reference


def read_confidence(table: Table) -> Confidence:
    """How surely the number was read; required."""
    return cast(Confidence, table.word("confidence", CONFIDENCES))


def _approvers(table: Table, at_least: int) -> tuple[str, ...]:
    found = table.words("approved_by")
    if len(found) < at_least:
        table.wrong("approved_by", f"needs {at_least} or more names")
    return found


def _correction(table: Table) -> Correction | None:
    inner = table.table("correction")
    if inner is None:
        return None
    correction = Correction(inner.text("reason"), _approvers(inner, CORRECTION_APPROVERS))
    inner.done()
    return correction


def _content(table: Table, way: Way) -> Decimal | str | None:
    """What an entry says; None for `ended = true`."""
    if table.flag("ended", required=False):
        if table.has("value"):
            table.wrong("ended", "an entry has a value or ends the parameter, not both")
        return None
    return way(table)


def _value(table: Table, way: Way) -> Value:
    value = Value(
        since=table.day("from"),
        value=_content(table, way),
        confidence=read_confidence(table),
        reference=read_reference(table),
        approved_by=_approvers(table, 1),
        correction=_correction(table),
    )
    table.done()
    return value


def read_parameter(
    table: Table,
    name: str,
    units: Iterable[str] | None = None,
    way: Way = number,
) -> Parameter:
    """A parameter from `unit`, `title` and `values`, of which each is read the `way` it says.

    The days of its values rise; the first entry has a value. `units` are those its user knows.
    """
    unit = table.text("unit") if units is None else table.word("unit", units)
    title = table.maybe_text("title")
    rows = table.rows("values", required=True)
    values = tuple(_value(row, way) for row in rows)
    if table.has("values") and not values:
        table.wrong("values", "is empty")
    if values and values[0].value is None and rows[0].has("ended"):
        rows[0].wrong("ended", "nothing has begun yet")
    for row, earlier, later in zip(rows[1:], values, values[1:], strict=False):
        if NO_DAY in (earlier.since, later.since):
            continue
        if earlier.since == later.since:
            row.wrong("from", f"the day {later.since} stands twice")
        elif earlier.since > later.since:
            row.wrong("from", f"days must rise, {later.since} follows {earlier.since}")
    table.done()
    return Parameter(name, unit, title, values, table.file)


def read_every(
    table: Table,
    noun: str,
    units: Mapping[str, str],
    judge: Judge,
    ways: Mapping[str, Way] | None = None,
    endless: Iterable[str] = (),
) -> dict[str, Parameter]:
    """The table `parameters` of a file whose names are a closed set with a unit each; all must
    come. `noun` says in faults what takes them; `ways` are of those that are no numbers; those that
    are `endless` change, but never end."""
    found: dict[str, Parameter] = {}
    never_end = frozenset(endless)
    for inner in table.tables("parameters"):
        name = inner.name
        if name not in units:
            inner.wrong("", f"the {noun} takes no such parameter")
            continue
        found[name] = read_parameter(inner, name, (units[name],), (ways or {}).get(name, number))
        judge_numbers(inner, found[name], judge)
        if name in never_end:
            refuse_end(inner, found[name])
    for name in units:
        if name not in (table.raw("parameters") or ()):
            table.wrong(f"parameters.{name}", f"missing, every {noun} says it")
    return found


def judge_numbers(table: Table, parameter: Parameter, judge: Judge) -> None:
    """Note what `judge` finds wrong with the numbers of a parameter read from `table`."""
    for position, entry in enumerate(parameter.values):
        wrong = judge(parameter, entry.value) if isinstance(entry.value, Decimal) else None
        if wrong:
            table.wrong(f"values[{position}].value", wrong)


def refuse_one_approver(table: Table, parameter: Parameter) -> None:
    """Note the values of a parameter that one alone approved, where it takes two."""
    for position, entry in enumerate(parameter.values):
        if len(entry.approved_by) < CORRECTION_APPROVERS:
            table.wrong(
                f"values[{position}].approved_by", f"needs {CORRECTION_APPROVERS} or more names"
            )


def refuse_end(table: Table, parameter: Parameter) -> None:
    """Note an entry `ended = true` of a parameter that has to have a value on every later day."""
    for position, entry in enumerate(parameter.values):
        if entry.value is None:
            table.wrong(f"values[{position}].ended", "this parameter changes, it does not end")


def steady(parameter: Parameter) -> bool:
    """Whether it has a value on every day from its first one on."""
    return bool(parameter.values) and all(entry.value is not None for entry in parameter.values)


def range_wrong(number: Decimal, least: Decimal | int, most: Decimal | int | None) -> str | None:
    """What is wrong with a number that has to lie between two others, which belong to it."""
    if number < least:
        return f"is below {least}"
    return f"is above {most}" if most is not None and number > most else None


def exact_wrong(number: Decimal, places: int) -> str | None:
    """What is wrong with a number that may have so many decimal places."""
    exact = number.scaleb(places)
    return None if exact == int(exact) else f"has more than {places} decimal places"


def amount_wrong(number: Decimal) -> str | None:
    """What is wrong with points or CNY, which come in hundredths."""
    return None if number * 100 == int(number * 100) else "has more than two decimal places"


def whole_wrong(number: Decimal) -> str | None:
    """What is wrong with a number that counts."""
    return None if number == int(number) else "must be a whole number"
