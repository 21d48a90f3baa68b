"""Use cases of officers: to take a case, to ask for more time, to answer. The actor is an operator.

To say no takes one named officer. To say yes moves value, so it takes two: see `approving`.
"""

from typing import NamedTuple

from app import activities, consent, grades, identity
from app.consent import Disclosure
from app.kernel import Conflict, local_day
from app.objections import model, store
from app.objections.model import GRADE, REJECTED, REVERSE, UPHELD, Objection
from app.objections.service import close
from app.objections.subjects import SUBJECTS, act_id, quarter
from app.plumbing.work import Work

LOOK = "objection"  # in the pack's privacy/looks.toml
_UNDONE = "the resident's objection was upheld"


def case(work: Work, objection_id: bytes) -> Objection:
    """One objection, whoever's whose account is open. Raises `UnknownObjection`."""
    found = store.find(work, objection_id)
    if found is None or not identity.active(work, found.resident_id):
        raise model.UnknownObjection
    return found


def look(work: Work, objection_id: bytes) -> Objection:
    """One objection for an officer who reads it with its explanation, or what a yes would change:
    the resident's log says so, with the case as the reason."""
    officer = identity.acting_client(work)
    found = case(work, objection_id)
    shown = (*SUBJECTS[found.kind].shown, "objections")
    row = Disclosure(
        found.resident_id, "operator", officer.wire, officer.name, shown, LOOK, about=found.wire
    )
    consent.disclose(work, [row])
    return found


def take(work: Work, objection_id: bytes, role: str) -> Objection:
    """Become the officer who deals with a case, by this role; whoever took it before is relieved.

    Raises `UnknownObjection`, Conflict (already_decided).
    """
    found = case(work, objection_id)
    officer = work.actor.id
    sealed = work.keys.encrypt(role)
    if not store.change(work, found.id, taken_at=work.now, taken_by=officer, role_sealed=sealed):
        model.check_open(found)
    return case(work, objection_id)


def extend(work: Work, objection_id: bytes, reason: str) -> Objection:
    """Ask once for the longer time, as another body must check; the resident sees the reason.

    Raises `UnknownObjection`, Conflict (already_decided, already_extended, overdue).
    """
    found = case(work, objection_id)
    opened_on = local_day(found.opened_at, work.rules.pack.zone)
    done = store.extend(
        work,
        found.id,
        due_on=model.extended(work.rules.calendar, opened_on, found.latest_on),
        extended_at=work.now,
        extension_sealed=work.keys.encrypt(reason),
    )
    if not done:
        model.check_open(found)
        if found.extended_at is not None:
            raise Conflict("already_extended", "There is one extension, and it has been used.")
        raise Conflict("overdue", "The day has passed: answer it now.")
    return case(work, objection_id)


def reject(work: Work, objection_id: bytes, answer: str, role: str) -> Objection:
    """Say no, with reasons. Raises `UnknownObjection`, Conflict (already_decided)."""
    found = case(work, objection_id)
    columns = {
        "answer_sealed": work.keys.encrypt(answer),
        "role_sealed": work.keys.encrypt(role),
        "decided_by": work.actor.id,
    }
    close(work, found, REJECTED, **columns)
    return case(work, objection_id)


class Answer(NamedTuple):
    """A yes: what is done about it, what the resident is told, by whom in which role; `admit` are
    late acts that are to count."""

    remedy: str
    words: str
    role: str
    officer: bytes
    admit: tuple[bytes, ...]


def uphold(work: Work, found: Objection, answer: Answer) -> None:
    """Say yes, and put it right; the acting operator has approved what another one answers.

    Raises Conflict (already_decided), and what stands in the way of the remedy.
    """
    columns = {
        "answer_sealed": work.keys.encrypt(answer.words),
        "role_sealed": work.keys.encrypt(answer.role),
        "decided_by": answer.officer,
        "checked_by": work.actor.id,
        "remedy": answer.remedy,
    }
    close(work, found, UPHELD, **columns)
    if answer.remedy == REVERSE:
        activities.undo(work, found.resident_id, act_id(found), _UNDONE)
    if found.kind == GRADE:
        grades.correct(work, found.resident_id, quarter(found), "objection", answer.admit)
