"""Corrections: a closed quarter computed again, and a further version where anything differs."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from app import activities, ledger
from app.grades import changes, closing_quarters, grading, registers, service, store
from app.grades.changes import Change
from app.grades.grading import Basis
from app.grades.model import Grade, Line, Quarter
from app.plumbing.work import Work

_NOTES = 10  # at a time: all that these residents did is scored while their wallets are locked
# Why an act's worth was corrected → why the grade was.
_REASONS = {
    "reversal": "reversal",
    "rules": "rules",
    "dispute": "dispute",
    "decision": "objection",
}


def correct(
    work: Work, resident: bytes, quarter: Quarter, reason: str, admitted: Collection[bytes] = ()
) -> Grade | None:
    """Compute a closed quarter again from the timely reports that are live; what it gives beside
    the version that stands: a new version, or None where nothing differs or nothing is closed.

    `admitted` are late acts that count from now on. A grade that appears or goes corrects the four
    quarters after it, too.
    """
    closing = registers.closing(work, quarter)
    if closing is None or closing.ended_at is None:
        return None
    if resident in ledger.lock(work, [resident]).closed:
        return None
    registers.admit(work, resident, quarter, admitted)
    late = registers.admitted(work, resident, quarter)
    found = activities.verified_again(
        work, resident, quarter.first, quarter.last, closing.cutoff, late
    )
    lines = service.lines(work, found).get(resident, ())
    made = _next(work, resident, quarter, lines, reason)
    if made is not None:
        _follow(work, resident, quarter, reason)
    return made


def _next(
    work: Work, resident: bytes, quarter: Quarter, lines: tuple[Line, ...], reason: str
) -> Grade | None:
    """The next version of a quarter with these lines, kept; None where it would say the same."""
    codes = service.codes_before(work, [resident], quarter).get(resident, {})
    old = store.standing(work, resident, quarter)
    basis = Basis(lines, len(codes))
    if (old.lines, old.earlier) == basis if old else not lines:
        return None
    service.keep_editions(work)
    if old is None:
        made = service.first_version(work, resident, quarter, lines, codes, reason)
    else:
        # By the card that made the version before: a new card changes no closed quarter.
        credit = service.Editions(work).credit(old.card, work.rules.digest)
        made = replace(
            old,
            id=work.new_id(),
            version=old.version + 1,
            lines=lines,
            earlier=basis.earlier,
            rulebook=work.rules.digest,
            made_at=work.now,
            reason=reason,
            before=old.code,
            **grading.assess(credit, quarter, basis)._asdict(),
        )
    store.add(work, [made])
    if old is not None:
        changes.note(work, [Change(made.id, resident, str(quarter), made.version)])
    return made


def _follow(work: Work, resident: bytes, quarter: Quarter, reason: str) -> None:
    """The quarters after, whose factors look back on this one's grade."""
    for n in range(1, grading.BEFORE + 1):
        later = store.standing(work, resident, quarter.plus(n))
        if later is not None:
            _next(work, resident, later.quarter, later.lines, reason)


def restate(work: Work) -> int:
    """Follow notes of what corrections changed. Job; safe to run twice.

    A note made after the cutoff of a quarter that is still to be closed waits: the closing adds up
    what stood at its cutoff, and is corrected then. All others are forgotten when followed.
    """
    if not (work.rules.credit.grades and activities.any_restated(work)):
        return 0
    frontier = closing_quarters.frontier(work)
    if not grading.in_force(work.rules.credit, frontier):
        frontier = Quarter.of(work.today)
    notes = activities.restated(work, service.cutoff(work, frontier), _NOTES)
    ledger.lock(work, {note.resident for note in notes})
    for (resident, quarter), why in sorted(_concerned(work, notes).items()):
        correct(work, resident, quarter, _REASONS[why])
    activities.forget_restated(work, notes)
    return len(notes)


def _concerned(
    work: Work, notes: Sequence[activities.Restated]
) -> dict[tuple[bytes, Quarter], str]:  # fmt: skip
    """The closed quarters that notes bear on, each with the last one's cause. What was deleted for
    its age is not made again."""
    kept = service.kept_from(work)
    closed = [
        each.quarter
        for each in registers.closings(work)
        if each.ended_at is not None and (kept is None or each.quarter >= kept)
    ]
    return {
        (note.resident, quarter): note.why
        for note in notes
        for quarter in closed
        if quarter.first <= note.last_day and note.first_day <= quarter.last
    }
