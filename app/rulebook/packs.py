"""The pack file and the shared factors of a city."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.rulebook.evidence import read_evidence
from app.rulebook.model import Pack, Parameter
from app.rulebook.parameters import one_of, read_every, read_parameter, whole_wrong
from app.rulebook.reading import Table
from app.rulebook.vocabulary import PACK_PARAMETERS, PACK_WORDS

_WAYS = {name: one_of(words) for name, words in PACK_WORDS.items()}


def read_pack(table: Table) -> Pack:
    """The pack of `pack.toml`; faults are noted in the table's list."""
    pack = Pack(
        code=table.text("code"),
        name_zh=table.text("name_zh"),
        name_en=table.text("name_en"),
        zone=_zone(table),
        currency=table.text("currency"),
        parameters=read_every(table, "pack", PACK_PARAMETERS, _judge, _WAYS),
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


def _judge(parameter: Parameter, number: Decimal) -> str | None:
    """Days, months, minutes and milligrams come whole; the divisor of points is above zero."""
    if parameter.unit == "mg/point" and number == 0:
        return "must be above zero"
    return whole_wrong(number)
