"""Use cases of residents: to contest, to add a word, to take it back. Each takes a `Work`.

The resident's wallet is locked before anything is read that a decision may change meanwhile.
"""

from app import identity, ledger
from app.kernel import Conflict
from app.objections import model, store
from app.objections.model import (
    OPEN,
    REJECTED,
    STANDS,
    UPHELD,
    WITHDRAWN,
    Objection,
    UnknownObjection,
)
from app.objections.subjects import SUBJECTS
from app.plumbing.work import Work


def contest(work: Work, kind: str, subject: str, reason: str, wish: str | None) -> Objection:
    """Contest an act, a grade or an inquiry of one's own: it is flagged at once, and a person
    answers by a day.

    Raises NotFound (unknown_activity, unknown_grade, unknown_inquiry), Conflict (already_open).
    """
    resident = work.actor.id
    ledger.lock(work, [resident])
    identity.require_active(work, resident)
    due_on, latest_on = model.clock(work.rules.calendar, work.today)
    new = Objection(
        id=work.new_id(),
        resident_id=resident,
        kind=kind,
        subject=subject,
        wish=wish,
        status=OPEN,
        level=0,
        opened_at=work.now,
        due_on=due_on,
        latest_on=latest_on,
        reason_sealed=work.keys.encrypt(reason),
    )
    if not store.add(work, new):
        raise Conflict("already_open", "You contest this already; wait for its answer.")
    SUBJECTS[kind].contest(work, new)
    return new


def mine(work: Work, objection_id: bytes) -> Objection:
    """One of the acting resident's. Raises `UnknownObjection`."""
    found = store.find(work, objection_id)
    if found is None or found.resident_id != work.actor.id:
        raise UnknownObjection
    return found


def withdraw(work: Work, objection_id: bytes) -> Objection:
    """Take an objection back: all is as before. Raises `UnknownObjection`, Conflict
    (already_decided)."""
    found = mine(work, objection_id)
    close(work, found, WITHDRAWN)
    return mine(work, objection_id)


def close(work: Work, found: Objection, status: str, **columns: object) -> None:
    """Give an open objection its last state, and take the flag from what was contested; of two
    who do so one is late. Raises Conflict (already_decided)."""
    ledger.lock(work, [found.resident_id])
    if not store.change(work, found.id, status=status, decided_at=work.now, **columns):
        model.check_open(store.find(work, found.id) or found)
    stands = status == UPHELD and columns["remedy"] == STANDS
    SUBJECTS[found.kind].settle(work, found, REJECTED if stands else status)


def comment(work: Work, objection_id: bytes, words: str) -> Objection:
    """Keep a statement of the resident beside the case, also after the answer; a later one takes
    the place of the one before. Raises `UnknownObjection`."""
    found = mine(work, objection_id)
    store.comment(work, found.id, work.keys.encrypt(words))
    return mine(work, objection_id)


def open_of(work: Work, resident: bytes) -> list[Objection]:
    """What of a resident waits for an answer, the newest first."""
    return [each for each in store.of_resident(work, resident) if each.status == OPEN]


def end_all(work: Work, resident: bytes) -> int:
    """End all that waits for an answer: the account is being closed. How many they were."""
    ledger.lock(work, [resident])
    ended = open_of(work, resident)
    for each in ended:
        close(work, each, WITHDRAWN)
    return len(ended)
