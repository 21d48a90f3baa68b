"""What goes when its time is over: evidence that no score reads, and the acts of closed accounts.

A score can be made again as long as its act is here: so what it reads is never taken away alone,
and the audit finds the same. With the act goes everything that hangs on it but the sums by month,
which name nobody any more.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import orjson
import sqlalchemy as sa

from app import identity
from app.activities import forgetting, tables
from app.activities.store import residents_after
from app.activities.tables import activity, evidence_run, object_wait
from app.plumbing.db import Id, Rows, insert_rows, is_postgres
from app.plumbing.work import Work

_CHUNK = 200
_FEW = 20
_EVIDENCE = Rows("left", resident_id=Id, id=Id, evidence=sa.Text)
_FOR_GOOD = (
    "activity", "portion", "score_history", "reversal", "act_claim", "partner_claim",
    "exclusive_payer", "dispute", "restatement",
)  # fmt: skip


def leave(work: Work, resident: bytes) -> None:
    """The resident's account is being closed: evidence that no score reads goes at once, and
    nothing waits for another's bill or meter any more."""
    _empty(work, _evidence(work, [resident], date.min, date.max), None)
    work.db.execute(object_wait.delete().where(object_wait.c.resident_id == resident))


def empty_evidence(work: Work) -> int:
    """Empty what has stayed its days, some residents at a time. Job; safe to run twice.

    Each number of days that rule files name has passes of its own, from the last one's day on; a
    pass that was cut off goes on after the last resident done.
    """
    return sum(_pass(work, days) for days in sorted(forgetting.days_of(work.rules)))


def _pass(work: Work, days: int) -> int:
    until = work.today - timedelta(days=days + 1)
    run = evidence_run.c
    latest = (
        sa.select(run.until_day, run.after, run.ended_at)
        .where(run.days == days)
        .order_by(run.until_day.desc())
        .limit(2)
        .with_for_update()
    )
    found = work.db.execute(latest).all()
    if not found or (found[0].ended_at is not None and found[0].until_day < until):
        insert_rows(work.db, evidence_run, [(days, until, b"", None)])
        found = [*work.db.execute(latest).all()]
    now, before = found[0], found[1].until_day if len(found) > 1 else None
    if now.ended_at is not None:
        return 0
    late = timedelta(days=work.rules.pack.count("late_days", work.today))
    since = date.min if before is None else before - late
    residents = residents_after(work, now.after, _CHUNK)
    if residents:
        _empty(work, _evidence(work, residents, since, now.until_day), work.today)
    mine = (run.days == days, run.until_day == now.until_day)
    step = {"after": residents[-1]} if residents else {"ended_at": work.now}
    work.db.execute(evidence_run.update().where(*mine).values(**step))
    return len(residents) or 1


def _evidence(work: Work, residents: Sequence[bytes], since: date, until: date) -> Sequence[Any]:
    a = activity.c
    return work.db.execute(
        sa.select(a.resident_id, a.id, a.behaviour, a.earned_on, a.evidence)
        .where(a.resident_id.in_(residents), a.earned_on.between(since, until))
        .where(a.evidence.is_not(None))
    ).all()


def _empty(work: Work, rows: Sequence[Any], today: date | None) -> None:
    changed = []
    for row in rows:
        evidence: Mapping[str, Any] = orjson.loads(row.evidence)
        left = forgetting.left_of(work.rules, row.behaviour, evidence, row.earned_on, today)
        if len(left) < len(evidence):
            text = orjson.dumps(left).decode() if left else None
            changed.append((row.resident_id, row.id, text))
    if changed:
        new = _EVIDENCE.source(is_postgres(work.db))
        work.db.execute(
            activity.update()
            .values(evidence=new.c.evidence)
            .where(activity.c.resident_id == new.c.resident_id, activity.c.id == new.c.id),
            _EVIDENCE.bind(work.db, changed),
        )


def forget_closed(work: Work) -> int:
    """Delete the acts of accounts that have been closed for as long as the law wants them kept;
    then nothing leads from anybody to their ids. Job; safe to run twice."""
    days = work.rules.privacy.kept_days("acts")
    if days is None:
        return 0
    closed = identity.closed_before(work, work.now - timedelta(days=days), _FEW)
    for resident in closed:
        for name in _FOR_GOOD:
            table: sa.Table = getattr(tables, name)
            work.db.execute(table.delete().where(table.c.resident_id == resident))
    identity.forget(work, closed)
    return len(closed)
