"""A resident whose acts are reported over HTTP, and the quarters that are closed on them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app import activities, grades, ledger, recognition, redemption
from app.grades import Quarter
from app.kernel import FixedClock
from app.plumbing import Actor, House, jobs, tokens
from app.plumbing import house as house_of
from tests.activities.desk import Desk, act
from tests.conftest import Headers

COMMAND = Actor("command")
LAST = Quarter(2025, 4)
# Shortly after the quarter, and an hour into the day after the closing day, in the city.
REPORTED = datetime(2026, 1, 5, 4, tzinfo=UTC)
CUTOFF = datetime(2026, 1, 15, 16, tzinfo=UTC)
CLOSED = datetime(2026, 1, 15, 17, tzinfo=UTC)
Act = dict[str, Any]


def at(day: str, hour: int = 8) -> str:
    return f"{day}T{hour:02d}:00:00+08:00"


def ride(name: str, day: str, hour: int = 8, **more: Any) -> Act:
    """80 g."""
    return act(name, "bus_ride", at(day, hour), **more)


def phones(*days: str, **more: Any) -> list[Act]:
    """25 kg each, two a year at most."""
    return [
        act(f"phone {day}", "used_phone_trade_in", at(day), imei_hash=f"{n}" * 64,
            destination="reuse", resale_confirmed=True, **more)
        for n, day in enumerate(days)
    ]  # fmt: skip


def clothes(name: str, day: str, kilograms: str, **more: Any) -> Act:
    """1,280 g a kilogram."""
    return act(name, "old_clothes_recycling", at(day), quantity=kilograms, unit="kg", **more)


# 50 kg to the milligram, 100 kg to the milligram, and a gram and a bit.
FIFTY = phones("2025-10-08", "2025-11-09")
HUNDRED = [
    *FIFTY,
    clothes("coats", "2025-11-10", "20"),
    clothes("shirts", "2025-12-11", "19"),
    ride("ride", "2025-12-12"),
]
A_LITTLE = act("a little", "bus_ride", at("2025-12-13"), quantity="0.038", unit="km")


@dataclass
class Office:
    """One provider and one resident, who holds its `card0`."""

    app: Flask
    client: FlaskClient
    clock: FixedClock
    desk: Desk
    resident: Headers

    @property
    def house(self) -> House:
        return house_of(self.app)

    @property
    def me(self) -> bytes:
        return self.id_of(self.resident)

    def id_of(self, headers: Headers) -> bytes:
        from app.kernel import from_wire

        token = headers["Authorization"].split()[1]
        raw = from_wire(
            "res", tokens.verify(self.house.signing_keys, self.clock.now(), token)["sub"]
        )
        assert raw is not None
        return raw

    def report(self, *acts: Act, when: datetime | None = None) -> list[str]:
        """Have acts recorded; their ids."""
        if when is not None:
            self.clock.instant = when
        results = self.desk.send(*acts)["results"]
        assert all(each["status"] in {"credited", "pending", "capped"} for each in results), results
        return [each["id"] for each in results]

    def job(self, name: str) -> int:
        return jobs.run(self.house, jobs.read(grades.JOBS)[name])

    def close(self, when: datetime = CLOSED) -> int:
        self.clock.instant = max(self.clock.instant, when)
        return self.job("grades.close")

    def restate(self) -> int:
        return self.job("grades.restate")

    def grade(self, who: Headers | None = None) -> dict[str, Any]:
        answer = self.client.get("/v1/me/grade", headers=who or self.resident)
        assert answer.status_code == 200, answer.get_json()
        return dict(answer.get_json())

    def code(self, who: Headers | None = None) -> str | None:
        found = self.grade(who)["grade"]
        return found["code"] if found else None

    def history(self, query: str = "") -> list[dict[str, Any]]:
        answer = self.client.get(f"/v1/me/grade/history{query}", headers=self.resident)
        assert answer.status_code == 200, answer.get_json()
        return list(answer.get_json()["items"])

    def versions(self, quarter: Quarter = LAST) -> list[tuple[int, str, str | None]]:
        """(version, reason, grade), the newest first."""
        return [
            (each["version"], each["reason"]["code"], each["grade"] and each["grade"]["code"])
            for each in self.history()
            if each["quarter"] == str(quarter)
        ]

    def audit(self) -> list[str]:
        rooms: list[Callable[..., Any]] = [
            ledger.differences,
            activities.differences,
            redemption.differences,
            recognition.differences,
            grades.differences,
        ]
        with self.house.look(COMMAND) as work:
            return [each for room in rooms for each in room(work)]
