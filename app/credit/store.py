"""Queries of credit: seats, questions and inquiries, outcomes. Rows in, values out."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa

from app.credit.model import Inquiry, Offer, Outcome
from app.credit.tables import bank_seat, credit_outcome, credit_question, inquiry
from app.kernel import Ids
from app.plumbing.db import Id, Rows, prepared, upsert
from app.plumbing.work import Work

_WANTED = Rows("wanted", id=Id)
_GRADES = Rows("graded", resident_id=Id, quarter=sa.String(6), version=sa.BigInteger)


# Seats.


def seat(work: Work, client_id: bytes) -> str | None:
    """The bank of the pack that a client acts for."""
    row = work.db.execute(_seat(work.db), {"who": client_id}).first()
    return None if row is None else str(row.bank)


@prepared
def _seat(postgres: bool) -> Any:
    del postgres
    return sa.select(bank_seat.c.bank).where(bank_seat.c.client_id == sa.bindparam("who"))


def add_seat(work: Work, client_id: bytes, bank: str) -> bool:
    """Let a client act for a bank; False when it acts for one already."""
    insert = upsert(work.db, bank_seat).values(client_id=client_id, bank=bank)
    kept = insert.on_conflict_do_nothing().returning(bank_seat.c.client_id)
    return work.db.execute(kept).first() is not None


# Questions.


def ask(work: Work, bank: str, digest: bytes, new: bytes) -> bytes:
    """The inquiry that answers a question, `new` where it was never asked. Its row is locked: a
    twin waits here."""
    asked = {"bank": bank, "digest": digest, "inquiry_id": new}
    found: bytes = work.db.execute(_ask(work.db), asked).scalar_one()
    return found


@prepared
def _ask(postgres: bool) -> Any:
    names = ("bank", "digest", "inquiry_id")
    insert = upsert(postgres, credit_question)
    insert = insert.values({name: sa.bindparam(name) for name in names})
    keys = [credit_question.c.bank, credit_question.c.digest]
    same = {"digest": insert.excluded.digest}
    kept = insert.on_conflict_do_update(index_elements=keys, set_=same)
    return kept.returning(credit_question.c.inquiry_id)


def answer_by(work: Work, bank: str, digest: bytes, inquiry_id: bytes) -> None:
    """Let another inquiry answer a question from now on."""
    mine = (credit_question.c.bank == bank, credit_question.c.digest == digest)
    work.db.execute(credit_question.update().where(*mine).values(inquiry_id=inquiry_id))


# Inquiries.


def add(work: Work, new: Inquiry) -> None:
    """Keep an inquiry with its answer."""
    told = {"reference": new.reference, "offer": [*new.offer], "answer": new.answer}
    row = {
        "id": new.id,
        "bank": new.bank,
        "client_id": new.client,
        "resident_id": new.resident,
        "consent_id": new.consent,
        "product": new.product,
        "purpose": new.purpose,
        "told_sealed": work.keys.encrypt(orjson.dumps(told).decode()),
        "quarter": new.quarter,
        "version": new.version,
        "told_version": new.told_version,
        "denied": new.denied,
        "at": new.at,
    }
    work.db.execute(_add(work.db), row)


@prepared
def _add(postgres: bool) -> Any:
    del postgres
    later = {"contest", "changed_sealed"}
    columns = [each for each in inquiry.c if each.name not in later]
    return inquiry.insert().values({c.name: sa.bindparam(c.name, type_=c.type) for c in columns})


def find(work: Work, inquiry_id: bytes, *, lock: bool = False) -> Inquiry | None:
    """An inquiry, whoever's it is."""
    found = sa.select(inquiry).where(inquiry.c.id == inquiry_id)
    row = work.db.execute(found.with_for_update() if lock else found).first()
    return None if row is None else _read(work, row)


def listed(
    work: Work, whose: dict[str, Any], limit: int | None, before: bytes | None = None
) -> list[Inquiry]:
    """Inquiries of a `bank` or a `resident_id`, the newest first, from the one before an id on."""
    mine = [inquiry.c[name] == value for name, value in whose.items()]
    statement = sa.select(inquiry).where(*mine).order_by(inquiry.c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(inquiry.c.id < before)
    return [_read(work, row) for row in work.db.execute(statement)]


def graded(work: Work, residents: Iterable[bytes]) -> list[Inquiry]:
    """Every inquiry about these residents that told a grade."""
    asked = _WANTED.bind(work.db, [(each,) for each in residents])
    return [_read(work, row) for row in work.db.execute(_graded(work.db), asked)]


@prepared
def _graded(postgres: bool) -> Any:
    whose = _WANTED.source(postgres)
    found = sa.select(inquiry).join(whose, inquiry.c.resident_id == whose.c.id)
    return found.where(inquiry.c.version.is_not(None))


def change(work: Work, inquiry_id: bytes, **columns: Any) -> None:
    """Set columns of one inquiry; `changed` is sealed."""
    if "changed" in columns:
        said = orjson.dumps(columns.pop("changed")).decode()
        columns["changed_sealed"] = work.keys.encrypt(said)
    work.db.execute(inquiry.update().where(inquiry.c.id == inquiry_id).values(**columns))


def older(work: Work, newer: Iterable[tuple[bytes, str, int]]) -> list[Inquiry]:
    """The inquiries whose bank has heard of an older version than that (resident, quarter,
    version), locked, oldest first."""
    asked = _GRADES.bind(work.db, sorted(newer))
    return [_read(work, row) for row in work.db.execute(_older(work.db), asked)]


@prepared
def _older(postgres: bool) -> Any:
    now = _GRADES.source(postgres)
    stale = (
        inquiry.c.resident_id == now.c.resident_id,
        inquiry.c.quarter == now.c.quarter,
        inquiry.c.told_version < now.c.version,
    )
    found = sa.select(inquiry).join(now, sa.and_(*stale)).order_by(inquiry.c.id)
    return found.with_for_update(of=inquiry)


def _read(work: Work, row: Any) -> Inquiry:
    told = orjson.loads(work.keys.decrypt(row.told_sealed))
    changed = row.changed_sealed
    return Inquiry(
        id=row.id,
        bank=row.bank,
        client=row.client_id,
        resident=row.resident_id,
        consent=row.consent_id,
        product=row.product,
        purpose=row.purpose,
        reference=told["reference"],
        offer=Offer(*told["offer"]),
        answer=told["answer"],
        quarter=row.quarter,
        version=row.version,
        told_version=row.told_version,
        denied=row.denied,
        at=row.at,
        contest=row.contest,
        changed=None if changed is None else orjson.loads(work.keys.decrypt(changed)),
    )


# Outcomes.


def add_outcome(work: Work, new: Outcome) -> None:
    """One more report of a bank; its inquiry's row is locked."""
    keys = ("used", "decided", "limit", "rate_bp", "guarantee")
    said = orjson.dumps({key: getattr(new, key) for key in keys}).decode()
    row = (new.inquiry, new.number, work.keys.encrypt(said), new.at)
    work.db.execute(credit_outcome.insert().values(row))


def outcomes(work: Work, inquiries: Sequence[bytes]) -> dict[bytes, list[Outcome]]:
    """All that banks reported of these inquiries, in order."""
    asked = _WANTED.bind(work.db, [(each,) for each in inquiries])
    found: dict[bytes, list[Outcome]] = {}
    for row in work.db.execute(_outcomes(work.db), asked):
        said = orjson.loads(work.keys.decrypt(row.said_sealed))
        whole = Outcome(inquiry=row.inquiry_id, number=row.number, at=row.at, **said)
        found.setdefault(row.inquiry_id, []).append(whole)
    return found


@prepared
def _outcomes(postgres: bool) -> Any:
    wanted = _WANTED.source(postgres)
    found = sa.select(credit_outcome).join(wanted, credit_outcome.c.inquiry_id == wanted.c.id)
    return found.order_by(credit_outcome.c.inquiry_id, credit_outcome.c.number)


# Retention.


def forget(work: Work, made_before: datetime, limit: int) -> int:
    """Delete inquiries made before an instant, with what was asked and what came of them."""
    old = sa.select(inquiry.c.id).where(inquiry.c.id < Ids.of(made_before).least)
    ids = list(work.db.scalars(old.order_by(inquiry.c.id).limit(limit)))
    for table, column in (
        (credit_outcome, credit_outcome.c.inquiry_id),
        (credit_question, credit_question.c.inquiry_id),
        (inquiry, inquiry.c.id),
    ):
        if ids:
            work.db.execute(table.delete().where(column.in_(ids)))
    return len(ids)
