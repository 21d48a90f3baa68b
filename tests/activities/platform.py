"""A partner that knows one resident of a town and tells what it has credited."""

from datetime import UTC, date, datetime
from typing import Any

from app.activities.claimed import Claim
from partner import keys
from tests.activities.town import Town

START = datetime(2026, 1, 20, 4, tzinfo=UTC)
LINK = bytes(16)
CITY_FIRST, EQUAL, PARTNER_FIRST = 110, 100, 90
DAY = "2026-01-19"


def at(clock: str, day: str = DAY) -> str:
    return f"{day}T{clock}+08:00"


class Platform:
    """A partner that knows one resident and tells what it has credited."""

    def __init__(
        self, town: Town, code: str = "unionpay", priority: int = PARTNER_FIRST, resident: int = 0
    ) -> None:
        self.town, self.code, self.priority, self.resident = town, code, priority, resident
        self.secret = town.link(resident)

    def said(self, reference: str, behaviour: str, when: str | None, **evidence: str) -> Claim:
        day = when[:10] if when else evidence.pop("on", DAY)
        return Claim(
            reference,
            self.town.residents[self.resident],
            LINK,
            behaviour,
            date.fromisoformat(day),
            keys.keys_of(self.secret, behaviour, day, evidence, when),
            self.priority,
            80_000,
        )

    def claim(self, reference: str, behaviour: str, when: str | None, **evidence: str) -> Any:
        said = self.said(reference, behaviour, when, **evidence)
        return self.town.claim(said, partner=self.code)[0]
