"""A city that owes two partner platforms and is owed by them: lines, days and who looks."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app import clearing, identity, recognition, settlement
from app.clearing import Line
from app.kernel import FixedClock
from tests.conftest import Headers
from tests.redemption.market import COMMAND, Market

(BOOK,) = recognition.BOOKS
ONE, OTHER = "unionpay_low_carbon", "citic_carbon_account"


def reference(n: int) -> bytes:
    return n.to_bytes(16)


class Square(Market):
    """The book of partners, whose lines a test writes itself."""

    def partner(self, code: str = ONE) -> Headers:
        with self.house.work(COMMAND) as work:
            wire, secret = identity.create_client(work, "partner", f"{code} {next(self.keys)}")
            recognition.bind(work, wire, code)
        return self._sign_in(wire, secret)

    def owe(self, *amounts: int, party: str = ONE) -> list[bytes]:
        """Lines of today, hundredths of a point; what is above nothing went out."""
        with self.house.work(COMMAND) as work:
            references = [reference(next(self.keys)) for _ in amounts]
            clearing.add(
                work,
                [
                    Line(work.new_id(), BOOK.name, party, work.today, work.now, kind, which, amount,
                         {"direction": kind, "rate": "27/2", "units": "135"})
                    for which, amount in zip(references, amounts, strict=True)
                    for kind in ["out" if amount > 0 else "in"]
                ],
            )  # fmt: skip
        return references

    def closes(
        self, begins: dict[str, Any] | None = None, resting: Sequence[str] = ()
    ) -> list[tuple[str, str]]:
        """Make every file that is missing: (party, day), in their order."""
        found = []
        while True:
            with self.house.work(COMMAND) as work:
                made = settlement.close_next(
                    work, BOOK, begins or {}, lambda _, day: day + timedelta(days=1), resting
                )
            if made is None:
                return found
            found.append((made.party, made.day.isoformat()))

    def propose(self, operator: Headers, kind: str, status: int = 201, **payload: Any) -> Any:
        body = {"kind": kind, "payload": payload, "reason": "As agreed."}
        return self.post("/v1/approvals", operator, body, status)


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """An application whose tokens outlive the days that a test lets pass."""
    return make_app(access_seconds=10 * 366 * 86400)


@pytest.fixture
def square(app: Flask, clock: FixedClock) -> Iterator[Square]:
    found = Square(app, clock, app.test_client())
    yield found
    assert found.audit() == []
