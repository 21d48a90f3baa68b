"""All that a pack offers: `redemption.toml`, `funders/`, `benefits/` → `Offers`, and what these
say against each other."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from app.rulebook.benefits import read_benefit
from app.rulebook.model import NotInForce, Parameter
from app.rulebook.offers import Benefit, Funder, Offers
from app.rulebook.parameters import (
    amount_wrong,
    judge_numbers,
    range_wrong,
    read_every,
    read_parameter,
    refuse_end,
    whole_wrong,
)
from app.rulebook.reading import Table, twins
from app.rulebook.vocabulary import REDEMPTION_PARAMETERS

Tables = Iterable[tuple[str, Table]]


def read_offers(rules: Table | None, funders: Tables, benefits: Tables, digest: str) -> Offers:
    """The offers of a pack's files, by code; `rules` is `redemption.toml` where there is one.

    Faults are noted in the lists of the tables. `digest` is that of the files.
    """
    funding, offered = dict(funders), dict(benefits)
    offers = Offers(
        benefits={code: read_benefit(table, code) for code, table in offered.items()},
        funders={code: _funder(table, code) for code, table in funding.items()},
        parameters=_rules(rules) if rules else {},
        digest=digest,
    )
    _refuse_strangers(offers, offered, funding)
    _refuse_twins(offers.benefits.values(), offered)
    _refuse_twins(offers.funders.values(), funding)
    _refuse_two_names(offers, offered)
    if rules:
        _refuse_early(offers, offered)
        _refuse_dear(offers, offered)
    return offers


def _rules(table: Table) -> dict[str, Parameter]:
    units = {name: unit for name, (unit, _, _) in REDEMPTION_PARAMETERS.items()}
    found = read_every(table, "pack", units, _judge, endless=units)
    table.done()
    return found


def _judge(parameter: Parameter, number: Decimal) -> str | None:
    _, least, most = REDEMPTION_PARAMETERS[parameter.name]
    if wrong := range_wrong(number, least, most):
        return wrong
    return amount_wrong(number) if parameter.unit == "CNY" else whole_wrong(number)


def _funder(table: Table, code: str) -> Funder:
    budget = Parameter("budget", "CNY", None, (), table.file)
    inner = table.table("budget", required=True)
    if inner:
        budget = read_parameter(inner, "budget", ("CNY",))
        judge_numbers(inner, budget, lambda _, number: amount_wrong(number))
        refuse_end(inner, budget)
    funder = Funder(code, table.text("title_zh"), table.text("title_en"), budget)
    table.done()
    return funder


def _refuse_strangers(offers: Offers, offered: dict[str, Table], funding: dict[str, Table]) -> None:
    """A benefit whose funder does not exist, and a funder that pays for nothing."""
    used = {each.funder for each in offers.benefits.values()}
    for code, benefit in offers.benefits.items():
        if benefit.funder and benefit.funder not in funding:
            offered[code].wrong("funder", f"there is no funders/{benefit.funder}.toml")
    for code in sorted(funding.keys() - used):
        funding[code].wrong("", "no benefit uses this funder")


def _refuse_twins(each_of: Iterable[Benefit | Funder], tables: dict[str, Table]) -> None:
    for code, key, wrong in twins(each_of, ("title_zh", "title_en")):
        tables[code].wrong(key, wrong)


def _refuse_two_names(offers: Offers, offered: dict[str, Table]) -> None:
    named: dict[str, Benefit] = {}
    for code, benefit in offers.benefits.items():
        if benefit.merchant is None:
            continue
        first = named.setdefault(benefit.merchant.code, benefit)
        if first.merchant != benefit.merchant:
            offered[code].wrong("merchant", f"is named otherwise in benefits/{first.code}.toml")


def _refuse_early(offers: Offers, offered: dict[str, Table]) -> None:
    """Nothing is on offer before every rule of redemption has a value."""
    begun = max((each.since for each in offers.parameters.values() if each.values), default=None)
    for code, benefit in offers.benefits.items():
        price = benefit.parameters.get("price")
        if begun and price and price.values and price.since < begun:
            offered[code].wrong(
                "parameters.price.values[0].from", f"is before redemption.toml begins, on {begun}"
            )


def _refuse_dear(offers: Offers, offered: dict[str, Table]) -> None:
    """What is redeemed offline is cheap on every day: it may turn out to have been spent twice."""
    most = offers.parameters.get("offline_cost")
    for code, benefit in offers.benefits.items():
        cost = benefit.parameters.get("unit_cost")
        if not (benefit.offline and most and cost):
            continue
        for day in sorted({entry.since for entry in (*most.values, *cost.values)}):
            try:
                dear = cost.at(day).number > most.at(day).number
            except NotInForce:
                continue
            if dear:
                offered[code].wrong("offline", f"the unit cost is above offline_cost on {day}")
