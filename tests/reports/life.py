"""A resident who has done everything that leaves a trace, and what others hold of it."""

from collections.abc import Callable
from typing import Any

from app import identity
from app.grades.tables import grade_admission
from app.kernel import from_wire, to_wire
from app.plumbing.db import insert_rows
from tests.activities.desk import Desk, act
from tests.conftest import Headers, sign_in
from tests.credit.counter import Counter
from tests.recognition.bourse import CCB, Bourse
from tests.recognition.seals import LINKS, link, phone_of
from tests.recognition.test_claims_wire import Desk as Seat
from tests.redemption.market import COMMAND, CUP

TAP = act("t1", "bus_ride", "2026-03-09T08:00:00+08:00", line="66")
NONCE = "nonce-of-this-showing"


class Life:
    """One resident (`person`), a provider's `desk`, a partner, a shop, a bank, an officer; and the
    ids of what each of them holds."""

    def __init__(self, city: Bourse, register: Callable[..., tuple[str, str]]) -> None:
        self.city, self.seat = city, Seat(city)
        self.partner, self.link = self.seat.partner, self.seat.link
        self.person: Headers = self.seat.person
        whose = city.id_of(self.person)
        self.wire = to_wire("res", whose)
        with city.house.work(COMMAND) as work:
            identity.enter(work, "resident", whose)
        accept = {"agreement": "1", "notice": "1"}
        sign_in(city.client, phone_of(city, self.person), accept=accept)
        self.desk = Desk.opened(city.client, register, name="Harbour buses")
        self.binding = self.desk.bind(self.person)
        self.officer = city.operator("Officer")
        self._act()
        self._spend()
        self._borrow()
        self.exchange = city.ask(self.person, "2.00")["id"]

    def get(self, path: str) -> Any:
        return self.city.get(path, self.person)

    def post(self, path: str, body: Any, status: int = 201) -> Any:
        return self.city.post(path, self.person, body, status)

    def _act(self) -> None:
        self.desk.send(
            TAP,
            act("t2", "bus_ride", "2026-03-09T18:00:00+08:00"),
            act("t3", "ev_charging", "2026-03-08T18:00:00+08:00", vehicle_use="private",
                quantity="10", unit="kWh"),
            act("paper", "waste_paper_recycling", "2026-03-08T19:00:00+08:00", site="east gate",
                quantity="3", unit="kg"),
            act("fridge", "efficient_appliance", "2026-01-05T12:00:00+08:00", order_id="f",
                product_type="refrigerator", label_kwh_year="100", reference_kwh_year="310.5"),
        )  # fmt: skip
        self.desk.reverse("t2")
        self.seat.claim(self.seat.ride("claim 1"))
        other = link(self.city, self.person, "member c", CCB)["id"]
        self.post(f"{LINKS}/{other}/payer", {"behaviour": "walking", "payer": "partner"}, 200)
        self.act = next(
            row["id"]
            for row in self.get("/v1/me/activities")["items"]
            if row["behaviour"] == "waste_paper_recycling"
        )

    def _spend(self) -> None:
        city, person = self.city, self.person
        self.shop = city.shop("weihai_bus")
        self.redemption = city.redeemed(self.shop, person, CUP)["id"]
        self.voucher = city.take(person)["id"]
        self.code = self.post(f"/v1/me/vouchers/{self.voucher}/code", {}, 200)["code"]
        self.account_code = self.post("/v1/me/code", {}, 200)["code"]

    def _borrow(self) -> None:
        counter = self.counter = Counter(self.city.app, self.city.clock, self.city.client)
        counter.close()
        counter.graded(self.person, 120)
        self.bank = counter.bank()
        self.consent = counter.agree(self.person, times=5, application_reference="loan 1")
        self.inquiry = counter.ask(self.bank, self.consent)["inquiry_id"]
        refused = {"purpose": "risk", "recipient": "demo_city_bank"}
        self.post("/v1/me/consents/refusals", refused)
        proof = {"claims": ["grade"], "audience": "anybank", "nonce": NONCE}
        self.proof = self.post("/v1/me/attestations", proof)
        contested = {"kind": "activity", "subject": self.act, "reason": "Not mine."}
        self.objection = self.post("/v1/me/objections", contested)["id"]
        self.post("/v1/me/objections", {"kind": "grade", "subject": "2025Q4", "reason": "Why?"})
        with self.city.house.work(COMMAND) as work:
            let_in = (from_wire("res", self.wire), "2025Q4", from_wire("act", self.act), work.now)
            insert_rows(work.db, grade_admission, [let_in])
