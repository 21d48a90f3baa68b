"""Dated parameters as rule files write them, for behaviours, shared factors and the pack."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import cast

from app.rulebook.model import Confidence, Correction, Parameter, Reference, Value
from app.rulebook.reading import NO_DAY, Table
from app.rulebook.vocabulary import CONFIDENCES

CORRECTION_APPROVERS = 2


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


def _content(table: Table, words: Iterable[str] | None) -> Decimal | str | None:
    """The number or word of an entry; None for `ended = true`."""
    if table.flag("ended", required=False):
        if table.has("value"):
            table.wrong("ended", "an entry has a value or ends the parameter, not both")
        return None
    if words is not None:
        return table.word("value", words)
    return table.number("value")


def _value(table: Table, words: Iterable[str] | None) -> Value:
    value = Value(
        since=table.day("from"),
        value=_content(table, words),
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
    words: Iterable[str] | None = None,
) -> Parameter:
    """A parameter from `unit`, `title` and `values`; `words` for one whose values are words.

    The days of its values rise; the first entry has a value. `units` are those its user knows.
    """
    unit = table.text("unit") if units is None else table.word("unit", units)
    title = table.maybe_text("title")
    rows = table.rows("values", required=True)
    values = tuple(_value(row, words) for row in rows)
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
