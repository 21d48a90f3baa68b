"""How consents, notices and disclosures are told to their resident."""

from datetime import datetime
from typing import Any

import orjson

from app.consent import disclosures, register, store
from app.consent.agreement import Consent, Disclosed, Recipient, Refusal
from app.consent.granting import Shown, last_day, quiet_until
from app.consent.model import Binding
from app.consent.schemas import ConsentWholeOut, DisclosureOut, RefusalOut
from app.kernel import to_wire
from app.plumbing.copying import at
from app.plumbing.work import Work
from app.rulebook import Privacy

_SUSPENDED = "notice_changed"
_WITHDRAWN = "purpose_withdrawn"


def consent(work: Work, found: Consent) -> dict[str, Any]:
    """A consent as it stands today. The notice's words are told by `consent_whole`."""
    privacy = work.rules.privacy
    purpose = privacy.purposes.get(found.purpose)
    state = found.state(work.today, privacy.notice(found.purpose))
    return {
        "id": found.wire,
        "purpose": found.purpose,
        "purpose_zh": purpose.title_zh if purpose else found.purpose,
        "purpose_en": purpose.title_en if purpose else found.purpose,
        "state": state,
        "reason": _reason(found, state, purpose is not None),
        "recipient": recipient(found.recipient),
        "basis": found.basis,
        "fields": list(found.fields),
        "data": [{"kind": each.kind, "class": each.class_} for each in found.data],
        "product": found.product,
        "application_reference": _opened(work, found.application_sealed),
        "from": found.from_day,
        "until": found.until_day,
        "times": found.reads_allowed,
        "taken": found.reads_taken,
        "granted_at": _local(work, found.granted_at),
        "revoked_at": _local(work, found.revoked_at),
        "superseded_by": _wire(found.superseded_by),
    }


def consent_whole(work: Work, found: Consent) -> dict[str, Any]:
    """The whole record, with the notice as it was shown."""
    shown = {"version": found.notice_version, "digest": found.notice.hex()}
    return consent(work, found) | {
        "separate": found.separate,
        "channel": found.channel,
        "device": _opened(work, found.device_sealed),
        "step_up": found.step_up,
        "keep_days": found.keep_days,
        "guardian": _wire(found.guardian_id),
        "notice": shown | {"said": register.said(work, found.notice)},
    }


def ended(work: Work, found: Consent) -> dict[str, Any]:
    """A consent that has ended: since when, and who is told."""
    since = {"effective_at": _local(work, found.revoked_at), "told": [recipient(found.recipient)]}
    return consent(work, found) | since


def recipient(whom: Recipient) -> dict[str, Any]:
    """Whom a consent names."""
    return {
        "id": whom.key,
        "legal_name": whom.legal_name,
        "contact": whom.contact,
        "licence": whom.licence,
    }


def _reason(found: Consent, state: str, there: bool) -> str | None:
    """Why it is no longer active: a word, None while it is."""
    match state:
        case "active":
            return None
        case "revoked" | "superseded":
            return found.revoked_why
        case "expired":
            return "term_over"
        case "exhausted":
            return "reads_taken"
        case _:
            return _SUSPENDED if there else _WITHDRAWN


def notice(work: Work, shown: Shown) -> dict[str, Any]:
    """All that is to be shown before a resident agrees; nothing in it is chosen beforehand."""
    privacy, today = work.rules.privacy, work.today
    return {
        "purpose": shown.purpose.code,
        "purpose_zh": shown.purpose.title_zh,
        "purpose_en": shown.purpose.title_en,
        "recipient": recipient(shown.recipient),
        "version": shown.purpose.version,
        "digest": shown.purpose.digest.hex(),
        "fields": [each.code for each in shown.purpose.data],
        "choosable": list(shown.purpose.choosable),
        "until": last_day(work),
        "most_days": privacy.count("most_days", today),
        "default_times": privacy.count("default_reads", today),
        "most_times": privacy.count("most_reads", today),
        "prompt": shown.quiet_until is None,
        "not_before": _local(work, shown.quiet_until),
        "said": orjson.loads(shown.purpose.said),
    }


def refusal(work: Work, refused: Refusal) -> dict[str, Any]:
    """That a resident is not to be asked for a while."""
    return {
        "purpose": refused.purpose,
        "recipient": refused.recipient,
        "at": _local(work, refused.at),
        "not_before": _local(work, quiet_until(work, refused)),
    }


def disclosure(work: Work, found: Disclosed) -> dict[str, Any]:
    """One row of the log, with its reason in words where the pack knows it."""
    row = found.row
    why_zh, why_en = _words(work.rules.privacy, row.why)
    # Helpers of a file import know no words of the pack: then it is what such a look sees.
    look = None if row.what or row.denied else work.rules.privacy.looks.get(row.why)
    return {
        "id": to_wire("dsc", found.id),
        "at": _local(work, found.at),
        "who": {"kind": row.kind, "id": row.who, "name": row.name},
        "what": list(look.data if look else row.what),
        "why": row.why,
        "why_zh": why_zh,
        "why_en": why_en,
        "consent": _wire(row.consent),
        "denied": row.denied,
        "about": row.about,
    }


def _words(privacy: Privacy, why: str) -> tuple[str, str]:
    found = privacy.purposes.get(why) or privacy.looks.get(why)
    return (found.title_zh, found.title_en) if found else (why, why)


def copy_of(work: Work, resident: bytes) -> dict[str, Any]:
    """All that this room keeps about a resident: `bindings` (`provider`, `from`, `until`,
    `created_at`; of the subject a keyed hash is kept, so its words are not here), `consents` (each
    with its notice as shown), `refusals`, `disclosures` (who was given what), and of the secret
    that acts are blinded with for partners when it was made (`claim_secret_made_at`, null while
    there is none)."""
    secrets = [made_at for _, sealed, made_at in store.secrets(work, [resident]) if sealed]
    consents = [consent_whole(work, each) for each in register.listed(work, resident)]
    refusals = [refusal(work, each) for each in register.refusals(work, resident)]
    log = [disclosure(work, each) for each in disclosures.listed(work, resident)]
    return {
        "bindings": [_binding(work, each) for each in store.listed(work, resident)],
        "consents": ConsentWholeOut(many=True).dump(consents),
        "refusals": RefusalOut(many=True).dump(refusals),
        "disclosures": DisclosureOut(many=True).dump(log),
        "claim_secret_made_at": at(work, secrets[0]) if secrets else None,
    }


def _binding(work: Work, found: Binding) -> dict[str, Any]:
    return {
        "id": to_wire("bnd", found.id),
        "provider": to_wire("cli", found.provider_id),
        "from": found.from_day.isoformat(),
        "until": found.until_day.isoformat() if found.until_day else None,
        "created_at": at(work, found.created_at),
    }


def _opened(work: Work, sealed: bytes | None) -> str | None:
    return None if sealed is None else work.keys.decrypt(sealed)


def _wire(consent_id: bytes | None) -> str | None:
    return None if consent_id is None else to_wire("cns", consent_id)


def _local(work: Work, instant: datetime | None) -> datetime | None:
    return None if instant is None else instant.astimezone(work.rules.pack.zone)
