"""What banks are told without asking: a consent has ended, a grade they were told is another now,
an answer of theirs is contested or taken back. Each goes out with the transaction of its cause, or
from a job that never tells the same twice."""

from collections.abc import Sequence
from typing import Any

from app import consent, grades, webhooks
from app.consent import Consent, Disclosure
from app.credit import seats, store
from app.credit.model import KIND, NOBODY, WITHDRAWN, Inquiry
from app.grades import Grade, Quarter
from app.plumbing.copying import at
from app.plumbing.work import Work

_CHUNK = 500


def revoked(work: Work, consents: Sequence[Consent]) -> None:
    """Tell the recipients of consents that have just ended."""
    for each in consents:
        data = {"consent": each.wire, "at": at(work, work.now), "reason": each.revoked_why}
        webhooks.put(work, each.recipient.key, "consent.revoked", data)


def flag(work: Work, inquiry_id: bytes, contest: str) -> None:
    """An objection to an inquiry was opened, upheld (the answer is void from now on), rejected or
    withdrawn; its bank is told, unless it was told nothing: it would learn of whom."""
    found = store.find(work, inquiry_id, lock=True)
    assert found is not None, "objections are to inquiries that there are"
    store.change(work, inquiry_id, contest=contest)
    if found.neutral:
        return
    kind = "inquiry.disputed" if contest == "open" else "inquiry.decided"
    _tell(work, found, kind, {"decision": contest, "valid": contest != "upheld"}, ("objections",))


def tell_changes(work: Work) -> int:
    """Job: tell banks of grades that were corrected since they asked; how many corrections.

    A correction is forgotten in the transaction that tells of it, and an inquiry remembers the
    version that its bank has heard of: nobody is told of one twice.
    """
    changes = grades.changed(work, _CHUNK)
    newest: dict[tuple[bytes, str], int] = {}
    for each in changes:
        which = (each.resident_id, each.quarter)
        newest[which] = max(each.version, newest.get(which, 0))
    # Whoever has read the version before is waited for, or its inquiry would not be seen here.
    consent.await_reads(work, {resident for resident, _ in newest})
    now: dict[tuple[bytes, str], Grade | None] = {}
    for stale in store.older(work, [(*which, version) for which, version in newest.items()]):
        which = (stale.resident or NOBODY, stale.quarter or "")
        if which not in now:
            now[which] = grades.of(work, which[0], Quarter.read(which[1]))
        found = now[which]
        if found is not None:
            _correct(work, stale, found)
    grades.forget_changed(work, changes)
    return len(changes)


def _correct(work: Work, found: Inquiry, now: Grade) -> None:
    """What the bank was told of the grade is not so any more: tell it so, once a version.

    What it is now is told as far as the consent went and while it holds; that it is gone always.
    """
    before = found.changed or found.answer
    given = {name: before[name] for name in ("grade", "factor")}
    heard = given if found.changed is None else found.changed["heard"]
    held = consent.look(
        work,
        found.consent or NOBODY,
        found.bank,
        found.purpose,
        product=found.product,
        application_reference=found.reference,
    )
    holds = isinstance(held, Consent) or held.reason == "exhausted"
    gone = now.code is None
    fields = [name for name in given if found.answer[name] is not None]
    is_now: dict[str, Any] = {"grade": now.code, "factor": None if gone else now.factor}
    after = {name: is_now[name] if name in fields else None for name in given}
    columns: dict[str, Any] = {"told_version": now.version}
    if after != given or gone != found.gone:
        kind = WITHDRAWN if gone else "grade.corrected"
        columns["changed"] = after | {
            "type": kind,
            "at": at(work, work.now),
            "reason": now.reason,
            "heard": after if holds or gone else heard,
        }
        told = after if holds and not gone else None
        data = {"reason": now.reason, "before": heard, "after": told}
        _tell(work, found, kind, data, tuple(fields))
    store.change(work, found.id, **columns)


def _tell(
    work: Work, found: Inquiry, kind: str, data: dict[str, Any], what: tuple[str, ...]
) -> None:
    about = {
        "inquiry": found.wire,
        "application_reference": found.reference,
        "at": at(work, work.now),
    }
    webhooks.put(work, found.bank, kind, about | data)
    if found.resident is not None:
        name = seats.name_of(work, found.bank)
        row = Disclosure(
            found.resident,
            KIND,
            found.bank,
            name,
            what,
            found.purpose,
            consent=found.consent,
            about=found.wire,
        )
        consent.disclose(work, [row])
