"""Queries of webhooks. Rows in, values out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa

from app.kernel import Ids
from app.plumbing.db import insert_rows, upsert
from app.plumbing.work import Work
from app.webhooks.model import STATES, WAITING, Delivery, Endpoint, Event, Turn
from app.webhooks.tables import event, party, secret

_DELIVERY = [event.c[name] for name in Delivery._fields]
_EVENT = [event.c.id, event.c.party, event.c.type, event.c.at, event.c.sequence]


class Leased(NamedTuple):
    """A party whose turn is ours until the lease ends."""

    party: str
    lease: bytes
    url: str
    registered_at: datetime


def add(work: Work, whose: str, events: Sequence[tuple[bytes, str, Mapping[str, Any]]]) -> None:
    """Write events (id, type, data) that have no number yet."""
    rows = [
        (
            event_id,
            whose,
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


def parties_unnumbered(work: Work) -> list[str]:
    """The parties with events that have no number."""
    found = sa.select(event.c.party).where(event.c.sequence.is_(None)).distinct()
    return sorted(work.db.scalars(found))


def number(work: Work, whose: str) -> int:
    """Number a party's events that have none, in the order of their ids; how many."""
    last = _lock(work, whose)
    unnumbered = (event.c.party == whose, event.c.sequence.is_(None))
    position = sa.func.row_number().over(order_by=event.c.id)
    fresh = sa.select(event.c.id, (last + position).label("sequence")).where(*unnumbered).subquery()
    numbered = event.update().where(event.c.id == fresh.c.id).values(sequence=fresh.c.sequence)
    count: int = work.db.execute(numbered).rowcount
    if count:
        _change(work, whose, last_sequence=last + count)
    return count


def _lock(work: Work, whose: str) -> int:
    """Lock a party, known or new; the last number it was given."""
    insert = upsert(work.db, party).values(party=whose, last_sequence=0)
    locked = insert.on_conflict_do_update(
        index_elements=["party"], set_={"party": insert.excluded.party}
    )
    last: int = work.db.execute(locked.returning(party.c.last_sequence)).scalar_one()
    return last


def _change(work: Work, whose: str, **columns: Any) -> None:
    work.db.execute(party.update().where(party.c.party == whose).values(**columns))


def events(work: Work, whose: str, after: int, limit: int) -> list[Event]:
    """A party's numbered events beyond a number, in order."""
    mine = (event.c.party == whose, event.c.sequence > after)
    statement = sa.select(*_EVENT, event.c.data_sealed).where(*mine)
    rows = work.db.execute(statement.order_by(event.c.sequence).limit(limit))
    return [_event(work, row) for row in rows]


def _event(work: Work, row: Any) -> Event:
    data = orjson.loads(work.keys.decrypt(row.data_sealed))
    return Event(row.id, row.party, row.type, row.at, row.sequence, data)


def listed(
    work: Work, whose: str | None, state: str | None, limit: int, before: bytes | None
) -> list[Delivery]:
    """What became of events, newest first, from the one before an id on."""
    statement = sa.select(*_DELIVERY).order_by(event.c.id.desc()).limit(limit)
    if whose is not None:
        statement = statement.where(event.c.party == whose)
    if state is not None:
        statement = statement.where(event.c.state == state)
    if before is not None:
        statement = statement.where(event.c.id < before)
    return [Delivery(*row) for row in work.db.execute(statement)]


def again(work: Work, event_id: bytes, whose: str | None) -> Delivery | None:
    """An event that is due once more, as if it had never been tried; None when there is none."""
    wanted = [event.c.id == event_id, *([] if whose is None else [event.c.party == whose])]
    row = work.db.execute(_afresh(work).where(*wanted).returning(*_DELIVERY)).first()
    return None if row is None else Delivery(*row)


def _afresh(work: Work) -> sa.Update:
    return event.update().values(state=WAITING, attempts=0, due_at=work.now, first_tried_at=None)


def register(work: Work, whose: str, url: str, sealed: bytes, old_until: datetime) -> None:
    """Give a party an endpoint and one more secret; those before stay good until an instant. What
    waited is due there, as if it had never been tried."""
    _lock(work, whose)
    fresh = {"disabled_at": None, "resting_until": None}
    _change(work, whose, url=url, registered_at=work.now, **fresh)
    endless = (secret.c.party == whose, secret.c.good_until.is_(None))
    work.db.execute(secret.update().where(*endless).values(good_until=old_until))
    insert_rows(work.db, secret, [(work.new_id(), whose, sealed, None)])
    work.db.execute(_afresh(work).where(event.c.party == whose, _waits(), _numbered()))


def endpoints(work: Work) -> dict[str, Endpoint]:
    """Where parties are told, by their codes."""
    columns = [party.c[name] for name in Endpoint._fields]
    known = sa.select(party.c.party, *columns).where(party.c.url.is_not(None))
    return {row[0]: Endpoint(*row[1:]) for row in work.db.execute(known.order_by(party.c.party))}


def secrets(work: Work, whose: str) -> list[str]:
    """The secrets of a party that are good now, the newest first."""
    good = sa.or_(secret.c.good_until.is_(None), secret.c.good_until > work.now)
    statement = sa.select(secret.c.secret_sealed).where(secret.c.party == whose, good)
    return [
        work.keys.decrypt(each) for each in work.db.scalars(statement.order_by(secret.c.id.desc()))
    ]


def parties_due(work: Work) -> list[str]:
    """The parties to whom something can be sent now."""
    statement = sa.select(party.c.party).where(*_free(work), _has_due(work))
    return sorted(work.db.scalars(statement))


def _free(work: Work) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        party.c.url.is_not(None),
        party.c.disabled_at.is_(None),
        sa.or_(party.c.leased_until.is_(None), party.c.leased_until <= work.now),
        sa.or_(party.c.resting_until.is_(None), party.c.resting_until <= work.now),
    )


def _has_due(work: Work) -> sa.ColumnElement[bool]:
    return sa.exists().where(event.c.party == party.c.party, *_due(work))


def _due(work: Work) -> tuple[sa.ColumnElement[bool], ...]:
    return (_waits(), _numbered(), event.c.due_at <= work.now)


def _waits() -> sa.ColumnElement[bool]:
    # Spelled out, as the index of what waits is.
    return event.c.state == sa.literal_column(f"'{WAITING}'")


def _numbered() -> sa.ColumnElement[bool]:
    return event.c.sequence.is_not(None)


def lease(work: Work, whose: str, until: datetime) -> Leased | None:
    """Take a party's turn; None when it is somebody else's."""
    taken = party.update().where(party.c.party == whose, *_free(work))
    taken = taken.values(lease=work.new_id(), leased_until=until)
    row = work.db.execute(taken.returning(*[party.c[name] for name in Leased._fields])).first()
    return None if row is None else Leased(*row)


def turns(work: Work, whose: str, limit: int) -> list[Turn]:
    """A party's events that are due, in order."""
    statement = sa.select(*_EVENT, event.c.data_sealed, event.c.attempts, event.c.first_tried_at)
    statement = statement.where(event.c.party == whose, *_due(work))
    rows = work.db.execute(statement.order_by(event.c.sequence).limit(limit)).all()
    return [Turn(_event(work, row), row.attempts, row.first_tried_at) for row in rows]


def record(work: Work, turn: Turn, at: datetime, status: int | None, **columns: Any) -> None:
    """Write down an attempt, unless the event was asked for again or tried by another since."""
    unchanged = (
        event.c.id == turn.event.id,
        event.c.state == WAITING,
        event.c.attempts == turn.attempts,
    )
    tried = event.update().where(*unchanged)
    work.db.execute(
        tried.values(
            attempts=turn.attempts + 1,
            first_tried_at=turn.first_tried_at or at,
            last_tried_at=at,
            last_status=status,
            **columns,
        )
    )


def release(work: Work, leased: Leased, **columns: Any) -> None:
    """End a lease that is still ours. `columns` say what follows for the endpoint that was asked,
    not for one registered since."""
    mine = (party.c.party == leased.party, party.c.lease == leased.lease)
    work.db.execute(party.update().where(*mine).values(lease=None, leased_until=None))
    if columns:
        same = (party.c.party == leased.party, party.c.registered_at == leased.registered_at)
        work.db.execute(party.update().where(*same).values(**columns))


def forget(work: Work, since: Mapping[str, datetime], limit: int) -> int:
    """Delete events made before the instant of their state, and secrets that are good no more."""
    ended = secret.c.good_until <= work.now
    count: int = work.db.execute(secret.delete().where(ended)).rowcount
    for state, instant in since.items():
        assert state in STATES
        stale = (event.c.state == state, event.c.id < Ids.of(instant).least)
        some = sa.select(event.c.id).where(*stale).order_by(event.c.id).limit(limit)
        count += work.db.execute(event.delete().where(event.c.id.in_(some))).rowcount
    return count
