"""Many who want the same thing at once: residents by the hundred, two who want one wallet, and
what every history of a voucher must look like afterwards."""

import shutil
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from werkzeug.test import TestResponse

from app import identity, ledger
from app.kernel import from_wire, to_wire
from app.plumbing import Actor, House, tokens
from app.redemption.model import TRANSITIONS
from app.redemption.tables import voucher, voucher_event
from tests.conftest import Headers
from tests.journeys.live import until
from tests.redemption.market import COMMAND, Market

RULES = Path(__file__).resolve().parents[2] / "rules"
_TEN_YEARS_S = 10 * 366 * 86400
_WAITING = sa.text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def scarce(folder: Path, **changes: tuple[str, str]) -> Path:
    """A copy of the rules in which some files say something else: `a_benefit=(old, new)`."""
    copy = folder / "rules"
    shutil.copytree(RULES, copy)
    for name, (old, new) in changes.items():
        (path,) = copy.glob(f"weihai/*/{name}.toml")
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} does not say {old}"
        path.write_text(text.replace(old, new), encoding="utf-8")
    return copy


def crowd(market: Market, count: int, points: int = 100) -> list[Headers]:
    """The headers of so many new residents, each with so many points from today."""
    house = market.house
    with house.work(COMMAND) as work:
        people = [identity.demo_resident(work, str(next(market.phones))) for _ in range(count)]
        causes = [next(market.keys).to_bytes(16) for _ in people]
        gains = [
            ledger.Change(who, cause, work.today, points * 100)
            for who, cause in zip(people, causes, strict=True)
        ]
        ledger.adjust(work, ledger.lock(work, people), gains)
        now = work.now
    names = [to_wire("res", who) for who in people]
    keys = house.signing_keys
    signed = [tokens.issue(keys, now, _TEN_YEARS_S, "resident", each) for each in names]
    return [{"Authorization": f"Bearer {each}"} for each in signed]


def client_of(market: Market, office: Headers) -> bytes:
    """The id of the client behind these headers."""
    token, house = office["Authorization"].split()[1], market.house
    raw = from_wire("cli", tokens.verify(house.signing_keys, house.clock.now(), token)["sub"])
    assert raw is not None
    return raw


def post(
    market: Market, path: str, headers: Headers, body: Any = None, key: str = ""
) -> TestResponse:
    """POST from whichever thread, with a new key or the one given."""
    named = {"Idempotency-Key": key or f"key {next(market.keys)}"}
    client = market.app.test_client()
    return client.post(path, json=body or {}, headers=headers | named)


def take(market: Market, person: Headers, benefit: str) -> TestResponse:
    return post(market, "/v1/me/vouchers", person, {"benefit_id": benefit})


def said(answer: Any) -> str:
    """The status of what was done, or the code of a refusal; of a job only that it ran."""
    if not isinstance(answer, TestResponse):
        return "ran"
    assert answer.status_code < 500, answer.get_data(as_text=True)
    body = answer.get_json()
    return str(body["code"] if answer.status_code >= 400 else body.get("status", "done"))


def tally(answers: list[Any]) -> Counter[str]:
    """How many were told what."""
    for each in answers:
        assert not isinstance(each, Exception), each
    return Counter(said(each) for each in answers)


def waiting(house: House) -> int:
    """How many sessions wait for a lock."""
    with house.look(COMMAND) as work:
        return int(work.db.scalar(_WAITING) or 0)


def contest(house: House, gate: Callable[[Any], Any], *acts: Callable[[], Any]) -> list[Any]:
    """What these acts answer when all are under way before any passes the gate.

    On PostgreSQL they come to the gate in the order given, and go through in that order; an act
    that ends without coming to it is not waited for. On SQLite, whose one writer is the gate, who
    goes first is left to chance. What the gate wrote is undone.
    """
    postgres = house.engine.dialect.name == "postgresql"
    with ThreadPoolExecutor(len(acts)) as pool:
        running = []
        with house.work(COMMAND) as work:
            gate(work)
            for act in acts:
                running.append(pool.submit(act))
                if postgres:
                    until(lambda: _stand_still(house, running))
            work.db.rollback()
        return [each.result() for each in running]


def _stand_still(house: House, running: list[Any]) -> bool:
    return waiting(house) + sum(each.done() for each in running) >= len(running)


def strays(house: House) -> list[str]:
    """Vouchers whose steps are no way from issued to where they stand."""
    with house.look(Actor("test")) as work:
        states = {
            (row.resident_id, row.id): row.state for row in work.db.execute(sa.select(voucher))
        }
        steps: dict[tuple[bytes, bytes], Counter[tuple[str, str]]] = {}
        for row in work.db.execute(sa.select(voucher_event).order_by(voucher_event.c.id)):
            if row.refused is None and row.was != row.became:
                found = steps.setdefault((row.resident_id, row.voucher_id), Counter())
                found[row.was, row.became] += 1
    return [
        f"a voucher is {state} by {dict(walked)}"
        for key, state in states.items()
        if not _is_a_way(walked := steps.get(key, Counter()), state)
    ]


def _is_a_way(walked: Counter[tuple[str, str]], state: str) -> bool:
    """Steps of one instant have no order of their own, so they are counted: every state but the
    first and the last is left as often as it is come to."""
    if any(became not in TRANSITIONS[was] for was, became in walked):
        return False
    balance: Counter[str] = Counter({"issued": 1})
    for (was, became), times in walked.items():
        balance[became] += times
        balance[was] -= times
    return +balance == Counter({state: 1}) and not -balance
