"""The pack file and the shared factors of a city."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.rulebook.evidence import read_evidence
from app.rulebook.model import Pack, Parameter
from app.rulebook.parameters import read_parameter
from app.rulebook.reading import Table
from app.rulebook.vocabulary import PACK_PARAMETERS, PACK_WORDS


def read_pack(table: Table) -> Pack:
    """The pack of `pack.toml`; faults are noted in the table's list."""
    pack = Pack(
        code=table.text("code"),
        name_zh=table.text("name_zh"),
        name_en=table.text("name_en"),
        zone=_zone(table),
        currency=table.text("currency"),
        parameters=_parameters(table),
        common_evidence=read_evidence(table, "evidence"),
    )
    table.done()
    return pack


def read_factor(table: Table, name: str) -> Parameter:
    """The shared factor of one file."""
    return read_parameter(table, name)


def _zone(table: Table) -> ZoneInfo:
    name = table.text("zone")
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        table.wrong("zone", f"there is no time zone {name!r}")
        return ZoneInfo("UTC")


def _parameters(table: Table) -> Mapping[str, Parameter]:
    found: dict[str, Parameter] = {}
    for inner in table.tables("parameters"):
        name = inner.name
        if name not in PACK_PARAMETERS:
            inner.wrong("", "the pack takes no such parameter")
            continue
        found[name] = read_parameter(inner, name, (PACK_PARAMETERS[name],), PACK_WORDS.get(name))
        _whole(inner, found[name])
    for name in PACK_PARAMETERS:
        if name not in (table.raw("parameters") or ()):
            table.wrong(f"parameters.{name}", "missing, every pack says it")
    return found


def _whole(table: Table, parameter: Parameter) -> None:
    """Days, months, minutes and milligrams come whole; the divisor of points is above zero."""
    for position, entry in enumerate(parameter.values):
        if not isinstance(entry.value, Decimal):
            continue
        if entry.value != int(entry.value):
            table.wrong(f"values[{position}].value", "must be a whole number")
        if parameter.unit == "mg/point" and entry.value == 0:
            table.wrong(f"values[{position}].value", "must be above zero")
