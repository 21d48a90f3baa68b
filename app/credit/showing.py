"""Inquiries and outcomes as they are read: by the bank that asked, by whom they are about."""

from dataclasses import replace
from typing import Any

from app.credit import answers, seats, store
from app.credit.model import Inquiry, Outcome, unknown_inquiry
from app.credit.terms import Terms, terms
from app.kernel import fen, to_wire, yuan
from app.plumbing.copying import at
from app.plumbing.work import Work

_BP = 10_000
_GIVEN = "granted"


def inquiry(work: Work, found: Inquiry, said: Outcome | None) -> dict[str, Any]:
    """For its bank: the answer as it was given, and how it stands. That a neutral one is contested
    stays with its resident: it would say that it was about somebody."""
    shown = replace(found, contest=None) if found.neutral else found
    return found.answer | _state(work, shown, said) | _about(work, found) | _titles(work, found) | {
        "offer": answers.shown_offer(found.offer),
        "without": answers.shown_terms(_without(work, found)),
    }  # fmt: skip


def my_inquiry(work: Work, found: Inquiry, said: Outcome | None) -> dict[str, Any]:
    """For its resident: who asked, what was answered, what came of it."""
    consent = found.consent
    return _about(work, found) | _titles(work, found) | _state(work, found, said) | {
        "id": found.wire,
        "bank": {"id": found.bank, "name": seats.name_of(work, found.bank)},
        "consent": None if consent is None else to_wire("cns", consent),
        "denied": found.denied,
        "offer": answers.shown_offer(found.offer),
        "answer": {name: value for name, value in found.answer.items() if name != "jws"},
        "effect": effect(work, found, said),
    }  # fmt: skip


def inquiries_of(work: Work, resident: bytes) -> list[dict[str, Any]]:
    """All inquiries about a resident, the newest first, as the resident sees them."""
    found = store.listed(work, {"resident_id": resident}, None)
    return [my_inquiry(work, *each) for each in newest(work, found)]


def inquiry_of(work: Work, resident: bytes, inquiry_id: bytes) -> dict[str, Any]:
    """One of them. Raises NotFound (unknown_inquiry)."""
    found = store.find(work, inquiry_id)
    if found is None or found.resident != resident:
        raise unknown_inquiry()
    return my_inquiry(work, *newest(work, [found])[0])


def outcome(work: Work, said: Outcome) -> dict[str, Any]:
    """What a bank reported."""
    return {
        "inquiry_id": to_wire("inq", said.inquiry),
        "used": said.used,
        "decided": said.decided,
        "limit": None if said.limit is None else yuan(said.limit),
        "rate_bp": said.rate_bp,
        "guarantee": said.guarantee,
        "at": at(work, said.at),
    }


def newest(work: Work, found: list[Inquiry]) -> list[tuple[Inquiry, Outcome | None]]:
    """Inquiries with what their banks said last."""
    said = store.outcomes(work, [each.id for each in found])
    return [(each, said[each.id][-1] if each.id in said else None) for each in found]


def effect(work: Work, found: Inquiry, said: Outcome | None) -> dict[str, Any] | None:
    """What the bank lends, beside what it would have lent without: None until it lends.

    What it did not report is taken from the answer, or from the offer where that was not used.
    """
    if said is None or said.decided != _GIVEN:
        return None
    without = _without(work, found)
    told = found.answer["terms"] if said.used else answers.shown_terms(without)
    rate = told["rate_bp"] if said.rate_bp is None else said.rate_bp
    limit = fen(told["limit"]) if said.limit is None else said.limit
    less = without.rate_bp - rate
    return {
        "limit": yuan(limit),
        "limit_more": yuan(limit - without.limit),
        "rate_bp": rate,
        "rate_less_bp": less,
        "yearly_saving": yuan(limit * less // _BP),
        "yearly_interest": yuan(limit * rate // _BP),
    }


def _without(work: Work, found: Inquiry) -> Terms:
    """The terms of the offer without carbon data, by the tables of its day."""
    bank, credit = seats.bank_of(work, found.bank), work.rules.credit
    day = found.at.astimezone(work.rules.pack.zone).date()
    return terms(credit, bank, found.product, None, None, found.offer, day)


def _about(work: Work, found: Inquiry) -> dict[str, Any]:
    return {
        "at": at(work, found.at),
        "product": found.product,
        "purpose": found.purpose,
        "application_reference": found.reference,
    }


def _titles(work: Work, found: Inquiry) -> dict[str, Any]:
    """What product, purpose and grade are called; a code that the rules have no more, itself."""
    credit, grade = work.rules.credit, found.answer["grade"]
    named: dict[str, tuple[str | None, object]] = {
        "product": (found.product, credit.products.get(found.product)),
        "purpose": (found.purpose, work.rules.privacy.purposes.get(found.purpose)),
        "grade": (grade, next((each for each in credit.grades if each.code == grade), None)),
    }
    return {
        f"{name}_{language}": getattr(titled, f"title_{language}", code)
        for name, (code, titled) in named.items()
        for language in ("zh", "en")
    }


def _state(work: Work, found: Inquiry, said: Outcome | None) -> dict[str, Any]:
    told = ("type", "at", "reason")
    changed = None if found.changed is None else {name: found.changed[name] for name in told}
    return {
        "valid": found.valid,
        "contest": found.contest,
        "changed": changed,
        "outcome": None if said is None else outcome(work, said),
    }
