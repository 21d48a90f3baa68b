"""Values of webhooks: events."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

WAITING, DELIVERED, DEAD = STATES = ("waiting", "delivered", "dead")


class Event(NamedTuple):
    """What a party is told. `sequence` counts the party's events from 1, without a gap."""

    id: bytes
    party: str
    type: str
    at: datetime
    sequence: int
    data: Mapping[str, Any]
