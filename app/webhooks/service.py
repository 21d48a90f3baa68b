"""Use cases of webhooks: what is put in a cause's own transaction, and what is read again."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from app.kernel import NotFound, from_wire
from app.plumbing.work import Work
from app.webhooks import store
from app.webhooks.model import (
    OVERLAP,
    Delivery,
    Endpoint,
    Event,
    check_url,
    key_of,
    new_secret,
    told,
)


def put(work: Work, party: str, type: str, data: Mapping[str, Any]) -> bytes:
    """Tell a party something, if this work commits: the event's id.

    `type` is a dotted name ("exchange.requested"), `data` what JSON can say. It needs no endpoint:
    what is not sent can be pulled.
    """
    return put_all(work, party, [(type, data)])[0]


def put_all(work: Work, party: str, events: Iterable[tuple[str, Mapping[str, Any]]]) -> list[bytes]:
    """Tell a party many things (type, data), in this order; the events' ids."""
    rows = [(work.new_id(), kind, data) for kind, data in events]
    store.add(work, party, rows)
    return [event_id for event_id, _, _ in rows]


def register(work: Work, party: str, url: str) -> str:
    """Tell a party there from now on, what waits included: the new secret, shown this once.

    The secret before stays good for a day, and until then everything is signed with both. Raises
    Invalid (bad_url).
    """
    check_url(url, bool(work.settings.webhooks_inside))
    made = new_secret()
    store.register(work, party, url, work.keys.encrypt(made), work.now + OVERLAP)
    return made


def endpoint(work: Work, party: str) -> Endpoint | None:
    """Where a party is told; None while it has not said."""
    return store.endpoints(work).get(party)


def endpoints(work: Work) -> dict[str, Endpoint]:
    """Where parties are told, by their codes."""
    return store.endpoints(work)


def secrets_of(work: Work, party: str) -> list[bytes]:
    """The keys that are good for a party now, the newest first."""
    return [key_of(each) for each in store.secrets(work, party)]


def number(work: Work) -> int:
    """Number what has no number yet, of every party; how many."""
    return sum(store.number(work, each) for each in store.parties_unnumbered(work))


def events(work: Work, party: str, after: int, limit: int) -> list[Event]:
    """A party's events beyond a number, in order; sent or not. What has no number yet gets one
    here, so this is for a work that may write."""
    if party in store.parties_unnumbered(work):
        store.number(work, party)
    return store.events(work, party, after, limit)


def page(work: Work, party: str, after: int, limit: int) -> dict[str, Any]:
    """A party's events beyond a number as it reads them, with the number to go on from."""
    found = events(work, party, after, limit + 1)
    items = found[:limit]
    more = str(items[-1].sequence) if len(found) > limit else None
    zone = work.rules.pack.zone
    return {"items": [told(each, zone) for each in items], "next_cursor": more}


def listed(
    work: Work, party: str | None, state: str | None, limit: int, before: bytes | None
) -> list[Delivery]:
    """What became of events, newest first, from the one before an id on."""
    return store.listed(work, party, state, limit, before)


def replay(work: Work, event_id: bytes, party: str | None = None) -> Delivery:
    """Send an event again, whatever became of it: the same id and bytes, attempts begin anew.

    With `party`, only one of that party's. Raises NotFound (unknown_event).
    """
    found = store.again(work, event_id, party)
    if found is None:
        raise NotFound("unknown_event", "There is no such event.")
    return found


def replay_own(work: Work, party: str, wire: str) -> dict[str, Any]:
    """Send one of a party's own events (wire id) again, as it asked. Raises NotFound
    (unknown_event)."""
    found = replay(work, from_wire("evt", wire) or b"", party)
    return {"id": wire, "sequence": found.sequence, "status": found.state}


def forget(work: Work, since: Mapping[str, datetime], limit: int) -> int:
    """Delete events made before the instant of their state, and secrets that are good no more."""
    return store.forget(work, since, limit)
