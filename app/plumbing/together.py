"""Requests in flight at the same time share one transaction.

One small write costs a dozen statements and a flush to disk, and so does a list of them. Whoever
finds a free place leads: takes itself and what is waiting, runs it as one list, hands the answers
out and passes the lead on. A lone request is as quick as before; under load the cost of a
transaction is shared, like a group commit. One place a process is enough: with two the lists are
half as long, and the cost of each is the same. After a list of several the next leader gives the
others a moment to come, as PostgreSQL's commit_delay does: who was answered just now asks again.

What cannot be answered in company (a key seen before, a refusal, an error of any one) is answered
None, and its own thread does it alone: sharing may never make one request's trouble another's.
"""

from collections import deque
from collections.abc import Callable, Sequence
from threading import Event, Lock
from time import sleep
from typing import Any, NamedTuple

from flask import Response

from app.plumbing import idempotency
from app.plumbing.work import Actor, House

_MOMENT = 1 / 1000  # of a second


class Ask(NamedTuple):
    """One request: who calls, its idempotency key and digest, and what it asks for."""

    actor: Actor
    key: str
    digest: bytes
    body: Any


Answer = Response | None
Run = Callable[[House, Sequence[Ask]], Sequence[Answer]]


class _Seat:
    __slots__ = ("answer", "ask", "done", "turn")

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.turn = Event()
        self.done = False
        self.answer: Answer = None


class Together:
    """A meeting point of one kind of request in one process. `most` bounds a transaction.

    `read` gives the present request's body, or None when it is not one to share; `run` answers a
    list of asks in one transaction.
    """

    def __init__(self, read: Callable[[], Any], run: Run, most: int = 64) -> None:
        self._read = read
        self._run = run
        self._most = most
        self._free = True
        self._company = False
        self._lock = Lock()
        self._waiting: deque[_Seat] = deque()

    def attempt(self, here: House, actor: Actor) -> Answer:
        """The answer to the present request, or None: do it alone."""
        body = self._read()
        return None if body is None else self.answer(here, Ask(actor, *idempotency.named(), body))

    def answer(self, here: House, ask: Ask) -> Answer:
        """The answer, or None: do it alone."""
        seat = _Seat(ask)
        with self._lock:
            leads = self._free
            if leads:
                self._free = False
            else:
                self._waiting.append(seat)
        if not leads:
            seat.turn.wait()
        if not seat.done:
            self._lead(here, seat)
        return seat.answer

    def _lead(self, here: House, own: _Seat) -> None:
        if self._company:
            sleep(_MOMENT)
        with self._lock:
            others = min(self._most - 1, len(self._waiting))
            seats = [own, *(self._waiting.popleft() for _ in range(others))]
            self._company = bool(others)
        answers: Sequence[Answer] = [None] * len(seats)
        try:
            answers = self._run(here, [seat.ask for seat in seats])
        except Exception:  # noqa: BLE001 - whoever's trouble it is meets it alone, in its own thread
            answers = [None] * len(seats)
        finally:
            for seat, answer in zip(seats, answers, strict=True):
                seat.answer, seat.done = answer, True
                seat.turn.set()
            self._pass_on()

    def _pass_on(self) -> None:
        """Let the first of those who wait lead the next list, with itself in it."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().turn.set()
            else:
                self._free = True
