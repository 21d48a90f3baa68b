"""The evidence a provider sends with an act, as rule files declare it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import cast

from app.rulebook.model import Field, Keep
from app.rulebook.reading import Table
from app.rulebook.vocabulary import EVIDENCE_TYPES, KEEPS, RETENTION_DAYS

# Only these types have a form worth hashing; a hashed day or flag would be guessed at once.
_HASHABLE = ("text", "identifier")


def read_evidence(table: Table, name: str) -> dict[str, Field]:
    """The fields under `name`, in the order of the file."""
    found: dict[str, Field] = {}
    conditions: list[tuple[Table, str]] = []
    for inner in table.tables(name):
        found[inner.name] = _field(inner)
        if inner.has("required_when"):
            conditions.append((inner, inner.name))
    for inner, each in conditions:
        when = read_where(inner, "required_when", found)
        found[each] = replace(found[each], required_when=when)
        if found[each].required:
            inner.wrong("required_when", "the field is required anyway")
        inner.done()
    return found


def read_where(table: Table, name: str, fields: Mapping[str, Field]) -> dict[str, tuple[str, ...]]:
    """A condition on evidence with choices: field → the values that meet it."""
    inner = table.table(name)
    if inner is None:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for each in inner.names():
        if each not in fields or not fields[each].choices:
            inner.wrong(each, "is no evidence with choices of this behaviour")
            continue
        found[each] = inner.words(each, fields[each].choices)
        if not found[each]:
            inner.wrong(each, "is empty")
    return found


def _field(table: Table) -> Field:
    kind = table.word("type", EVIDENCE_TYPES)
    keep = cast(Keep, table.word("keep", KEEPS))
    days = table.maybe_count("days")
    choices = table.words("choices")
    field = Field(
        name=table.name,
        type=kind,
        required=table.flag("required"),
        keep=keep,
        days=None if keep == "drop" else days or RETENTION_DAYS,
        choices=choices,
        default=_default(table, kind, choices),
        title=table.maybe_text("title"),
    )
    if keep == "drop" and days is not None:
        table.wrong("days", "what is dropped has no retention")
    if keep == "hash" and kind in EVIDENCE_TYPES and kind not in _HASHABLE:
        table.wrong("keep", f"a {kind} is kept or dropped, only texts and identifiers are hashed")
    if (kind == "choice") != bool(choices):
        table.wrong("choices", "a choice has choices, nothing else has")
    if field.required and field.default is not None:
        table.wrong("default", "a required field has no default")
    if not table.has("required_when"):
        table.done()
    return field


def _default(
    table: Table, kind: str, choices: tuple[str, ...]
) -> str | int | bool | Decimal | None:
    if not table.has("default"):
        return None
    if kind == "bool":
        return table.flag("default")
    if kind == "count":
        return table.count("default")
    if kind == "decimal":
        return table.number("default")
    if kind == "choice":
        return table.word("default", choices)
    table.raw("default")
    table.wrong("default", f"a {kind} has no default")
    return None
