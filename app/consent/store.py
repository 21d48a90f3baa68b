"""Tables and queries of consent. Rows in, values out; the only SQL of this room."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.consent.model import Binding, Held, last_day
from app.plumbing.db import (
    Id,
    Rows,
    UtcDateTime,
    insert_rows,
    metadata,
    prepared,
    upsert,
)
from app.plumbing.work import Work

KeyedHash = sa.LargeBinary(16)

binding = sa.Table(
    "binding",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("provider_id", Id, nullable=False),
    sa.Column("subject_hash", KeyedHash, nullable=False),
    sa.Column("resident_id", Id, nullable=False),
    sa.Column("from_day", sa.Date, nullable=False),
    sa.Column("until_day", sa.Date),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("revoked_at", UtcDateTime),
    sa.CheckConstraint("(until_day IS NULL) = (revoked_at IS NULL)", name="end_has_instant"),
    sa.Index("ix_binding_provider_id_subject_hash", "provider_id", "subject_hash"),
    sa.Index("ix_binding_resident_id_id", "resident_id", "id"),
    # What the check under the subject's lock says, said once more: one open binding a subject.
    sa.Index(
        "uq_binding_open",
        "provider_id",
        "subject_hash",
        unique=True,
        postgresql_where=sa.text("until_day IS NULL"),
        sqlite_where=sa.text("until_day IS NULL"),
    ),
)
# The directory of subjects: the one row that two residents after the same card both must lock.
binding_subject = sa.Table(
    "binding_subject",
    metadata,
    sa.Column("provider_id", Id, primary_key=True),
    sa.Column("subject_hash", KeyedHash, primary_key=True),
)

# What a resident's acts are blinded with for partner platforms; empty once it was forgotten.
claim_secret = sa.Table(
    "claim_secret",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
)

_RESIDENTS = Rows("asked", resident_id=Id)
_SUBJECTS = Rows("subject", subject_hash=KeyedHash)
_HELD = (binding.c.resident_id, binding.c.from_day, binding.c.until_day)
_BINDING = (
    binding.c.id,
    binding.c.provider_id,
    binding.c.from_day,
    binding.c.until_day,
    binding.c.created_at,
)


def holders(
    work: Work, provider_id: bytes, subjects: Sequence[bytes]
) -> dict[bytes, tuple[Held, ...]]:
    """All holders, former ones too, of these subjects; a subject that was never bound is absent."""
    asked = _SUBJECTS.bind(work.db, [(subject,) for subject in dict.fromkeys(subjects)])
    found: dict[bytes, tuple[Held, ...]] = {}
    for subject, *held in work.db.execute(_holders(work.db), asked | {"provider": provider_id}):
        found[subject] = (*found.get(subject, ()), Held(*held))
    return found


@prepared
def _holders(postgres: bool) -> Any:
    asked = _SUBJECTS.source(postgres)
    return (
        sa.select(binding.c.subject_hash, *_HELD)
        .join(asked, asked.c.subject_hash == binding.c.subject_hash)
        .where(binding.c.provider_id == sa.bindparam("provider", type_=Id))
        .order_by(binding.c.from_day, binding.c.id)
    )


def bound_since(work: Work, provider_id: bytes, instant: datetime) -> bool:
    """Whether any subject of this provider was bound after an instant."""
    new = (binding.c.provider_id == provider_id, binding.c.created_at > instant)
    return work.db.execute(sa.select(1).where(*new).limit(1)).first() is not None


def lock_subject(work: Work, provider_id: bytes, subject_hash: bytes) -> list[Held]:
    """Lock a subject, known or new, and read who holds and held it."""
    key = {"provider_id": provider_id, "subject_hash": subject_hash}
    work.db.execute(upsert(work.db, binding_subject).values(**key).on_conflict_do_nothing())
    row = binding_subject.c
    mine = sa.and_(row.provider_id == provider_id, row.subject_hash == subject_hash)
    work.db.execute(sa.select(row.provider_id).where(mine).with_for_update()).one()
    rows = work.db.execute(
        sa.select(*_HELD).where(
            binding.c.provider_id == provider_id, binding.c.subject_hash == subject_hash
        )
    )
    return [Held(*row) for row in rows]


def add(
    work: Work, provider_id: bytes, subject_hash: bytes, resident_id: bytes, from_day: date
) -> Binding:
    """One binding; its subject is locked."""
    new = work.new_id()
    row = (new, provider_id, subject_hash, resident_id, from_day, None, work.now, None)
    work.db.execute(binding.insert().values(row))
    return Binding(new, provider_id, from_day, None, work.now)


def add_many(work: Work, provider_id: bytes, rows: Sequence[tuple[bytes, bytes, date]]) -> None:
    """Bindings of (subject hash, resident, first day) for subjects that nobody has bound."""
    insert_rows(work.db, binding_subject, [(provider_id, subject) for subject, _, _ in rows])
    whole = [
        (work.new_id(), provider_id, subject, resident, from_day, None, work.now, None)
        for subject, resident, from_day in rows
    ]
    insert_rows(work.db, binding, whole)


def count_open(work: Work, resident_id: bytes) -> int:
    """How many bindings of a resident are open."""
    mine = (binding.c.resident_id == resident_id, binding.c.until_day.is_(None))
    return work.db.scalar(sa.select(sa.func.count()).where(*mine)) or 0


def listed(
    work: Work, resident_id: bytes, limit: int | None = None, before: bytes | None = None
) -> list[Binding]:
    """A resident's bindings, ended ones too, newest first, from the one before an id on; all
    without a limit."""
    statement = sa.select(*_BINDING).where(binding.c.resident_id == resident_id)
    if before is not None:
        statement = statement.where(binding.c.id < before)
    rows = work.db.execute(statement.order_by(binding.c.id.desc()).limit(limit))
    return [Binding(*row) for row in rows]


def lock_binding(work: Work, resident_id: bytes, binding_id: bytes) -> Binding | None:
    """One of a resident's own bindings, locked."""
    mine = (binding.c.resident_id == resident_id, binding.c.id == binding_id)
    row = work.db.execute(sa.select(*_BINDING).where(*mine).with_for_update()).first()
    return None if row is None else Binding(*row)


def end(work: Work, found: Binding) -> None:
    """End a binding today, or before it begins."""
    ended: dict[str, Any] = {
        "until_day": last_day(found.from_day, work.today),
        "revoked_at": work.now,
    }
    work.db.execute(binding.update().where(binding.c.id == found.id).values(**ended))


def lock_open(work: Work, resident_id: bytes) -> list[Binding]:
    """All open bindings of a resident, locked."""
    mine = (binding.c.resident_id == resident_id, binding.c.until_day.is_(None))
    statement = sa.select(*_BINDING).where(*mine).order_by(binding.c.id).with_for_update()
    return [Binding(*row) for row in work.db.execute(statement)]


def secrets(work: Work, residents: Iterable[bytes]) -> list[tuple[bytes, bytes, datetime]]:
    """(resident, sealed, made at) of those of these residents who have or had a claim secret."""
    asked = _RESIDENTS.bind(work.db, [(each,) for each in residents])
    return [(row[0], row[1], row[2]) for row in work.db.execute(_secrets(work.db), asked)]


@prepared
def _secrets(postgres: bool) -> Any:
    asked, c = _RESIDENTS.source(postgres), claim_secret.c
    mine = asked.c.resident_id == c.resident_id
    return sa.select(c.resident_id, c.sealed, c.made_at).join(asked, mine)


def put_secret(work: Work, resident_id: bytes, sealed: bytes) -> None:
    """Keep a claim secret, unless there is one."""
    insert = upsert(work.db, claim_secret).values(
        resident_id=resident_id, sealed=sealed, made_at=work.now
    )
    work.db.execute(
        insert.on_conflict_do_update(
            index_elements=["resident_id"],
            set_={"sealed": sealed, "made_at": work.now},
            where=claim_secret.c.sealed == b"",
        )
    )


def forget_secret(work: Work, resident_id: bytes) -> None:
    """Keep of a claim secret only that there was one."""
    mine = claim_secret.c.resident_id == resident_id
    work.db.execute(claim_secret.update().where(mine).values(sealed=b""))
