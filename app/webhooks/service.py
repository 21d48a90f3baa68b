"""Use cases of webhooks: what is put in a cause's own transaction, and what is read again."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.plumbing.work import Work
from app.webhooks import store


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
