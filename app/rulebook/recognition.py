"""The folder `recognition`: a file a partner platform, and `registered.toml` → `Recognition`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import cast

from app.rulebook.model import Field, Parameter
from app.rulebook.parameters import (
    amount_wrong,
    exact_wrong,
    fraction,
    range_wrong,
    read_confidence,
    read_every,
    read_reference,
    whole_wrong,
)
from app.rulebook.platforms import (
    ConsentText,
    Level,
    Platform,
    Recognised,
    Recognition,
    Registered,
)
from app.rulebook.reading import NO_DAY, Table, twins
from app.rulebook.vocabulary import (
    CONSENT_DATA,
    CONSENT_VERSION_LENGTH,
    LEAST_PRIORITY,
    LEVELS,
    MOST_PLACES,
    MOST_PRIORITY,
    PLATFORM_CODE_LENGTH,
    PLATFORM_PARAMETERS,
    PLATFORM_RATES,
)

_UNITS = {name: unit for name, (unit, _, _) in PLATFORM_PARAMETERS.items()}
_ENDLESS = _UNITS.keys() - set(PLATFORM_RATES)
_VALUE_PLACES = 4  # of the CNY that a point is worth
Fields = Mapping[str, Mapping[str, Field]]  # the evidence of each behaviour, by field


def read_recognition(
    platforms: Iterable[tuple[str, Table]], registered: Table | None, fields: Fields, digest: str
) -> Recognition:
    """What the files of the folder say; `registered` is `registered.toml` where there is one.

    `fields` are those of the pack's behaviours. Faults are noted in the lists of the tables.
    """
    tables = dict(platforms)
    found = {code: _platform(table, code, fields) for code, table in tables.items()}
    for code, key, wrong in twins(found.values(), ("title_zh", "title_en")):
        tables[code].wrong(key, wrong)
    rows = _registered(registered, fields) if registered else ()
    return Recognition(found, rows, digest)


def _platform(table: Table, code: str, fields: Fields) -> Platform:
    platform = Platform(
        code=code,
        title_zh=table.text("title_zh"),
        title_en=table.text("title_en"),
        legal_name=table.text("legal_name"),
        unit_zh=table.text("unit_zh"),
        unit_en=table.text("unit_en"),
        places=table.whole("places", 0, MOST_PLACES),
        behaviours=_behaviours(table, fields),
        consent=_consent(table),
        parameters=read_every(
            table, "platform", _UNITS, _judge, dict.fromkeys(PLATFORM_RATES, fraction), _ENDLESS
        ),
        notes=table.words("notes"),
    )
    table.done()
    if len(code) > PLATFORM_CODE_LENGTH:
        table.wrong("", f"the file name is longer than {PLATFORM_CODE_LENGTH} characters")
    _refuse_unsaid(table, platform)
    _refuse_early(table, platform)
    _refuse_gain(table, platform)
    return platform


def _behaviours(table: Table, fields: Fields) -> dict[str, Recognised]:
    found: dict[str, Recognised] = {}
    rows = table.tables("behaviours")
    if not rows:
        table.wrong("behaviours", "names no behaviour")
    for inner in rows:
        if inner.name not in fields:
            inner.wrong("", f"there is no behaviours/{inner.name}.toml")
        found[inner.name] = Recognised(
            level=cast(Level, inner.word("level", LEVELS)),
            priority=inner.whole("priority", LEAST_PRIORITY, MOST_PRIORITY),
            totals=inner.flag("totals", required=False),
        )
        inner.done()
    return found


def _consent(table: Table) -> ConsentText:
    inner = table.table("consent", required=True)
    if inner is None:
        return ConsentText("", "", "", "", "", (), 0)
    consent = ConsentText(
        version=inner.text("version"),
        purpose_zh=inner.text("purpose_zh"),
        purpose_en=inner.text("purpose_en"),
        text_zh=inner.text("text_zh"),
        text_en=inner.text("text_en"),
        data=inner.words("data", CONSENT_DATA),
        months=inner.count("months"),
    )
    if len(consent.version) > CONSENT_VERSION_LENGTH:
        inner.wrong("version", f"is longer than {CONSENT_VERSION_LENGTH} characters")
    if not consent.data:
        inner.wrong("data", "names no kind of data")
    inner.done()
    return consent


def _judge(parameter: Parameter, number: Decimal) -> str | None:
    unit, least, most = PLATFORM_PARAMETERS[parameter.name]
    if wrong := range_wrong(number, least, most):
        return wrong
    if unit == "CNY":
        return exact_wrong(number, _VALUE_PLACES)
    return amount_wrong(number) if unit == "point" else whole_wrong(number)


def _refuse_unsaid(table: Table, platform: Platform) -> None:
    """Sums come in only where the consent says so."""
    if "totals" in platform.consent.data:
        return
    for code, each in platform.behaviours.items():
        if each.totals:
            table.wrong(f"behaviours.{code}.totals", "the consent's data do not name totals")


def _refuse_early(table: Table, platform: Platform) -> None:
    """Nothing is exchanged before every rule of the exchange has a value."""
    others = [each for name, each in platform.parameters.items() if name in _ENDLESS]
    begun = max((each.since for each in others if each.values), default=NO_DAY)
    for name in PLATFORM_RATES:
        rate = platform.parameters.get(name)
        if rate and rate.values and rate.since < begun:
            table.wrong(
                f"parameters.{name}.values[0].from",
                f"is before the other parameters begin, on {begun}",
            )


def _refuse_gain(table: Table, platform: Platform) -> None:
    """A point that goes out and comes back is at most a point, whichever two days that takes.

    A rate is held from quote to confirmation and value may wait outside for years, so the best rate
    of any day is compared with the best of any other.
    """
    outs, ins = (_rates(platform, name) for name in PLATFORM_RATES)
    if outs and ins and max(outs) > min(ins):
        table.wrong(
            "parameters.out_rate",
            f"a chain of exchanges gains: {max(outs)} for a point, back at {min(ins)} a point",
        )


def _rates(platform: Platform, name: str) -> list[Fraction]:
    parameter = platform.parameters.get(name)
    values = parameter.values if parameter else ()
    return [Fraction(each.value) for each in values if isinstance(each.value, str) and each.value]


def _registered(table: Table, fields: Fields) -> tuple[Registered, ...]:
    rows = table.rows("registered", required=True)
    found = tuple(_acts(row, fields) for row in rows)
    table.done()
    return found


def _acts(row: Table, fields: Fields) -> Registered:
    behaviour = row.text("behaviour")
    if behaviour and behaviour not in fields:
        row.wrong("behaviour", f"there is no behaviours/{behaviour}.toml")
    name, values = _evidence(row, fields.get(behaviour, {}))
    since = row.day("from")
    until = row.day("until") if row.has("until") else None
    if until is not None and NO_DAY not in (since, until) and until < since:
        row.wrong("until", "is before from")
    acts = Registered(
        behaviour=behaviour,
        registry=row.text("registry"),
        project=row.text("project"),
        provider=row.maybe_text("provider"),
        evidence=name,
        values=values,
        since=since,
        until=until,
        confidence=read_confidence(row),
        reference=read_reference(row),
    )
    row.done()
    return acts


def _evidence(row: Table, fields: Mapping[str, Field]) -> tuple[str | None, tuple[str, ...]]:
    inner = row.table("evidence")
    if inner is None:
        return None, ()
    name, values = inner.text("field"), inner.words("values")
    if name and name not in fields:
        inner.wrong("field", f"the behaviour has no evidence {name!r}")
    if not values:
        inner.wrong("values", "names no value")
    choices = fields[name].choices if name in fields else ()
    for value in values if choices else ():
        if value not in choices:
            inner.wrong("values", f"{value!r} is none of {', '.join(choices)}")
    inner.done()
    return name, values
