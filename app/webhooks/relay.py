"""The relay: sends what is due, in turns.

A party's turn is leased in a short transaction, its events are sent in their order outside of any,
and what came of it is written down in another. Parties go side by side, each with one sender, so
that none waits for another's server. A relay that dies leaves its lease to run out; what it had
sent and not written down is sent again.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, NamedTuple

import structlog

from app.kernel import to_wire
from app.plumbing.work import Actor, House
from app.webhooks import service, store
from app.webhooks.model import GONE, Answer, Next, Turn, body, following, headers, rest
from app.webhooks.sending import SECONDS, send

_PARTIES = 8  # sent to at once
_TURN = 20  # events of a party between two transactions
_LEASE = timedelta(seconds=60)
# No attempt is begun so late that it, and the transaction after it, could outlive the lease.
_BEGUN_WITHIN = _LEASE // timedelta(seconds=1) - 2 * SECONDS
_SILENCES = 3  # so many attempts in a row without an answer: nobody is there
_AWAY = timedelta(seconds=5)  # until that is tried again
_LOOK = 1  # seconds between two looks while something is on its way

_log = structlog.get_logger("webhooks")


class _Try(NamedTuple):
    turn: Turn
    at: datetime
    answer: Answer


def relay(house: House, actor: Actor, stopping: Callable[[], bool]) -> int:
    """Send until nothing is due and nothing is on its way; how many attempts were made."""
    total = 0
    flying: dict[str, Future[int]] = {}
    with ThreadPoolExecutor(_PARTIES, thread_name_prefix="webhooks") as threads:
        while True:
            due = [] if stopping() else _parties_due(house, actor)
            for party in due:
                if party not in flying and len(flying) < _PARTIES:
                    flying[party] = threads.submit(_serve, house, actor, party, stopping)
            if not flying:
                return total
            wait(flying.values(), _LOOK, FIRST_COMPLETED)
            landed = [party for party, future in flying.items() if future.done()]
            total += sum(flying.pop(party).result() for party in landed)


def _parties_due(house: House, actor: Actor) -> list[str]:
    """Number what is new, then see whose turn it is. Nothing is written when nothing is new."""
    with house.look(actor) as work:
        unnumbered = store.parties_unnumbered(work)
    if unnumbered:
        with house.work(actor) as work:
            service.number(work)
    with house.look(actor) as work:
        return store.parties_due(work)


def _serve(house: House, actor: Actor, party: str, stopping: Callable[[], bool]) -> int:
    """One turn of a party; how many attempts were made."""
    with house.work(actor) as work:
        leased = store.lease(work, party, work.now + _LEASE)
        if leased is None:
            return 0
        turns = store.turns(work, party, _TURN)
        keys = service.secrets_of(work, party)
    tries = _send(house, leased.url, turns, keys, stopping)
    with house.work(actor) as work:
        # The party's row before its events, as everybody takes them.
        store.release(work, leased, **_endpoint(tries, work.now))
        for each in tries:
            then = following(each.turn, each.answer, work.now)
            store.record(work, each.turn, each.at, each.answer.status, **then._asdict())
            _tell(each, then)
    return len(tries)


def _send(
    house: House,
    url: str,
    turns: Sequence[Turn],
    keys: Sequence[bytes],
    stopping: Callable[[], bool],
) -> list[_Try]:
    """Send in order, until the time is up or the endpoint wants or gives no more."""
    inside = bool(house.settings.webhooks_inside)
    tries: list[_Try] = []
    began = monotonic()
    for turn in turns:
        if stopping() or monotonic() - began > _BEGUN_WITHIN or _over(tries):
            break
        at = house.clock.now()
        said = body(turn.event, house.rules.pack.zone)
        signed = headers(to_wire("evt", turn.event.id), said, at, keys)
        tries.append(_Try(turn, at, send(url, said, signed, at, inside)))
    return tries


def _over(tries: Sequence[_Try]) -> bool:
    if not tries:
        return False
    last = tries[-1].answer
    return last.status == GONE or rest(last) is not None or _silent(tries)


def _silent(tries: Sequence[_Try]) -> bool:
    last = tries[-_SILENCES:]
    return len(last) == _SILENCES and all(each.answer.status is None for each in last)


def _endpoint(tries: Sequence[_Try], now: datetime) -> dict[str, Any]:
    """What follows for the endpoint: it is done with, or left alone for a while."""
    if not tries:
        return {}
    if tries[-1].answer.status == GONE:
        return {"disabled_at": now}
    pause = _AWAY if _silent(tries) else rest(tries[-1].answer)
    return {} if pause is None else {"resting_until": now + pause}


def _tell(made: _Try, then: Next) -> None:
    event = made.turn.event
    _log.info(
        "webhook",
        party=event.party,
        type=event.type,
        id=to_wire("evt", event.id),
        sequence=event.sequence,
        attempt=made.turn.attempts + 1,
        status=made.answer.status,
        why=made.answer.why,
        state=then.state,
    )
    if made.answer.status == GONE:
        _log.warning("webhook_endpoint_disabled", party=event.party)
