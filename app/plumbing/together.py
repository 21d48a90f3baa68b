"""Requests in flight at the same time share one transaction.

One small write costs a dozen statements and a flush to disk, and so does a list of them. Whoever
comes while nobody is at it leads: takes what is waiting (at least itself), runs it as one list,
hands the answers out and passes the lead on. Nobody waits for company, so a lone request is as
quick as before; under load the cost of a transaction is shared, like a group commit.

What cannot be answered in company (a key seen before, a refusal, an error of any one) is answered
None, and its own thread does it alone: sharing may never make one request's trouble another's.
"""

from collections import deque
from collections.abc import Callable, Sequence
from threading import Event, Lock
from typing import Any, NamedTuple

from flask import Response

from app.plumbing import idempotency
from app.plumbing.work import Actor, House


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
        self._lock = Lock()
        self._waiting: deque[_Seat] = deque()
        self._led = False

    def attempt(self, here: House, actor: Actor) -> Answer:
        """The answer to the present request, or None: do it alone."""
        body = self._read()
        return None if body is None else self.answer(here, Ask(actor, *idempotency.named(), body))

    def answer(self, here: House, ask: Ask) -> Answer:
        """The answer, or None: do it alone."""
        seat = _Seat(ask)
        with self._lock:
            self._waiting.append(seat)
            follows, self._led = self._led, True
        if follows:
            seat.turn.wait()
        if not seat.done:
            self._lead(here)
        return seat.answer

    def _lead(self, here: House) -> None:
        with self._lock:
            count = min(self._most, len(self._waiting))
            seats = [self._waiting.popleft() for _ in range(count)]
        answers: Sequence[Answer] = [None] * count
        try:
            answers = self._run(here, [seat.ask for seat in seats])
        except Exception:  # noqa: BLE001 - whoever's trouble it is meets it alone, in its own thread
            answers = [None] * count
        finally:
            for seat, answer in zip(seats, answers, strict=True):
                seat.answer, seat.done = answer, True
                seat.turn.set()
            with self._lock:
                self._led = bool(self._waiting)
                if self._led:
                    self._waiting[0].turn.set()
