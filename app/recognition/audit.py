"""What `flask ledger audit` proves of recognition: exchanges, holds, the ledger's accounts of
partners, the lines of their files and their positions tell one story."""

from collections.abc import Iterator, Mapping
from heapq import merge
from itertools import groupby
from operator import itemgetter

import sqlalchemy as sa

from app import clearing, ledger
from app.kernel import points, to_wire
from app.plumbing.db import wide
from app.plumbing.work import Work
from app.recognition import arithmetic, exchanges
from app.recognition.books import BOOK, signed, told
from app.recognition.model import (
    ACTIVE,
    CONFIRMED,
    CORRECTED,
    CORRECTION,
    HELD,
    IN,
    OUT,
    PURPOSE,
)
from app.recognition.tables import exchange, link, partner_position

_FEW = 20
_NAMES = ("sent", "received", "held_out", "held_in")
# Moved once: what was corrected has moved too, and then back.
_MOVED = (CONFIRMED, CORRECTED)


def differences(work: Work) -> Iterator[str]:
    """Every difference found."""
    wide(work.db)
    yield from _positions(work)
    yield from _holds(work)
    yield from _accounts(work)
    yield from _transfers(work)
    yield from _lines(work)
    yield from _amounts(work)
    yield from _links(work)


def _sum(direction: str, *states: str) -> sa.ColumnElement[int]:
    mine = sa.and_(exchange.c.direction == direction, exchange.c.state.in_(states))
    return sa.func.sum(sa.case((mine, exchange.c.points), else_=0))


def _positions(work: Work) -> Iterator[str]:
    """A partner's position is the sum of its exchanges."""
    sums = (_sum(OUT, CONFIRMED), _sum(IN, CONFIRMED), _sum(OUT, HELD), _sum(IN, HELD))
    counted = {
        partner: tuple(map(int, found))
        for partner, *found in work.db.execute(
            sa.select(exchange.c.partner, *sums).group_by(exchange.c.partner)
        )
    }
    columns = [partner_position.c[name] for name in ("partner", *_NAMES)]
    kept = {partner: tuple(found) for partner, *found in work.db.execute(sa.select(*columns))}
    nothing = (0, 0, 0, 0)
    for partner in sorted({*counted, *kept}):
        pairs = zip(_NAMES, kept.get(partner, nothing), counted.get(partner, nothing), strict=True)
        for name, noted, real in pairs:
            if noted != real:
                yield (
                    f"the position of {partner} says {name} {points(noted)}, "
                    f"its exchanges add up to {points(real)}"
                )


def _holds(work: Work) -> Iterator[str]:
    """The points of an exchange are held exactly while it is on its way out."""
    wanted = sa.select(exchange.c.id, exchange.c.resident_id, exchange.c.points).where(
        exchange.c.state == HELD, exchange.c.direction == OUT
    )
    promised = {row.id: (row.resident_id, row.points) for row in work.db.execute(wanted)}
    held = {hold_id: (who, amount) for who, hold_id, amount in ledger.open_holds(work, PURPOSE)}
    for exchange_id in sorted({*promised, *held}):
        if promised.get(exchange_id) != held.get(exchange_id):
            yield f"what is held for {to_wire(PURPOSE, exchange_id)} is not what it says"


def _accounts(work: Work) -> Iterator[str]:
    """The ledger's account of a partner was paid, and paid, what exchanges moved."""
    paid = _sum(OUT, *_MOVED) + _sum(IN, CORRECTED)
    drawn = _sum(IN, *_MOVED) + _sum(OUT, CORRECTED)
    rows = work.db.execute(sa.select(exchange.c.partner, drawn, paid).group_by(exchange.c.partner))
    sums = {ledger.PARTNER + row[0]: (int(row[1]), int(row[2])) for row in rows}
    kept = {
        name: pair for name, pair in ledger.totals(work).items() if name.startswith(ledger.PARTNER)
    }
    for name in sorted({*sums, *kept}):
        if sums.get(name, (0, 0)) != kept.get(name, (0, 0)):
            yield f"the account {name} is off the exchanges"


def _lines(work: Work) -> Iterator[str]:
    """Every exchange that moved is a line of its partner's files, and every correction one."""
    lines = merge(_moves(work), _written(work), key=itemgetter(0))
    for exchange_id, both in groupby(lines, key=itemgetter(0)):
        found = list(both)
        ours = sorted(each[2:] for each in found if each[1])
        theirs = sorted(each[2:] for each in found if not each[1])
        if ours != theirs:
            yield f"the lines of {to_wire(PURPOSE, exchange_id)} are not what it moved"


# (exchange, of the exchanges or of the lines, partner, kind, amount, what a line tells)
_Move = tuple[bytes, bool, str, str, int, tuple[str, ...]]


def _moves(work: Work) -> Iterator[_Move]:
    for each in exchanges.every(work):
        said = _words(told(each))
        if each.state in _MOVED:
            yield each.id, True, each.partner, each.direction, signed(each), said
        if each.state == CORRECTED:
            yield each.id, True, each.partner, CORRECTION, -signed(each), said


def _written(work: Work) -> Iterator[_Move]:
    for reference, partner, kind, amount, said in clearing.written(work, BOOK.name):
        yield reference, False, partner, kind, amount, _words(said)


def _words(said: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(str(said.get(column)) for column in BOOK.shape.columns)


def _transfers(work: Work) -> Iterator[str]:
    """In the ledger, an exchange has moved its points between its resident and its partner."""
    ours = (
        (each.id, each.resident_id, ledger.PARTNER + each.partner, signed(each))
        for each in exchanges.every(work)
        if each.state == CONFIRMED
    )
    both = merge(ours, ledger.by_cause(work, ledger.PARTNER), key=itemgetter(0))
    for exchange_id, found in groupby(both, key=itemgetter(0)):
        pair = list(found)
        if len(pair) != 2 or pair[0] != pair[1]:
            yield f"the ledger has not moved for {to_wire(PURPOSE, exchange_id)} what it says"


def _amounts(work: Work) -> Iterator[str]:
    """Points and units are what its rate makes of them, rounded once."""
    for each in exchanges.every(work):
        moved = arithmetic.Moved(each.points, each.units)
        made = (
            arithmetic.out(each.points, each.rate, each.places)
            if each.direction == OUT
            else arithmetic.into(each.units, each.rate, each.places)
        )
        if made != moved:
            yield f"the amounts of {each.wire} are not those of its rate"


def _links(work: Work) -> Iterator[str]:
    """An exchange is of its resident's own link to its partner; on its way, of an open one."""
    same = sa.and_(
        link.c.id == exchange.c.link_id,
        link.c.resident_id == exchange.c.resident_id,
        link.c.partner == exchange.c.partner,
        sa.or_(link.c.state == ACTIVE, exchange.c.state != HELD),
    )
    rows = work.db.execute(sa.select(exchange.c.id).where(~sa.exists().where(same)).limit(_FEW))
    for row in rows:
        yield f"{to_wire(PURPOSE, row.id)} is of no such link"
