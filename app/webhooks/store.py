"""Queries of webhooks. Rows in, values out."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from app.plumbing.db import insert_rows
from app.plumbing.work import Work
from app.webhooks.model import WAITING
from app.webhooks.tables import event


def add(work: Work, party: str, events: Sequence[tuple[bytes, str, Mapping[str, Any]]]) -> None:
    """Write events (id, type, data) that have no number yet."""
    rows = [
        (
            event_id,
            party,
            kind,
            work.now,
            work.keys.encrypt(orjson.dumps(dict(data)).decode()),
            None,
            WAITING,
            0,
            work.now,
            None,
            None,
            None,
        )
        for event_id, kind, data in events
    ]
    insert_rows(work.db, event, rows)
