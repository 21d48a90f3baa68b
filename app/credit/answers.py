"""What a bank is answered: the grade as far as the consent goes, the terms of its own table, and a
signature. Without a consent or a grade the same in neutral."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from app import grades
from app.credit.model import JWS_TYPE, NOTICE, Offer, Question, Seat
from app.credit.seats import bank_of
from app.credit.terms import Terms, terms
from app.grades import Grade, Quarter
from app.kernel import yuan
from app.plumbing import tokens
from app.plumbing.keys import SigningKeys
from app.plumbing.work import Work
from app.rulebook import Credit

Answer = dict[str, Any]


def neutral(work: Work, seat: Seat, question: Question, window: Quarter | None) -> Answer:
    """What is said where there is nothing to say: the offer without carbon data."""
    return {
        "grade": None,
        "factor": None,
        "window": shown_window(window),
        "terms": _terms(work, seat, question, None, None),
        "reason_codes": [],
        "reasons": [],
        "data_quality": None,
        "scorecard": _version(work.rules.credit),
        "notice": NOTICE,
        "disputed": False,
    }


def graded(
    work: Work,
    seat: Seat,
    question: Question,
    found: Grade,
    fields: Collection[str],
    disputed: bool,
) -> Answer:
    """What a grade says, of which only what was agreed to; the terms are of that alone."""
    whole: dict[str, Any] = {
        "grade": found.code,
        "factor": found.factor,
        "window": shown_window(found.quarter),
        "data_quality": found.quality,
    }
    given = {name: value if name in fields else None for name, value in whole.items()}
    made_by = grades.rules_of(work, found)
    why = _reasons(made_by, found, "factor" in fields) if "reasons" in fields else []
    return given | {
        "terms": _terms(work, seat, question, given["grade"], given["factor"]),
        "reason_codes": [each["code"] for each in why],
        "reasons": why,
        "scorecard": _version(made_by),
        "notice": NOTICE,
        "disputed": disputed,
    }


def signed(
    work: Work, keys: SigningKeys, seat: Seat, question: Question, wire: str, answer: Answer
) -> Answer:
    """The answer with its id and a JWS over all of it, for whom it is, and to what it answers.
    Whoever has our JWKS can verify it; nothing in it names the resident."""
    whole = {"inquiry_id": wire} | answer
    about = {
        "aud": [seat.key, seat.client_wire],
        "iat": int(work.now.timestamp()),
        "jti": wire,
        "consent": question.consent,
        "product": question.product,
        "purpose": question.purpose,
        "application_reference": question.reference,
        "offer": shown_offer(question.offer),
    }
    return whole | {"jws": tokens.sign(keys, JWS_TYPE, about | whole)}


def shown_window(quarter: Quarter | None) -> dict[str, str] | None:
    """The quarter that a grade is of, with its first and last day."""
    if quarter is None:
        return None
    days = {"from": quarter.first.isoformat(), "to": quarter.last.isoformat()}
    return {"quarter": str(quarter)} | days


def shown_terms(found: Terms) -> dict[str, Any]:
    """Terms as they are on the wire."""
    money = {name: yuan(getattr(found, name)) for name in ("limit", "yearly_saving")}
    return asdict(found) | money


def shown_offer(offer: Offer) -> dict[str, Any]:
    """An offer as it is on the wire."""
    return offer._asdict() | {"amount": yuan(offer.amount)}


def _terms(
    work: Work, seat: Seat, question: Question, grade: str | None, factor: int | None
) -> dict[str, Any]:
    bank, offer = bank_of(work, seat.key), question.offer
    credit = work.rules.credit
    return shown_terms(terms(credit, bank, question.product, grade, factor, offer, work.today))


def _version(credit: Credit) -> str | None:
    return None if credit.scorecard is None else credit.scorecard.version


def _reasons(made_by: Credit, found: Grade, counted: bool) -> list[dict[str, Any]]:
    """Points are told to whom the factor is: what was lost adds up to it."""
    lost = {part.name: part.most - part.points if counted else None for part in found.parts}
    return [
        {name: value for name, value in asdict(why).items() if name != "part"}
        | {"points_lost": lost[why.part]}
        for why in grades.reasons(made_by, found.parts)
    ]
