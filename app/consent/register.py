"""The register of consents, the notices they were given under, refusals. Rows in, values out.

Whoever grants has locked the resident's account; whoever uses a consent meets its end at the row.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import orjson
import sqlalchemy as sa

from app.consent.agreement import Consent, Given, Recipient, Refusal, Use
from app.consent.tables import consent, consent_refusal, notice
from app.plumbing.db import prepared, upsert, wait_for
from app.plumbing.work import Work

_COLUMNS = list(consent.columns)


def _read(row: Any) -> Consent:
    told = dict(row._mapping)
    given = tuple(Given(*each) for each in orjson.loads(told.pop("data")))
    parts = ("recipient", "recipient_name", "recipient_contact", "recipient_licence")
    whom = Recipient(*(told.pop(each) for each in parts))
    return Consent(data=given, recipient=whom, **told)


def add(work: Work, new: Consent) -> None:
    """One more record."""
    row = {each.name: getattr(new, each.name, None) for each in _COLUMNS}
    row["data"] = orjson.dumps([tuple(each) for each in new.data]).decode()
    row["recipient"], row["recipient_name"] = new.recipient.key, new.recipient.legal_name
    row["recipient_contact"], row["recipient_licence"] = new.recipient[2:]
    work.db.execute(consent.insert().values(**row))


def find(work: Work, consent_id: bytes) -> Consent | None:
    """One record, whoever's it is."""
    row = work.db.execute(_find(work.db), {"id_": consent_id}).first()
    return None if row is None else _read(row)


@prepared
def _find(postgres: bool) -> Any:
    del postgres
    return sa.select(*_COLUMNS).where(consent.c.id == sa.bindparam("id_"))


def take(work: Work, consent_id: bytes, use: Use, today_notice: bytes) -> bool:
    """Take one read, if the consent allows this use at this instant: whoever races for the last
    one, one gets it."""
    asked = {
        "id_": consent_id,
        "whom": use.recipient,
        "what_for": use.purpose,
        "which": use.product,
        "of": use.application,
        "today": work.today,
        "shown": today_notice,
    }
    return work.db.execute(_take(work.db), asked).rowcount == 1


@prepared
def _take(postgres: bool) -> Any:
    del postgres
    c, asked = consent.c, sa.bindparam
    today = asked("today", type_=sa.Date)
    return (
        consent.update()
        .where(
            c.id == asked("id_"),
            c.recipient == asked("whom"),
            c.purpose == asked("what_for"),
            sa.or_(c.product.is_(None), c.product == asked("which", type_=c.product.type)),
            sa.or_(c.application.is_(None), c.application == asked("of", type_=c.application.type)),
            c.revoked_at.is_(None),
            c.from_day <= today,
            c.until_day >= today,
            c.notice == asked("shown"),
            c.reads_taken < c.reads_allowed,
        )
        .values(reads_taken=c.reads_taken + 1)
    )


def listed(
    work: Work, resident_id: bytes, limit: int | None = None, before: bytes | None = None
) -> list[Consent]:
    """A resident's consents, the newest first, from the one before an id on; all without a
    limit."""
    statement = sa.select(*_COLUMNS).where(consent.c.resident_id == resident_id)
    if before is not None:
        statement = statement.where(consent.c.id < before)
    rows = work.db.execute(statement.order_by(consent.c.id.desc()).limit(limit))
    return [_read(row) for row in rows]


def lock(work: Work, resident_id: bytes, consent_id: bytes) -> Consent | None:
    """One of a resident's own consents, locked."""
    mine = (consent.c.resident_id == resident_id, consent.c.id == consent_id)
    row = work.db.execute(sa.select(*_COLUMNS).where(*mine).with_for_update()).first()
    return None if row is None else _read(row)


def lock_open(work: Work, resident_id: bytes) -> list[Consent]:
    """All consents of a resident that were not ended, locked."""
    mine = (consent.c.resident_id == resident_id, consent.c.revoked_at.is_(None))
    statement = sa.select(*_COLUMNS).where(*mine).order_by(consent.c.id).with_for_update()
    return [_read(row) for row in work.db.execute(statement)]


def await_reads(work: Work, residents: Collection[bytes]) -> None:
    """Wait for whoever has taken a read of these residents' consents and not committed yet. None
    stays locked: who comes for them later may hold other rows already."""
    theirs = (consent.c.resident_id.in_(residents), consent.c.revoked_at.is_(None))
    wait_for(work.db, sa.select(consent.c.id).where(*theirs).order_by(consent.c.id))


def end(work: Work, found: Sequence[Consent], why: str, by: bytes | None = None) -> list[Consent]:
    """End these, locked and open; how they stand then. `by` is the consent that takes their place.
    What somebody has read stays counted."""
    ended = {"revoked_at": work.now, "revoked_why": why, "superseded_by": by}
    ids = [each.id for each in found]
    if not ids:
        return []
    changed = consent.update().where(consent.c.id.in_(ids)).values(**ended)
    rows = work.db.execute(changed.returning(*_COLUMNS))
    return sorted((_read(row) for row in rows), key=lambda each: each.id)


# Notices.


def keep_notice(work: Work, digest: bytes, purpose: str, version: str, said: str) -> None:
    """Keep what a notice says, unless it is kept already."""
    row = {
        "digest": digest,
        "purpose": purpose,
        "version": version,
        "said": said,
        "first_at": work.now,
    }
    work.db.execute(upsert(work.db, notice).values(**row).on_conflict_do_nothing())


def said(work: Work, digest: bytes) -> dict[str, Any]:
    """What a notice that was agreed to says."""
    found: dict[str, Any] = orjson.loads(
        work.db.execute(sa.select(notice.c.said).where(notice.c.digest == digest)).scalar_one()
    )
    return found


# Refusals.


def refuse(work: Work, resident_id: bytes, purpose: str, recipient: str) -> None:
    """Keep that a resident does not want to be asked, as of now."""
    row = {"resident_id": resident_id, "purpose": purpose, "recipient": recipient, "at": work.now}
    insert = upsert(work.db, consent_refusal).values(**row)
    keys = ["resident_id", "purpose", "recipient"]
    work.db.execute(insert.on_conflict_do_update(index_elements=keys, set_={"at": work.now}))


def refusals(work: Work, resident_id: bytes) -> list[Refusal]:
    """What a resident does not want to be asked, by purpose and recipient."""
    c = consent_refusal.c
    rows = sa.select(c.purpose, c.recipient, c.at).where(c.resident_id == resident_id)
    return [Refusal(*row) for row in work.db.execute(rows.order_by(c.purpose, c.recipient))]


def forget(work: Work, before: date, limit: int) -> int:
    """Delete some consents whose last day lies before a day. Those that were revoked earlier stay
    for what was left of their term, a few weeks more."""
    old = sa.select(consent.c.id).where(consent.c.until_day < before).limit(limit)
    return work.db.execute(consent.delete().where(consent.c.id.in_(old))).rowcount
