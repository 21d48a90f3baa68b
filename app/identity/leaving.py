"""What identity forgets in time: sign-ins, page sessions and accounts that have long ended."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.identity import presence
from app.identity.presence import page_session
from app.identity.store import acceptance, refresh_token, resident, sign_in
from app.plumbing.work import Work

_CHUNK = 500


def forget_sign_ins(work: Work) -> int:
    """A sign-in ends with its last token; some time after that it is forgotten, and so is a page
    session after its end. Job; repeatable."""
    living = sa.exists().where(refresh_token.c.sign_in_id == sign_in.c.id)
    open_ones = sign_in.c.ended_at.is_(None)
    dead = sa.select(sign_in.c.id).where(open_ones, ~living).limit(_CHUNK)
    ended = sign_in.update().where(sign_in.c.id.in_(dead)).values(ended_at=work.now)
    days = work.rules.privacy.kept_days("sign_ins")
    done = work.db.execute(ended).rowcount
    if days is None:
        return done
    before = work.now - timedelta(days=days)
    old = sa.select(sign_in.c.id).where(sign_in.c.ended_at < before)
    gone = sign_in.delete().where(sign_in.c.id.in_(old.limit(_CHUNK)), ~living)
    return done + work.db.execute(gone).rowcount + presence.forget(work, before, _CHUNK)


def closed_before(work: Work, instant: datetime, count: int) -> list[bytes]:
    """Some accounts that were closed before an instant, the longest closed first."""
    c = resident.c
    old = sa.select(c.id).where(c.closed_at < instant).order_by(c.closed_at).limit(count)
    return list(work.db.scalars(old))


def forget(work: Work, residents: Iterable[bytes]) -> None:
    """Nothing is known of these accounts any more, not even that they were."""
    gone = list(residents)
    for column in (
        acceptance.c.resident_id,
        sign_in.c.resident_id,
        page_session.c.subject,
        resident.c.id,
    ):
        work.db.execute(sa.delete(column.table).where(column.in_(gone)))
