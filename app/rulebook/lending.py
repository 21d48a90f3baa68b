"""The folder `credit` → `Credit`: grades, rules, the scorecard and its reasons, products, banks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from app.rulebook.banks import read_bank, read_product
from app.rulebook.cards import Reason, Scorecard
from app.rulebook.credit import STANDARD, Bank, Credit, GradeLevel
from app.rulebook.files import Files, digest_of, files_of, tables, text_of
from app.rulebook.model import BadRule, Behaviour, Parameter
from app.rulebook.parameters import (
    amount_wrong,
    exact_wrong,
    judge_numbers,
    range_wrong,
    read_every,
    read_parameter,
    refuse_end,
    steady,
    whole_wrong,
)
from app.rulebook.reading import Faults, Table, parse, twins
from app.rulebook.scorecards import read_card, read_reasons
from app.rulebook.vocabulary import CREDIT_PARAMETERS

GRADES, RULES = "credit/grades.toml", "credit/rules.toml"
CARD, REASONS = "credit/scorecard.toml", "credit/reasons.toml"
_BANKS, _PRODUCTS = "credit/banks", "credit/products"
_PLACES = 6  # of a kilogram: milligrams
_UNITS = {name: unit for name, (unit, _, _) in CREDIT_PARAMETERS.items()}


def credit_from_text(text: str, behaviours: Mapping[str, Behaviour]) -> Credit:
    """The `Credit` whose `text` was kept; raises BadRule when it is none.

    `behaviours` are those of the rules that scored the acts: they say each one's category. They may
    be newer than the card, which then knows nothing of some of them.
    """
    faults: Faults = []
    credit = read_credit(files_of(text), behaviours, faults, kept=True)
    if faults:
        raise faults[0]
    return credit


def read_credit(
    files: Files, behaviours: Mapping[str, Behaviour], faults: Faults, *, kept: bool = False
) -> Credit:
    """What the files of the folder say, by their names ("credit/grades.toml"); nothing of none.
    `kept`: they were in force before."""
    if not files:
        return Credit()
    _refuse_others(files, faults)
    grades = _grades(_needed(files, GRADES, faults))
    codes = tuple(level.code for level in grades)
    products = {code: read_product(each, code) for code, each in tables(files, _PRODUCTS, faults)}
    rows = dict(tables(files, _BANKS, faults))
    banks = {code: read_bank(each, code, codes, products) for code, each in rows.items()}
    for code, key, wrong in twins(banks.values(), ("title_zh", "title_en", "legal_name")):
        rows[code].wrong(key, wrong)
    for code, key, wrong in twins(products.values(), ("title_zh", "title_en")):
        faults.append(BadRule(f"{_PRODUCTS}/{code}.toml", key, wrong))
    if STANDARD not in banks:
        faults.append(BadRule(f"{_BANKS}/{STANDARD}.toml", "-", "missing"))
    card, reasons = _card(files, behaviours, faults, kept)
    return Credit(
        digest=digest_of(files),
        text=text_of(files),
        grades=grades,
        scorecard=card,
        reasons=reasons,
        products=products,
        standard=banks.pop(STANDARD, Bank(STANDARD)),
        banks=banks,
        parameters=_rules(_needed(files, RULES, faults)),
    )


def _needed(files: Files, name: str, faults: Faults) -> Table | None:
    if name in files:
        return parse(name, files[name], faults)
    faults.append(BadRule(name, "-", "missing, the pack speaks of credit"))
    return None


def _refuse_others(files: Files, faults: Faults) -> None:
    for name in sorted(files):
        inner = name.startswith((f"{_BANKS}/", f"{_PRODUCTS}/"))
        if name.endswith(".toml") and not inner and name not in (GRADES, RULES, CARD, REASONS):
            faults.append(BadRule(name, "-", "nothing reads this file"))


def _grades(table: Table | None) -> tuple[GradeLevel, ...]:
    """The grades in the order of the file: they begin on one day, and rise on every day."""
    if table is None:
        return ()
    inners = table.tables("grades")
    if not inners:
        table.wrong("grades", "names no grade")
    levels = tuple(_grade(inner) for inner in inners)
    table.done()
    days = {entry.since for level in levels for entry in level.above.values}
    for inner, lower, higher in zip(inners[1:], levels, levels[1:], strict=False):
        if not (steady(lower.above) and steady(higher.above)):
            continue
        if lower.above.since != higher.above.since:
            inner.wrong("above.values[0].from", f"is not the first day of {lower.code}")
            continue
        for day in sorted(days):
            if day >= lower.above.since and _above(higher, day) <= _above(lower, day):
                inner.wrong("above", f"is not above that of {lower.code} on {day}")
    return levels


def _above(level: GradeLevel, day: date) -> Decimal:
    return level.above.at(day).number


def _grade(table: Table) -> GradeLevel:
    above = Parameter(table.name, "kg", None, (), table.file)
    inner = table.table("above", required=True)
    if inner:
        above = read_parameter(inner, table.name, ("kg",))
        judge_numbers(inner, above, lambda _, number: exact_wrong(number, _PLACES))
        refuse_end(inner, above)
    level = GradeLevel(table.name, table.text("title_zh"), table.text("title_en"), above)
    table.done()
    return level


def _rules(table: Table | None) -> dict[str, Parameter]:
    if table is None:
        return {}
    found = read_every(table, "pack", _UNITS, _judge, endless=_UNITS)
    table.done()
    return found


def _judge(parameter: Parameter, number: Decimal) -> str | None:
    unit, least, most = CREDIT_PARAMETERS[parameter.name]
    wrong = range_wrong(number, least, most)
    return wrong or (amount_wrong(number) if unit == "CNY" else whole_wrong(number))


def _card(
    files: Files, behaviours: Mapping[str, Behaviour], faults: Faults, kept: bool
) -> tuple[Scorecard | None, dict[str, Reason]]:
    """The scorecard and its reasons; a city may grade without a factor, and then has neither."""
    if CARD not in files:
        if REASONS in files:
            faults.append(BadRule(REASONS, "-", f"there is no {CARD}"))
        return None, {}
    table = parse(CARD, files[CARD], faults)
    card = read_card(table, behaviours, files, kept=kept) if table else None
    reasons = _needed(files, REASONS, faults)
    return card, read_reasons(reasons, card.parts) if reasons and card else {}
