"""The golden cases, run the way a provider's report goes: taken in, scored, stored, paid.

One case is one resident's acts in order; its expectation holds after the last. Cases are data:
`rules/weihai/cases` (set S) and `tests/rules/set_n/cases` (a second pack).
"""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app import rulebook
from app.activities import intake, tables
from app.consent.store import binding
from app.kernel import FixedClock, grams, points
from app.plumbing import House
from app.settings import ROOT
from tests.activities.town import TESTER, Town, act

PACKS = {"weihai": ROOT / "rules" / "weihai", "set_n": Path(__file__).parent / "set_n"}
NOON = "2026-03-10T12:00:00+08:00"
# The methodology's vectors; three of them belong to set N.
VECTORS = {f"TV{n:02d}" for n in range(1, 52)}


def _cases(pack: str) -> Iterator[dict[str, Any]]:
    for path in sorted((PACKS[pack] / "cases").glob("*.toml")):
        yield from tomllib.loads(path.read_text())["case"]


def _moment(step: dict[str, Any]) -> str:
    return str(step.get("occurred_at", NOON))


def _items(case: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        act(
            step.get("reference", f"{case['id']}/{n}"),
            step["behaviour"],
            _moment(step),
            quantity=step.get("quantity"),
            unit=step.get("unit"),
            **step.get("evidence", {}),
        )
        for n, step in enumerate(case["act"])
    ]


def test_every_vector_of_the_methodology_is_a_case() -> None:
    found = [case["id"] for pack in PACKS for case in _cases(pack)]
    assert len(found) == len(set(found))
    assert set(found) >= VECTORS


@pytest.mark.parametrize("pack", PACKS)
def test_golden_cases(pack: str, house: House, clock: FixedClock) -> None:
    rules = rulebook.load(PACKS[pack])
    clock.instant = datetime(2026, 3, 10, tzinfo=UTC)
    town = Town.found(replace(house, rules=rules), clock)
    _hold_from_the_beginning(town)
    wrong = []
    for case in _cases(pack):
        town.forget()
        wrong += [f"{case['id']}: {words}" for words in _play(town, case)]
    assert wrong == []


def _hold_from_the_beginning(town: Town) -> None:
    """Cases happen on any day since 2012; the binding must not be what refuses them."""
    with town.house.work(TESTER) as work:
        work.db.execute(binding.update().values(from_day=date(2012, 1, 1)))


def _play(town: Town, case: dict[str, Any]) -> Iterator[str]:
    items, answers = _items(case), []
    for item in items:
        # Each is reported three days after it happened, whatever year a case speaks of.
        moment = datetime.fromisoformat(item["occurred_at"]) + timedelta(days=3)
        town.clock.instant = max(moment, datetime(2020, 1, 2, tzinfo=UTC))
        answers += town.record(item)
    stored = {row.reference_hash: row for row in town.rows(tables.activity)}
    wire = town.providers[0].wire
    total = 0
    for step, item, answer in zip(case["act"], items, answers, strict=True):
        row = stored.get(intake.reference_hash(wire, item["reference"]))
        total += row.reduction_mg if row is not None else 0
        told = {
            "status": row.status if row is not None else answer.status,
            "reason": row.reason if row is not None else answer.reason,
            "reduction_g": grams(row.reduction_mg if row is not None else 0),
            "points": points(row.points if row is not None else 0),
        }
        for name, value in step.get("expect", {}).items():
            if told[name] != value:
                yield f"{item['reference']} {name} is {told[name]}, not {value}"
    if "total_g" in case and grams(total) != case["total_g"]:
        yield f"the total is {grams(total)}, not {case['total_g']}"
    if "first_part_g" in case:
        first = min(town.rows(tables.portion), key=lambda row: row.number)
        if grams(first.reduction_mg) != case["first_part_g"]:
            yield f"the first part is {grams(first.reduction_mg)}, not {case['first_part_g']}"
    yield from town.audit()
