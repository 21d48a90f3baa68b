"""Acts that their resident contests: flagged, left out of grades, their points held; and an act
that the city itself undoes."""

from app import ledger
from app.activities import disputes, posting, reading, restatements, service, store
from app.activities.disputes import HOLD, Dispute
from app.activities.model import REVERSED, UnknownActivity
from app.activities.stage import Scenes
from app.activities.store import Stored
from app.kernel import Conflict
from app.plumbing.work import Work


def dispute(work: Work, resident: bytes, activity_id: bytes, objection_id: bytes) -> int:
    """Contest an act: from now on it counts for no grade, and as much of its points as can be
    spent today is held, not removed; what is spent stays spent.

    Returns the hundredths held; the hold has the objection's id. Raises `UnknownActivity`,
    Conflict (already_disputed).
    """
    wallets = ledger.lock(work, [resident])
    row = _mine(work, resident, activity_id)
    if disputes.open_of(work, [(resident, activity_id)]):
        raise Conflict("already_disputed", "This act is contested already.")
    held = min(_matured(work, row), ledger.wallet(work, resident).available)
    if held:
        ledger.hold(work, resident, held, ledger.Purpose(HOLD, objection_id), wallets=wallets)
    disputes.add(work, Dispute(resident, activity_id, objection_id, held))
    _note(work, row, restatements.DISPUTE)
    return held


def _note(work: Work, row: Stored, why: str) -> None:
    """Tell whoever has added up earlier quarters."""
    span = posting.span(work.rules, row.act)
    restatements.note(work, [(row.resident, *span)], why)


def _mine(work: Work, resident: bytes, activity_id: bytes) -> Stored:
    found = reading.one(work, resident, activity_id)
    if found is None:
        raise UnknownActivity
    return found


def _matured(work: Work, row: Stored) -> int:
    """What an act was paid and is no longer pending."""
    released = posting.is_released(work.rules, row.act)
    parts = store.portions(work, [(row.resident, row.act.id)]) if released else {}
    paid = parts.get(row.act.id) or posting.only(row)
    return sum(part.points for part in paid if part.due_on <= work.today)


def end_dispute(work: Work, resident: bytes, activity_id: bytes, objection_id: bytes) -> bool:
    """End a dispute: the act counts again, held points come back. False when it had ended, as it
    does when the act is reversed."""
    wallets = ledger.lock(work, [resident])
    found = [
        each
        for each in disputes.open_of(work, [(resident, activity_id)])
        if each.objection == objection_id
    ]
    disputes.end(work, wallets, found)
    if found:
        _note(work, _mine(work, resident, activity_id), restatements.DECISION)
    return bool(found)


def undo(work: Work, resident: bytes, activity_id: bytes, reason: str) -> int:
    """Reverse an act by the city's own decision, the acting operator's; an open dispute of it
    ends first, so that held points are what is taken back.

    Returns the debt that is left, in hundredths. Raises `UnknownActivity`, Conflict
    (already_reversed).
    """
    wallets = ledger.lock(work, [resident])
    row = _mine(work, resident, activity_id)
    if row.score.status == REVERSED:
        raise Conflict("already_reversed", "This act has been reversed before.")
    scenes = Scenes()
    scenes[resident].gone.append(row)
    owed = service.settle(work, wallets, scenes, restatements.DECISION)
    posting.add_reversals(work, [(resident, activity_id, work.actor.id, reason, None)])
    return owed.get(activity_id, 0)
