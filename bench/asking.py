"""How many inquiries of banks are answered in a second, and what an answer without a consent costs
beside one without a grade."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from statistics import median

import orjson

from app import credit, identity
from app.consent import register
from app.grades import grading, store
from app.grades.grading import Basis
from app.grades.model import Grade, Line, Quarter
from app.grades.tables import quarter_closing
from app.kernel import from_wire, to_wire
from app.plumbing import tokens
from bench.figures import Figure, say
from bench.place import Base, Place, found_city
from bench.replay import rehearse, replay
from bench.serving import Line as Connection
from bench.serving import Server, request, serve, write_requests

INQUIRIES = 3_000
_FEWEST = 400
REHEARSED = 1_000
ROUNDS = 3
CONNECTIONS = 32
PATH = "/v1/credit/inquiries"
_PURPOSE, _PRODUCT = "pricing", "low_carbon"
_TIMES = 10  # reads of a consent
_TOKEN_SECONDS = 12 * 3600
_NO_END = 600.0
_SAME_TIME = 1.2
_SAMPLE = 300
Sent = tuple[dict[str, str], bytes]


class Bank:
    """A bank, and residents with a grade of the last closed quarter and a consent for it. Asks in
    turn by every consent, each time for another application."""

    def __init__(self, base: Base, residents: Sequence[bytes]) -> None:
        self.base, self._next = base, count()
        with base.work() as work:
            wire, _ = identity.create_client(work, "bank", "Bench")
            credit.bind(work, wire, "demo_city_bank")
            quarter = Quarter.of(work.today).plus(-1)
            times = dict.fromkeys(("cutoff", "began_at", "ended_at"), work.now)
            row = {"quarter": str(quarter), "after": b"", "counts": "{}"}
            work.db.execute(quarter_closing.insert(), row | times)
            months = [f"{quarter.first.year}-{quarter.first.month + n:02d}" for n in range(3)]
            lines = [Line("bus_ride", each, "utility", 40_000_000, 60) for each in months]
            basis = Basis(tuple(lines), 2)
            made = grading.assess(work.rules.credit, quarter, basis)._asdict()
            graded = [
                Grade(
                    work.new_id(), who, quarter, 1, lines=basis.lines, earlier=2,
                    rulebook=work.rules.digest, card=work.rules.credit.digest,
                    made_at=work.now, reason="closing", before=None, **made,
                )
                for who in residents
            ]  # fmt: skip
            store.add(work, graded)
        here = base.house
        self.head = {
            "Authorization": "Bearer "
            + tokens.issue(here.signing_keys, here.clock.now(), _TOKEN_SECONDS, "bank", wire),
            "Content-Type": "application/json",
        }
        self.consents = self._agreed(wire, residents)

    def _agreed(self, wire: str, residents: Sequence[bytes]) -> list[str]:
        """A consent of each: the first one's is given as residents give theirs, and repeated."""
        here = self.base.house
        who = to_wire("res", residents[0])
        token = tokens.issue(here.signing_keys, here.clock.now(), 60, "resident", who)
        body = {"purpose": _PURPOSE, "recipient": wire, "times": _TIMES}
        answer = self.base.app.test_client().post(
            "/v1/me/consents", json=body, headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.status_code == 201, answer.text
        with self.base.work() as work:
            (first,) = register.listed(work, residents[0], 1, None)
            rows = [replace(first, id=work.new_id(), resident_id=each) for each in residents]
            for each in rows:
                register.add(work, each)
        return [each.wire for each in rows]

    def asks(self, number: int, consents: Sequence[str] = ()) -> list[Sent]:
        """So many questions that were never asked before."""
        found = []
        for turn in range(number):
            which = consents or self.consents
            body = {
                "consent_id": which[(next(self._next) if not consents else turn) % len(which)],
                "product": _PRODUCT,
                "purpose": _PURPOSE,
                "application_reference": secrets.token_hex(8),
                "offer": {
                    "amount": "250000.00", "rate_bp": 480, "term_months": 12,
                    "channel": "branch", "guarantee": "none",
                },
            }  # fmt: skip
            found.append(
                (self.head | {"Idempotency-Key": secrets.token_hex(8)}, orjson.dumps(body))
            )
        return found


def asking(place: Place) -> Iterator[Figure]:
    """Inquiries beside the same statements in pgbench; refused beside absent."""
    number = place.scaled(INQUIRIES, _FEWEST)
    rehearsed = min(REHEARSED, number)
    whole = rehearsed + (ROUNDS + 1) * number
    with place.base("asking") as base:
        people = found_city(base, -(-whole // _TIMES) + _SAMPLE, base.house.clock.now().date())
        graded, others = people.residents[_SAMPLE:], people.residents[:_SAMPLE]
        bank = Bank(base, graded)
        base.settle()
        say(f"asking: {rehearsed} inquiries are rehearsed and sent again by pgbench")
        floor = _floor(place, bank, rehearsed)
        with serve(base, place.folder / "asking.log") as server:
            rate = median(list(_rates(place, bank, server, number))[1:])
            refused, absent = _neutral(server, bank, others)
    yield Figure(
        "inquiries of banks", "req/s", rate, floor,
        "the same statements in pgbench, as many clients",
    )  # fmt: skip
    yield Figure(
        "a neutral answer, no such consent", "ms", refused, absent, "no grade", most=_SAME_TIME
    )


def _floor(place: Place, bank: Bank, number: int) -> float:
    client = bank.base.app.test_client()
    sent = bank.asks(number)
    with place.copy(bank.base, "floor_asking") as copy:

        def post(headers: dict[str, str], body: bytes) -> None:
            answer = client.post(PATH, data=body, headers=headers)
            assert answer.status_code == 200, answer.text
            assert answer.get_json()["grade"], "a consent or a grade is missing"

        told = rehearse(bank.base, [partial(post, *each) for each in sent])
        copy.settle()
        return replay(copy, told, CONNECTIONS, place.folder)


def _rates(place: Place, bank: Bank, server: Server, number: int) -> Iterator[float]:
    """Requests a second, round by round; the first only warms up."""
    for turn in range(ROUNDS + 1):
        yield rate(place, bank, server, number)
        if not turn:
            server.base.settle()


def rate(place: Place, bank: Bank, server: Server, number: int) -> float:
    """Inquiries a second of as many connections as the server has threads."""
    path = place.folder / "inquiries"
    write_requests(path, [request("POST", PATH, *each) for each in bank.asks(number)])
    found = server.rate(path, CONNECTIONS, _NO_END)
    say(f"asking: {found:.0f} inquiries/s")
    return found


def _neutral(server: Server, bank: Bank, others: Sequence[bytes]) -> tuple[float, float]:
    """Median milliseconds of an answer without a consent, and of one without a grade, in turn."""
    with bank.base.work() as work:
        found = register.find(work, from_wire("cns", bank.consents[0]) or b"")
        assert found is not None
        fresh = replace(found, reads_taken=0)
        rows = [replace(fresh, id=work.new_id(), resident_id=each) for each in others]
        for each in rows:
            register.add(work, each)
        nobodys = [to_wire("cns", work.new_id()) for _ in others]
    line = Connection(server)
    times: tuple[list[float], list[float]] = ([], [])
    sent = [bank.asks(len(others), which) for which in (nobodys, [each.wire for each in rows])]
    for number in range(len(others)):
        for side in (0, 1) if number % 2 else (1, 0):
            times[side].append(line.seconds("POST", PATH, *sent[side][number]) * 1000)
    return median(times[0]), median(times[1])


def asker(server: Server, bank: Bank) -> Callable[[], float]:
    """One question after the other on one connection: the seconds that each takes."""
    line = Connection(server)
    return lambda: line.seconds("POST", PATH, *bank.asks(1)[0])
