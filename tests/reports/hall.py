"""A town whose acts are counted in the night, and an operator who looks at it by day."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Flask

from app import identity
from app.activities.tables import activity, portion
from app.kernel import FixedClock, local_day, to_wire
from app.plumbing import house as house_of
from app.plumbing.jobs import run
from app.reports import store
from app.scheduler import all_jobs
from tests.activities.town import TESTER, Town, act
from tests.conftest import Headers, bearer

COUNT = "reports.count_city"
Sums = dict[tuple[str, ...], list[int]]


@dataclass
class Hall:
    """`night` counts the town, `get` is what its operator reads."""

    app: Flask
    town: Town
    operator: Headers

    @classmethod
    def opened(
        cls, app: Flask, clock: FixedClock, residents: int = 24, providers: int = 1
    ) -> "Hall":
        town = Town.found(house_of(app), clock, residents, providers)
        with town.house.work(TESTER) as work:
            pair = identity.create_client(work, "operator", "Officer")
        body = {"grant_type": "client_credentials"}
        token = app.test_client().post("/v1/auth/token", json=body, auth=pair).get_json()
        return cls(app, town, bearer(token))

    def night(self) -> int:
        return run(self.town.house, all_jobs()[COUNT])

    def next_night(self) -> int:
        self.town.clock.instant += timedelta(days=1)
        return self.night()

    def get(self, path: str) -> Any:
        answer = self.app.test_client().get(path, headers=self.operator)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    def city(self, month: str) -> Any:
        return self.get(f"/v1/reports/city?month={month}")

    def cockpit(self) -> Any:
        return self.get("/v1/reports/cockpit")

    def ride(
        self, card: int, day: str, behaviour: str = "bus_ride", hour: int = 8
    ) -> dict[str, Any]:
        at = f"{day}T{hour:02d}:00:00+08:00"
        return act(f"{behaviour} {card} {at}", behaviour, at, card=f"card{card}")

    def rides(self, cards: range, day: str, behaviour: str = "bus_ride") -> None:
        self.town.record(*(self.ride(card, day, behaviour) for card in cards))

    def figures(self) -> store.Figures:
        with self.town.house.look(TESTER) as work:
            found = store.told(work)
        assert found is not None
        return found.figures

    def recount(self) -> Sums:
        """The same as the night's sums of acts, added up one by one."""
        rules = self.town.house.rules
        today = local_day(self.town.clock.now(), rules.pack.zone)
        recent, parted = today - timedelta(days=30), set()
        found: dict[tuple[str, ...], list[Any]] = defaultdict(lambda: [set(), 0, 0, 0])

        def add(who: bytes, code: str, day: date, *amounts: int) -> None:
            month, category = f"{day:%Y-%m}", rules.behaviours[code].category
            keys: list[tuple[str, ...]] = [
                ("month", month), ("category", month, category), ("behaviour", month, code),
            ]  # fmt: skip
            first = (today - timedelta(days=35)).replace(day=1)
            keys += [("day", f"{day}")] if day >= first else []
            keys += [("recent",)] if day >= recent else []
            for key in keys:
                found[key][0].add(who)
                for place, amount in enumerate(amounts, 1):
                    found[key][place] += amount

        for row in self.town.rows(portion):
            parted.add((row.resident_id, row.activity_id))
            if row.earned_on < today and row.reduction_mg:
                add(row.resident_id, row.behaviour, row.earned_on, 0, row.reduction_mg, row.points)
        for row in self.town.rows(activity):
            if row.earned_on < today and row.reduction_mg:
                whole = (row.resident_id, row.id) not in parted
                sums = (row.reduction_mg, row.points) if whole else (0, 0)
                add(row.resident_id, row.behaviour, row.earned_on, 1, *sums)
        return {key: [len(people), *sums] for key, (people, *sums) in found.items()}

    def source(self, number: int = 0) -> str:
        return to_wire("cli", self.town.providers[number].id)
