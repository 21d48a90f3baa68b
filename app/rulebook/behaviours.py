"""One behaviour file → a `Behaviour`, checked against the vocabulary and its method."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import cast

from app.rulebook.evidence import read_evidence, read_where
from app.rulebook.methods import METHODS, Method
from app.rulebook.model import Behaviour, Cap, Field, Parameter, Period, Quantity, Range
from app.rulebook.parameters import read_confidence, read_parameter, read_reference
from app.rulebook.reading import Table
from app.rulebook.vocabulary import (
    ACT_UNITS,
    CAP_UNIT_OF_QUANTITY,
    CATEGORIES,
    CONFIRM_DELAYS,
    DIMENSIONS,
    OVERLAP_GROUPS,
    PERIODS,
    PLAUSIBLE,
)

Factors = Mapping[str, Parameter]


def read_behaviour(
    table: Table, code: str, factors: Factors, common: Mapping[str, Field]
) -> Behaviour:
    """The behaviour of one file; faults are noted in the table's list."""
    method = METHODS.get(table.word("method", METHODS)) or Method("", {}, frozenset())
    quantity = _quantity(table, method)
    evidence = read_evidence(table, "evidence")
    for name in sorted(method.evidence - set(evidence)):
        table.wrong(f"evidence.{name}", f"missing, the method {method.name} reads it")
    fields = {**common, **evidence}
    behaviour = Behaviour(
        code=code,
        number=table.count("number"),
        title_zh=table.text("title_zh"),
        title_en=table.text("title_en"),
        category=table.word("category", CATEGORIES),
        dimensions=_dimensions(table),
        method=method.name,
        words_en=table.text("words_en"),
        words_zh=table.text("words_zh"),
        quantity=quantity,
        evidence=evidence,
        parameters=_parameters(table, method, factors),
        caps=_caps(table, method, quantity, fields),
        overlap_groups=table.words("overlap_groups", OVERLAP_GROUPS),
        confirm=table.word("confirm", CONFIRM_DELAYS),
        eligible=_allowed(table, "eligible", fields),
        refuse=_allowed(table, "refuse", fields),
        minimum=_minimum(table, fields),
        plausible=_plausible(table),
        unchecked=table.words("unchecked"),
        notes=table.words("notes"),
        alternatives=method.alternatives,
    )
    table.done()
    return behaviour


def _quantity(table: Table, method: Method) -> Quantity | None:
    inner = table.table("quantity")
    if inner is None:
        if method.quantities and None not in method.quantities:
            table.wrong("quantity", f"missing, the method {method.name} needs one")
        return None
    quantity = Quantity(inner.text("unit"), inner.flag("required"), inner.maybe_number("default"))
    if method.name and quantity.unit not in method.quantities:
        inner.wrong("unit", f"unknown to the method {method.name}: {quantity.unit!r}")
    if quantity.required and quantity.default is not None:
        inner.wrong("default", "a required quantity has no default")
    inner.done()
    return quantity


def _dimensions(table: Table) -> dict[str, int]:
    inner = table.table("dimensions", required=True)
    if inner is None:
        return {}
    for name in inner.names():
        if name not in DIMENSIONS:
            inner.wrong(name, f"unknown dimension, expected one of {', '.join(DIMENSIONS)}")
    if not inner.names():
        table.wrong("dimensions", "is empty")
    return {name: inner.count(name) for name in inner.names()}


def _parameters(table: Table, method: Method, factors: Factors) -> dict[str, Parameter]:
    """The parameters the method takes, each its own or a shared factor, in its order."""
    found: dict[str, Parameter] = {}
    for inner in table.tables("parameters"):
        name = inner.name
        if method.name and name not in method.parameters:
            inner.wrong("", f"the method {method.name} takes no such parameter")
        elif not inner.has("factor"):
            found[name] = read_parameter(inner, name, method.parameters.get(name))
        elif factor := _factor(inner, factors):
            found[name] = factor
            if method.name and factor.unit not in method.parameters[name]:
                inner.wrong("factor", f"{factor.unit!r} is a unit that {method.name} does not know")
    declared = set(table.raw("parameters") or ())
    for name in method.parameters:
        if name not in declared and name not in method.optional:
            table.wrong(f"parameters.{name}", f"missing, the method {method.name} needs it")
    if method.some_of and not method.some_of & declared:
        table.wrong("parameters", f"needs one of {', '.join(sorted(method.some_of))}")
    return {name: found[name] for name in method.parameters if name in found}


def _factor(table: Table, factors: Factors) -> Parameter | None:
    name = table.text("factor")
    table.done()
    if name and name not in factors:
        table.wrong("factor", f"there is no factors/{name}.toml")
    return factors.get(name)


def _caps(
    table: Table, method: Method, quantity: Quantity | None, fields: Mapping[str, Field]
) -> tuple[Cap, ...]:
    measured = set(method.measures)
    if quantity and quantity.unit in CAP_UNIT_OF_QUANTITY:
        measured.add(CAP_UNIT_OF_QUANTITY[quantity.unit])
    caps: list[Cap] = []
    nouns: set[str] = set()
    for inner in table.rows("caps"):
        cap = Cap(
            period=cast(Period, inner.word("period", PERIODS)),
            unit=inner.word("unit", ACT_UNITS | measured),
            limit=inner.number("limit"),
            confidence=read_confidence(inner),
            reference=read_reference(inner),
            where=read_where(inner, "where", fields),
            by=inner.maybe_text("by"),
            note=inner.maybe_text("note"),
        )
        inner.done()
        if cap.by is not None and cap.by not in fields:
            inner.wrong("by", f"{cap.by!r} is no evidence of this behaviour")
        if cap.counts_acts:
            nouns.add(cap.unit)
            if len(nouns) > 1:
                inner.wrong("unit", f"one act has one name, not {' and '.join(sorted(nouns))}")
        if any(cap.name == other.name for other in caps):
            inner.wrong("", f"{cap.name} stands twice")
        caps.append(cap)
    return tuple(caps)


def _allowed(
    table: Table, name: str, fields: Mapping[str, Field]
) -> dict[str, tuple[Decimal | str | bool, ...]]:
    """Evidence name → values, each of the type its field has."""
    inner = table.table(name)
    if inner is None:
        return {}
    found: dict[str, tuple[Decimal | str | bool, ...]] = {}
    for each in inner.names():
        values = inner.raw(each)
        if each not in fields:
            inner.wrong(each, "is no evidence of this behaviour")
        elif not isinstance(values, list) or not values:
            inner.wrong(each, "must be a list of values")
        elif not all(_fits(value, fields[each]) for value in values):
            inner.wrong(each, f"holds a value that a {fields[each].type} cannot have")
        else:
            found[each] = tuple(values)
    return found


def _fits(value: object, field: Field) -> bool:
    if field.type == "bool":
        return isinstance(value, bool)
    return isinstance(value, str) and (not field.choices or value in field.choices)


def _minimum(table: Table, fields: Mapping[str, Field]) -> dict[str, Decimal]:
    inner = table.table("minimum")
    if inner is None:
        return {}
    for name in inner.names():
        numeric = name == "quantity" or (name in fields and fields[name].type == "decimal")
        if not numeric:
            inner.wrong(name, "is neither the quantity nor decimal evidence of this behaviour")
    return {name: inner.number(name) for name in inner.names()}


def _plausible(table: Table) -> dict[str, Range]:
    found: dict[str, Range] = {}
    for inner in table.tables("plausible"):
        low, high = inner.maybe_number("min"), inner.maybe_number("max")
        inner.done()
        if inner.name not in PLAUSIBLE:
            inner.wrong("", f"unknown, expected one of {', '.join(PLAUSIBLE)}")
        if low is None and high is None:
            inner.wrong("", "needs min or max")
        if low is not None and high is not None and low > high:
            inner.wrong("max", "is below min")
        found[inner.name] = Range(low, high)
    return found
