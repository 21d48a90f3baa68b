"""A resident with acts, a provider, and officers: what tests of objections begin with. All of it
goes over HTTP."""

from dataclasses import dataclass
from typing import Any

from app.plumbing import jobs
from app.scheduler import all_jobs
from tests.activities.desk import Desk, act
from tests.conftest import Headers
from tests.redemption.market import COMMAND, Market

ROLE = "Carbon account officer"
YESTERDAY, TODAY = "2026-03-09T08:00:00+08:00", "2026-03-10T08:00:00+08:00"
MINE = "/v1/me/objections"


@dataclass
class Court:
    """`ride` makes an act, `contest` objects to something, `uphold` says yes to it."""

    market: Market
    desk: Desk
    resident: Headers

    def ride(self, reference: str = "r", at: str = YESTERDAY) -> str:
        """A ride of 8.00 points; its id."""
        found = self.desk.one(act(reference, "bus_ride", at))
        assert found["points"] == "8.00", found
        return str(found["id"])

    def act(self, act_id: str) -> dict[str, Any]:
        return dict(self.market.get(f"/v1/me/activities/{act_id}", self.resident))

    def contest(self, kind: str, subject: str, **more: Any) -> dict[str, Any]:
        body = {"kind": kind, "subject": subject, "reason": "I was not there.", **more}
        return dict(self.market.post(MINE, self.resident, body, 201))

    def look(self, found: dict[str, Any]) -> dict[str, Any]:
        """The objection as its resident sees it."""
        return dict(self.market.get(f"{MINE}/{found['id']}", self.resident))

    def withdraw(self, found: dict[str, Any]) -> dict[str, Any]:
        return dict(self.market.post(f"{MINE}/{found['id']}/withdraw", self.resident))

    def reject(self, officer: Headers, found: dict[str, Any]) -> dict[str, Any]:
        body = {"answer": "The card was yours.", "role": ROLE}
        return dict(self.market.post(f"/v1/objections/{found['id']}/reject", officer, body))

    def propose(
        self, officer: Headers, found: dict[str, Any], remedy: str, status: int = 201, **more: Any
    ) -> dict[str, Any]:
        payload = {
            "objection": found["id"],
            "remedy": remedy,
            "answer": "You are right.",
            "role": ROLE,
            **more,
        }
        body = {"kind": "objection_upheld", "payload": payload, "reason": "Checked."}
        return dict(self.market.post("/v1/approvals", officer, body, status))

    def approve(self, officer: Headers, proposed: dict[str, Any], status: int = 200) -> Any:
        path = f"/v1/approvals/{proposed['id']}/approve"
        return self.market.post(path, officer, None, status)

    def uphold(self, found: dict[str, Any], remedy: str, **more: Any) -> dict[str, Any]:
        """One officer answers, another one approves; the objection afterwards."""
        maker, checker = self.market.operator("Wang"), self.market.operator("Li")
        self.approve(checker, self.propose(maker, found, remedy, **more))
        return self.look(found)

    def points(self) -> tuple[str, str]:
        """(available, held)"""
        return self.market.points(self.resident)

    def disclosures(self) -> list[dict[str, Any]]:
        return list(self.market.get("/v1/me/disclosures", self.resident)["items"])

    def run(self, name: str) -> int:
        return jobs.run(self.market.house, all_jobs()[name])

    def differences(self) -> list[str]:
        """What the audit finds."""
        from app import activities, grades, ledger, objections

        audits = (ledger, activities, grades, objections)
        with self.market.house.look(COMMAND) as work:
            return [each for room in audits for each in room.differences(work)]
