"""A resident who has done everything that leaves a trace, and what others hold of it."""

from collections.abc import Callable
from typing import Any

from app.activities.tables import dispute
from app.kernel import from_wire
from app.plumbing.db import insert_rows
from tests.activities.desk import Desk, act
from tests.conftest import Headers, sign_in
from tests.recognition.bourse import CCB, Bourse
from tests.recognition.seals import LINKS, link, phone_of
from tests.recognition.test_claims_wire import Desk as Seat
from tests.redemption.market import COMMAND, CUP


class Life:
    """One resident (`person`), a provider's `desk`, a partner's `seat`, a shop; and the ids of
    what each of them holds."""

    def __init__(self, city: Bourse, register: Callable[..., tuple[str, str]]) -> None:
        self.city = city
        self.seat = Seat(city)
        self.partner, self.link = self.seat.partner, self.seat.link
        self.person: Headers = self.seat.person
        self.desk = Desk.opened(city.client, register, name="Harbour buses")
        self.binding = self.desk.bind(self.person)
        accept = {"agreement": "1", "notice": "1"}
        sign_in(city.client, phone_of(city, self.person), accept=accept)
        self._act()
        self._spend()
        self._exchange()

    def _act(self) -> None:
        self.desk.send(
            act("t1", "bus_ride", "2026-03-09T08:00:00+08:00", line="66"),
            act("t2", "bus_ride", "2026-03-09T18:00:00+08:00"),
            act("t3", "ev_charging", "2026-03-08T18:00:00+08:00", vehicle_use="private",
                quantity="10", unit="kWh"),
            act("fridge", "efficient_appliance", "2026-01-05T12:00:00+08:00", order_id="f",
                product_type="refrigerator", label_kwh_year="100", reference_kwh_year="310.5"),
        )  # fmt: skip
        self.desk.reverse("t2")
        self.seat.claim(self.seat.ride("claim 1"))
        other = link(self.city, self.person, "c", CCB)["id"]
        choice = {"behaviour": "walking", "payer": "partner"}
        self.city.post(f"{LINKS}/{other}/payer", self.person, choice)
        self.act = self.get("/v1/me/activities")["items"][-1]["id"]
        raw = from_wire("act", self.act)
        with self.city.house.work(COMMAND) as work:
            row = (self.id, raw, work.new_id(), work.now, work.now, 0)
            insert_rows(work.db, dispute, [row])

    def _spend(self) -> None:
        city, person = self.city, self.person
        self.shop = city.shop("harbour_cafe")
        self.redemption = city.redeemed(self.shop, person, CUP)["id"]
        self.voucher = city.take(person)
        self.code = city.show(person, self.voucher)
        city.post("/v1/me/code", person)

    def _exchange(self) -> None:
        self.exchange = self.city.ask(self.person, "2.00")["id"]

    @property
    def id(self) -> bytes:
        return self.city.id_of(self.person)

    def get(self, path: str) -> Any:
        return self.city.get(path, self.person)
