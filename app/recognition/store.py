"""Links, seats, statements, totals. Rows in, values out. Whoever changes a link has locked its
resident's wallet, so behind that lock a link stays as it was read."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.kernel import Ids
from app.plumbing.db import Id, Rows, UtcDateTime, insert_rows, prepared, upsert
from app.plumbing.work import Work
from app.recognition.model import ACTIVE, ENDED, Link, Refusal, Total
from app.recognition.tables import link, link_refusal, partner_seat, partner_total, statement_seen

_LINK = [link.c[each.name] for each in fields(Link)]
_WANTED = Rows("wanted", id=Id)
_TOTALS = Rows(
    "told",
    link_id=Id,
    behaviour=sa.String(40),
    month=sa.String(7),
    reduction_mg=sa.BigInteger,
    acts=sa.BigInteger,
)


# Seats.


def seat(work: Work, client_id: bytes) -> str | None:
    """The partner that a client acts for."""
    mine = partner_seat.c.client_id == client_id
    return work.db.scalar(sa.select(partner_seat.c.partner).where(mine))


def add_seat(work: Work, client_id: bytes, partner: str) -> bool:
    """Let a client act for a partner; False when it acts for one already."""
    insert = upsert(work.db, partner_seat).values(client_id=client_id, partner=partner)
    kept = insert.on_conflict_do_nothing().returning(partner_seat.c.client_id)
    return work.db.execute(kept).first() is not None


def seated(work: Work) -> set[str]:
    """The partners that somebody acts for."""
    return set(work.db.scalars(sa.select(partner_seat.c.partner).distinct()))


# Links.


def add_link(work: Work, new: Link, account_hash: bytes) -> bool:
    """One more open link; False when the partner's account is linked already.

    The resident's wallet is locked and has no open link to this partner, so it is the account
    that two of these may meet at.
    """
    columns = {each.name: getattr(new, each.name) for each in _LINK}
    insert = upsert(work.db, link).values(**columns, account_hash=account_hash)
    kept = insert.on_conflict_do_nothing().returning(link.c.id)
    return work.db.execute(kept).first() is not None


def find_link(work: Work, link_id: bytes, *, lock: bool = False) -> Link | None:
    """A link in any state, whoever's it is."""
    found = sa.select(*_LINK).where(link.c.id == link_id)
    row = work.db.execute(found.with_for_update() if lock else found).first()
    return None if row is None else Link(*row)


def open_link(work: Work, resident: bytes, partner: str) -> Link | None:
    """The open link of a resident and a partner."""
    mine = (link.c.resident_id == resident, link.c.partner == partner, link.c.state == ACTIVE)
    row = work.db.execute(sa.select(*_LINK).where(*mine)).first()
    return None if row is None else Link(*row)


def open_links(work: Work, resident: bytes) -> list[Link]:
    """All open links of a resident, oldest first."""
    mine = (link.c.resident_id == resident, link.c.state == ACTIVE)
    return [
        Link(*row) for row in work.db.execute(sa.select(*_LINK).where(*mine).order_by(link.c.id))
    ]


def find_links(work: Work, ids: Iterable[bytes]) -> dict[bytes, Link]:
    """Links in any state by id; what is none is absent."""
    asked = _WANTED.bind(work.db, [(each,) for each in sorted(set(ids))])
    return {row.id: Link(*row) for row in work.db.execute(_find_links(work.db), asked)}


@prepared
def _find_links(postgres: bool) -> Any:
    wanted = _WANTED.source(postgres)
    return sa.select(*_LINK).join(wanted, wanted.c.id == link.c.id)


def links_of(work: Work, resident: bytes, limit: int, before: bytes | None) -> list[Link]:
    """A resident's links, ended ones too, newest first, from the one before an id on."""
    return _newest(work, [link.c.resident_id == resident], limit, before)


def links_at(
    work: Work, partner: str, state: str | None, limit: int, before: bytes | None
) -> list[Link]:
    """A partner's links, of one state or of both, newest first, from the one before an id on."""
    which = [link.c.partner == partner, link.c.account_sealed != b""]
    if state is not None:
        which.append(link.c.state == state)
    return _newest(work, which, limit, before)


def _newest(
    work: Work, which: Sequence[sa.ColumnElement[bool]], limit: int, before: bytes | None
) -> list[Link]:
    statement = sa.select(*_LINK).where(*which)
    if before is not None:
        statement = statement.where(link.c.id < before)
    rows = work.db.execute(statement.order_by(link.c.id.desc()).limit(limit))
    return [Link(*row) for row in rows]


def end_link(work: Work, link_id: bytes, by: str) -> bool:
    """End an open link; False when it has ended already."""
    open_one = (link.c.id == link_id, link.c.state == ACTIVE)
    ended = link.update().where(*open_one).values(state=ENDED, ended_at=work.now, ended_by=by)
    return work.db.execute(ended).rowcount == 1


def forget_accounts(work: Work, resident: bytes) -> None:
    """Forget the partners' own ids of a resident's accounts: their hashes become the links' ids,
    which are nobody's accounts."""
    mine = link.update().where(link.c.resident_id == resident)
    work.db.execute(mine.values(account_sealed=b"", account_hash=link.c.id))


def overdue(work: Work, count: int) -> list[Link]:
    """Some open links whose consent's last day has passed, the longest gone first."""
    late = (link.c.state == ACTIVE, link.c.until_day < work.today)
    rows = work.db.execute(sa.select(*_LINK).where(*late).order_by(link.c.until_day).limit(count))
    return [Link(*row) for row in rows]


# Statements of identity.


def use_statement(work: Work, partner: str, digest: bytes, expires_at: datetime) -> bool:
    """Note that a statement was used; False when it was used before."""
    insert = upsert(work.db, statement_seen).values(
        partner=partner, digest=digest, expires_at=expires_at
    )
    kept = insert.on_conflict_do_nothing().returning(statement_seen.c.digest)
    return work.db.execute(kept).first() is not None


def forget_statements(work: Work, before: datetime) -> int:
    """Delete what nobody could use again anyway."""
    return work.db.execute(
        statement_seen.delete().where(statement_seen.c.expires_at < before)
    ).rowcount


def tell_refusal(work: Work, partner: str, fault: str) -> None:
    """Write down that a link was refused, and why; not whose it would have been."""
    insert_rows(work.db, link_refusal, [(work.new_id(), partner, fault, work.now)])


def forget_refusals(work: Work, before: datetime) -> int:
    """Delete what was refused long ago; ids sort by the instant they were made in."""
    old = link_refusal.c.id < Ids.of(before).least
    return work.db.execute(link_refusal.delete().where(old)).rowcount


def refusals(work: Work, partner: str | None, limit: int, before: bytes | None) -> list[Refusal]:
    """Refused attempts to link, newest first, from the one before an id on."""
    statement = sa.select(*(link_refusal.c[each.name] for each in fields(Refusal)))
    if partner is not None:
        statement = statement.where(link_refusal.c.partner == partner)
    if before is not None:
        statement = statement.where(link_refusal.c.id < before)
    rows = work.db.execute(statement.order_by(link_refusal.c.id.desc()).limit(limit))
    return [Refusal(*row) for row in rows]


# Totals.


def put_totals(work: Work, rows: Sequence[tuple[bytes, str, str, int, int]]) -> None:
    """Totals by (link, behaviour, month), each named once; newer ones take the place of older."""
    if rows:
        asked = _TOTALS.bind(work.db, sorted(rows))
        work.db.execute(_put_totals(work.db), asked | {"now": work.now})


@prepared
def _put_totals(postgres: bool) -> Any:
    told = _TOTALS.source(postgres)
    names = ("link_id", "behaviour", "month", "reduction_mg", "acts")
    now = sa.bindparam("now", type_=UtcDateTime)
    insert = upsert(postgres, partner_total).from_select(
        [*names, "reported_at"],
        sa.select(*(told.c[name] for name in names), now).where(sa.true()),
    )
    newer = ("reduction_mg", "acts", "reported_at")
    return insert.on_conflict_do_update(
        index_elements=[partner_total.c[name] for name in names[:3]],
        set_={name: insert.excluded[name] for name in newer},
    )


def totals(work: Work, link_id: bytes) -> list[Total]:
    """What the partner has told of a link in sums, by behaviour and month."""
    columns = [partner_total.c[each.name] for each in fields(Total)]
    mine = sa.select(*columns).where(partner_total.c.link_id == link_id)
    rows = work.db.execute(mine.order_by(partner_total.c.behaviour, partner_total.c.month))
    return [Total(*row) for row in rows]
