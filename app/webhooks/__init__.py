"""Webhooks: what parties outside are told, signed, at least once, in an order of its own.

Owns events, their numbers, endpoints and secrets. It knows parties (a short code) and nothing
about what an event means. Its laws: an event is written in the transaction of its cause, or not at
all; a party's events are numbered 1, 2, 3 …, without a gap; every attempt sends the same id and the
same bytes; only an answer of 2xx is a delivery; nothing is sent within a transaction.

Signed as Standard Webhooks 1.0.0 has it. What could not be delivered within a day is dead until
somebody asks for it again.
"""

from app.webhooks.jobs import JOBS
from app.webhooks.model import STATES, Delivery, Endpoint, Event, told
from app.webhooks.schemas import EventsOut, EventsQuery, ReplayedOut
from app.webhooks.service import (
    endpoint,
    endpoints,
    events,
    listed,
    page,
    put,
    put_all,
    register,
    replay,
    replay_own,
    secrets_of,
)

__all__ = [
    "JOBS",
    "STATES",
    "Delivery",
    "Endpoint",
    "Event",
    "EventsOut",
    "EventsQuery",
    "ReplayedOut",
    "endpoint",
    "endpoints",
    "events",
    "listed",
    "page",
    "put",
    "put_all",
    "register",
    "replay",
    "replay_own",
    "secrets_of",
    "told",
]
