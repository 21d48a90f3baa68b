"""What a test knows of a voucher and its codes, beside what the service says."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.redemption.market import BUS, CUP

BOOK, CHARGE, SEA = "e_book", "charging_discount", "seagrass_donation"
PRICES = {BUS: 2000, CUP: 1500, BOOK: 6000, CHARGE: 10000, SEA: 5000}
DAYS = {BUS: 7, CUP: 7, BOOK: 30, CHARGE: 30, SEA: 1}
MENU = (CHARGE, BUS, CHARGE, CUP, BOOK, SEA)
DAILY = {BUS: 4, CUP: 1, CHARGE: 1, SEA: 10}
MONTHLY = {BOOK: 2, CHARGE: 8}
HOME = {BUS: "weihai_bus", CUP: "weihai_bus", CHARGE: "coast_charging"}
ONE_MERCHANTS = (BUS, CHARGE)
AT_ONCE, CODE_S, REFUND_DAYS = (BOOK, SEA), 60, 7


@dataclass
class Twin:
    """What the model knows of a voucher."""

    who: bytes
    id: bytes
    benefit: str
    day: date
    state: str = "issued"
    prior: str = ""
    returned: int = 0
    given: bytes = b""
    given_on: date = date.min
    codes: list["Shewn"] = field(default_factory=list)

    @property
    def price(self) -> int:
        return PRICES[self.benefit]

    def kill(self) -> None:
        for code in self.codes:
            code.dead = True

    @property
    def last_day(self) -> date:
        return self.day + timedelta(days=DAYS[self.benefit] - 1)


@dataclass
class Shewn:
    """What the model knows of a code."""

    text: str
    of: Twin
    ends: datetime
    dead: bool = False
    used: bool = False
