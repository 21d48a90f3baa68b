"""What has moved between the city and each partner, and what is on its way: one row a partner,
changed by one statement, taken last in a transaction. Hundredths of a point."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.plumbing.db import prepared, upsert
from app.plumbing.work import Work
from app.recognition.model import IN, OUT
from app.recognition.tables import partner_position

_HELD = {OUT: "held_out", IN: "held_in"}
_DONE = {OUT: "sent", IN: "received"}
_NAMES = ("sent", "received", "held_out", "held_in")


class Position(NamedTuple):
    """`net` above nothing: more went out than came in, so the city owes the partner."""

    sent: int = 0
    received: int = 0
    held_out: int = 0
    held_in: int = 0

    @property
    def net(self) -> int:
        return self.sent - self.received


def of(work: Work, partner: str) -> Position:
    """A partner's position."""
    columns = [partner_position.c[name] for name in _NAMES]
    row = work.db.execute(sa.select(*columns).where(partner_position.c.partner == partner)).first()
    return Position() if row is None else Position(*row)


def take(work: Work, partner: str, direction: str, points: int, cap: int) -> bool:
    """Hold headroom for an exchange. False when the net could come to more than `cap`, were all
    that is on its way that way confirmed, and nothing of what is on its way the other."""
    # A first exchange meets no row, so the condition of the statement is not asked.
    if points > cap:
        return False
    asked = {"partner": partner, "points": points, "cap": cap}
    return work.db.execute(_TAKE[direction](work.db), asked).first() is not None


def _take(direction: str) -> Any:
    @prepared
    def statement(postgres: bool) -> Any:
        points = sa.bindparam("points", type_=sa.BigInteger)
        cap = sa.bindparam("cap", type_=sa.BigInteger)
        now = partner_position.c
        net = now.sent - now.received if direction == OUT else now.received - now.sent
        held = now[_HELD[direction]]
        fresh = dict.fromkeys(_NAMES, 0) | {held.name: points}
        insert = upsert(postgres, partner_position).values(
            {"partner": sa.bindparam("partner")} | fresh
        )
        return insert.on_conflict_do_update(
            index_elements=["partner"],
            set_={held.name: held + points},
            where=net + held + points <= cap,
        ).returning(held)

    return statement


_TAKE = {direction: _take(direction) for direction in (OUT, IN)}


def settle(work: Work, partner: str, direction: str, points: int) -> None:
    """What was held has moved."""
    _add(work, partner, {_HELD[direction]: -points, _DONE[direction]: points})


def release(work: Work, freed: Mapping[tuple[str, str], int]) -> None:
    """So much by (partner, direction) came to nothing. In order of partners."""
    for (partner, direction), points in sorted(freed.items()):
        _add(work, partner, {_HELD[direction]: -points})


def undo(work: Work, partner: str, direction: str, points: int) -> None:
    """What had moved was corrected."""
    _add(work, partner, {_DONE[direction]: -points})


def _add(work: Work, partner: str, changes: Mapping[str, int]) -> None:
    now = partner_position.c
    work.db.execute(
        partner_position.update()
        .where(now.partner == partner)
        .values({name: now[name] + more for name, more in changes.items()})
    )
