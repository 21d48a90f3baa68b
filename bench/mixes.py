"""Files of acts: a city on the move and at the till, and households with their meters.

Lines come in the order in which acts happen, which is that of no resident. References count the
lines, so that the order of the file can be told from them.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

HEADER = "reference,subject,behaviour,occurred_at,quantity,unit,evidence,replaces\n"
DAYS = 30
_HOUR = 3600
_TAPS_OF_A_COURIER = 9
# One act of a day: second of the day, card, then the fields from behaviour on, without the instant.
Act = tuple[int, int, str, str]


def last_days(today: date) -> list[date]:
    """The days of a file that arrives today: the thirty before it."""
    return [today - timedelta(days=n) for n in range(DAYS, 0, -1)]


def write(path: Path, tag: str, lines: int, days: list[date], acts: "Acts") -> None:
    """Write a file of so many lines, as many each day; reference `tag` and the number from 1."""
    number = 0
    with path.open("w", encoding="ascii") as file:
        file.write(HEADER)
        for index, day in enumerate(days):
            quota = lines * (index + 1) // len(days) - number
            found = sorted(acts.of_day(day, quota)[:quota])
            head = f"{day.isoformat()}T"
            for second, card, behaviour, rest in found:
                number += 1
                file.write(f"{tag}{number},card{card},{behaviour},{head}{clock(second)},{rest},\n")


def clock(second: int) -> str:
    return f"{second // _HOUR:02}:{second % _HOUR // 60:02}:{second % 60:02}+08:00"


class Acts:
    """Acts of residents `card0` to the last, the same for the same seed."""

    def __init__(self, residents: int, seed: int) -> None:
        self.residents = residents
        self.random = Random(seed)
        self.seed = seed
        self.count = 0

    def of_day(self, day: date, quota: int) -> list[Act]:
        """At least `quota` acts of a day."""
        found: list[Act] = []
        while len(found) < quota:
            found += self.next(day)
        return found

    def next(self, day: date) -> Iterator[Act]:
        raise NotImplementedError

    def named(self, kind: str) -> str:
        """A number of this kind that no other act has."""
        self.count += 1
        return f"{kind}-{self.seed}-{self.count}"


class City(Acts):
    """Bus taps, metro rides with both gates, payments, bicycles; two in a hundred of them meet
    another source, and now and then somebody rides all day and runs into the cap."""

    def next(self, day: date) -> Iterator[Act]:
        draw = self.random.random()
        card = int(self.random.random() * self.residents)
        second = 6 * _HOUR + int(self.random.random() * 16 * _HOUR)
        if draw < 0.60:
            yield self._bus(second, card)
        elif draw < 0.78:
            yield self._metro(day, second, card, None)
        elif draw < 0.93:
            yield self._payment(second, card, self.named("pay"))
        elif draw < 0.97:
            yield self._bicycle(day, second, card)
        elif draw < 0.98:
            yield self._metro(day, second, card, None)
            yield self._bus(second - 120, card)
        elif draw < 0.99:
            payment = self.named("pay")
            yield self._metro(day, second, card, payment)
            yield self._payment(second + 2, card, payment)
        else:
            for tap in range(_TAPS_OF_A_COURIER):
                yield self._bus(7 * _HOUR + tap * 5400 + second % 600, card)

    def _bus(self, second: int, card: int) -> Act:
        line = int(self.random.random() * 90)
        km = f"{2 + line % 11}.{line % 10},km" if line % 3 == 0 else ","
        return second, card, "bus_ride", (
            f'{km},"{{""line"":""{line}"",""vehicle"":""bus{line * 37 + card % 30}""}}"'
        )  # fmt: skip

    def _metro(self, day: date, second: int, card: int, payment: str | None) -> Act:
        minutes = 12 + int(self.random.random() * 40)
        km = f"{minutes // 2}.{minutes % 10},km" if minutes % 2 else ","
        enters, leaves = clock(second - minutes * 60), clock(second)
        paid = f',""payment_id"":""{payment}""' if payment else ""
        return second, card, "metro_ride", (
            f'{km},"{{""entry_station"":""S{minutes}"",""entry_time"":""{day}T{enters}"",'
            f'""exit_station"":""S{minutes + 1}"",""exit_time"":""{day}T{leaves}""{paid}}}"'
        )  # fmt: skip

    def _payment(self, second: int, card: int, payment: str) -> Act:
        cents = 150 + int(self.random.random() * 9000)
        return second, card, "mobile_payment", (
            f',,"{{""amount"":""{cents // 100}.{cents % 100:02}"",""payment_id"":""{payment}"",'
            f'""merchant_id"":""m{cents % 977}""}}"'
        )  # fmt: skip

    def _bicycle(self, day: date, second: int, card: int) -> Act:
        minutes = 8 + int(self.random.random() * 12)
        return second, card, "shared_bike_ride", (
            f'{minutes // 6}.{minutes % 10},km,"{{""unlock_time"":'
            f'""{day}T{clock(second - minutes * 60)}"",""lock_time"":""{day}T{clock(second)}""}}"'
        )  # fmt: skip


class Household(Acts):
    """Every meter read every day, transfers and invoices with caps by month, water, bills.

    A tenth of the residents make half of the transfers and invoices, and pass the month's caps.
    """

    def of_day(self, day: date, quota: int) -> list[Act]:
        readings = [self._reading(day, card) for card in range(self.residents)]
        return readings + super().of_day(day, quota - len(readings))

    def next(self, day: date) -> Iterator[Act]:
        draw = self.random.random()
        card = int(self.random.random() * self.residents)
        if draw < 0.45:
            card //= 10
        second = 6 * _HOUR + int(self.random.random() * 16 * _HOUR)
        if draw < 0.3 or 0.45 <= draw < 0.75:
            yuan = 10 + int(self.random.random() * 5000)
            yield second, card, "online_transfer", f',,"{{""amount"":""{yuan}.00""}}"'
        elif draw < 0.9:
            yield second, card, "e_invoice", f"{3 if card < self.residents // 10 else 1},invoice,"
        else:
            yield from self._bill(day, second)

    def _bill(self, day: date, second: int) -> Iterator[Act]:
        """The bill of the month before and its water, of one home after the other."""
        self.count += 1
        card = self.count % self.residents
        last = day.replace(day=1) - timedelta(days=1)
        size = 1 + card % 5
        yield second, card, "online_utility_bill", (
            f',,"{{""utility_type"":""water"",""account"":""w{card}"",'
            f'""billing_period"":""{last:%Y-%m}""}}"'
        )  # fmt: skip
        yield second, card, "household_water_saving", (
            f',,"{{""meter"":""w{card}"",""period_start"":""{last.replace(day=1)}"",'
            f'""period_end"":""{last}"",""m3"":""{size * 2}.{card % 10}"",'
            f'""household_size"":{size}}}"'
        )  # fmt: skip

    def _reading(self, day: date, card: int) -> Act:
        size = 1 + card % 5
        wh = int(self.random.random() * 5200) * size
        return int(self.random.random() * 4 * _HOUR), card, "household_electricity_saving", (
            f',,"{{""meter"":""e{card}"",""day"":""{day - timedelta(days=1)}"",'
            f'""kwh"":""{wh // 1000}.{wh % 1000:03}"",""household_size"":{size}}}"'
        )  # fmt: skip


class Mixed(Acts):
    """A city on the move, and a tenth of its residents at home with their meters: half the acts."""

    def __init__(self, residents: int, seed: int) -> None:
        super().__init__(residents, seed)
        self.city = City(residents, seed)
        self.homes = Household(max(1, residents // 10), seed)

    def of_day(self, day: date, quota: int) -> list[Act]:
        at_home = self.homes.of_day(day, quota // 2)[: quota // 2]
        return at_home + self.city.of_day(day, quota - len(at_home))
