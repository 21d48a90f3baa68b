"""Use cases of the register: what is shown before, grant, refuse, revoke."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from app.consent import register
from app.consent.agreement import Consent, Given, Recipient, Refusal, Wanted
from app.consent.spending import application_hash
from app.kernel import Conflict, Invalid, NotFound, Refused
from app.plumbing.work import Work
from app.rulebook import Purpose

RESIDENT, SUPERSEDED, CLOSING = "resident", "superseded", "closing"

# What rooms above answer: who a recipient is, how a resident has proven to be there, who is told.
FindRecipient = Callable[[Work, str], Recipient | None]
StepUp = Callable[[Work, bytes, str | None], str | Refused]
Revoked = Callable[[Work, Sequence[Consent]], None]


class Ports(NamedTuple):
    """The three of them."""

    recipients: FindRecipient
    step_up: StepUp
    revoked: Revoked


class Shown(NamedTuple):
    """What is to be shown before one agrees; `quiet_until`: when a prompt may come again after a
    refusal, None where there is nothing to wait for."""

    purpose: Purpose
    recipient: Recipient
    quiet_until: datetime | None


def notice(work: Work, recipients: FindRecipient, purpose: str, recipient: str) -> Shown:
    """All that a resident has to be told first. Raises Invalid (unknown_purpose), NotFound
    (unknown_recipient)."""
    found, whom = _purpose(work, purpose), _recipient(work, recipients, recipient)
    asked = (found.code, whom.key)
    refused = (
        each
        for each in register.refusals(work, work.actor.id)
        if (each.purpose, each.recipient) == asked
    )
    until = next((quiet_until(work, each) for each in refused), None)
    return Shown(found, whom, until if until and until > work.now else None)


def quiet_until(work: Work, refused: Refusal) -> datetime:
    """When a resident who refused may be asked again."""
    return refused.at + timedelta(days=work.rules.privacy.count("quiet_days", work.today))


def refuse(work: Work, recipients: FindRecipient, purpose: str, recipient: str) -> Refusal:
    """Do not ask the acting resident for some days. Raises as `notice`."""
    found, whom = _purpose(work, purpose), _recipient(work, recipients, recipient)
    register.refuse(work, work.actor.id, found.code, whom.key)
    return Refusal(found.code, whom.key, work.now)


def grant(work: Work, ports: Ports, wanted: Wanted) -> Consent | Refused:
    """One more consent of the acting resident, whose account is locked; it takes the place of one
    for the same purpose, recipient, product and application.

    Raises NotFound (unknown_recipient), Conflict (notice_changed, recipient_incomplete), Invalid
    (unknown_purpose, unknown_product, bad_fields, bad_until, bad_times, notice_required), and what
    `step_up` raises; gives Refused where a wrong code has to be counted.
    """
    purpose, whom = (
        _purpose(work, wanted.purpose),
        _recipient(work, ports.recipients, wanted.recipient),
    )
    _check_shown(work, purpose, whom, wanted.version)
    new = _drawn_up(work, purpose, whom, wanted)
    proof = ports.step_up(work, work.actor.id, wanted.code)
    if isinstance(proof, Refused):
        return proof
    new = replace(new, step_up=proof)
    alike = [each for each in register.lock_open(work, work.actor.id) if _same(each, new)]
    register.keep_notice(work, purpose.digest, purpose.code, purpose.version, purpose.said)
    register.add(work, new)
    before = register.end(work, alike, SUPERSEDED, new.id)
    if before:
        ports.revoked(work, before)
    return new


def _purpose(work: Work, code: str) -> Purpose:
    found = work.rules.privacy.purposes.get(code)
    if found is None:
        known = ", ".join(work.rules.privacy.purposes)
        raise _wrong("unknown_purpose", "/purpose", f"Choose one purpose of: {known}.")
    return found


def _recipient(work: Work, recipients: FindRecipient, text: str) -> Recipient:
    found = recipients(work, text)
    if found is None:
        raise NotFound(
            "unknown_recipient",
            "There is no such recipient: name it by id, code or legal name; GET /v1/privacy/lists"
            " has them.",
        )
    return found


def _check_shown(work: Work, purpose: Purpose, whom: Recipient, version: str | None) -> None:
    """What a record could not do without blocks it; only development may leave out what an app has
    to send."""
    if version is not None and version != purpose.version:
        raise Conflict(
            "notice_changed",
            "The notice has another version by now; show it again.",
            version=purpose.version,
        )
    if work.settings.production and version is None:
        raise _wrong("notice_required", "/notice", "Say which version of the notice was shown.")
    if work.settings.production and not whom.complete:
        raise Conflict(
            "recipient_incomplete",
            "Contact and licence of this recipient are not registered; nothing may go there yet.",
        )


def _drawn_up(work: Work, purpose: Purpose, whom: Recipient, wanted: Wanted) -> Consent:
    reference = wanted.application_reference
    if wanted.product is not None and wanted.product not in work.rules.credit.products:
        known = ", ".join(work.rules.credit.products)
        raise _wrong("unknown_product", "/product", f"Choose one product of: {known}.")
    return Consent(
        id=work.new_id(),
        resident_id=work.actor.id,
        purpose=purpose.code,
        basis=purpose.basis,
        data=_data(purpose, wanted.fields),
        recipient=whom,
        notice_version=purpose.version,
        notice=purpose.digest,
        separate=purpose.separate,
        granted_at=work.now,
        channel=wanted.channel,
        device_sealed=_sealed(work, wanted.device),
        step_up="",
        from_day=work.today,
        until_day=_until(work, wanted.until),
        keep_days=purpose.keep.days,
        revoked_at=None,
        revoked_why=None,
        superseded_by=None,
        guardian_id=None,
        reads_allowed=_times(work, wanted.times),
        reads_taken=0,
        product=wanted.product,
        application_sealed=_sealed(work, reference),
        application=application_hash(work, reference),
    )


def _sealed(work: Work, text: str | None) -> bytes | None:
    return None if text is None else work.keys.encrypt(text)


def _data(purpose: Purpose, fields: Sequence[str] | None) -> tuple[Given, ...]:
    """What is given: all of the purpose's data, or what was chosen of it beside what the purpose is
    about."""
    known = {each.code for each in purpose.data}
    if fields is not None and not known.issuperset(fields):
        raise _wrong("bad_fields", "/fields", f"Choose of: {', '.join(purpose.choosable)}.")
    return tuple(
        Given(each.code, each.class_)
        for each in purpose.data
        if fields is None or each.code in fields or each.code not in purpose.choosable
    )


def _until(work: Work, until: date | None) -> date:
    last = last_day(work)
    if until is not None and not work.today <= until <= last:
        raise _wrong("bad_until", "/until", f"Choose a day from today to {last.isoformat()}.")
    return until or last


def last_day(work: Work) -> date:
    """The last day to which a consent of today may go."""
    return work.today + timedelta(days=work.rules.privacy.count("most_days", work.today))


def _times(work: Work, times: int | None) -> int:
    most = work.rules.privacy.count("most_reads", work.today)
    if times is not None and not 1 <= times <= most:
        raise _wrong("bad_times", "/times", f"Choose from 1 to {most} reads.")
    return times or work.rules.privacy.count("default_reads", work.today)


def _same(one: Consent, other: Consent) -> bool:
    return (one.purpose, one.recipient.key, one.product, one.application) == (
        other.purpose,
        other.recipient.key,
        other.product,
        other.application,
    )


def _wrong(code: str, pointer: str, detail: str) -> Invalid:
    row = {"pointer": pointer, "code": code, "detail": detail}
    return Invalid(code, detail, errors=[row])


def revoke(work: Work, revoked: Revoked, consent_id: bytes) -> Consent:
    """End one of the acting resident's consents at once and tell its recipient; one that has been
    ended stays as it is. Raises NotFound (unknown_consent)."""
    found = register.lock(work, work.actor.id, consent_id)
    if found is None:
        raise unknown_consent()
    if found.revoked_at is not None:
        return found
    ended = register.end(work, [found], RESIDENT)
    revoked(work, ended)
    return ended[0]


def unknown_consent() -> NotFound:
    """Not there, or somebody else's."""
    return NotFound("unknown_consent", "You have no such consent.")


def end_consents(work: Work, resident_id: bytes, why: str = CLOSING) -> list[Consent]:
    """End all of a resident's consents that are not ended, for a reason (a word): how they stand
    then, to be told to their recipients by the caller."""
    return register.end(work, register.lock_open(work, resident_id), why)
