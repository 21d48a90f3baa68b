"""Use case of the bank's inquiry: a question, a consent, a grade, an answer, a line in the log."""

from collections.abc import Sequence

import orjson

from app import consent, grades
from app.consent import Consent, Denial, Disclosure
from app.credit import answers, seats, store
from app.credit.model import KIND, NOBODY, Inquiry, Question, Seat
from app.grades import Grade
from app.kernel import Forbidden, Invalid, from_wire, to_wire
from app.plumbing.keys import SigningKeys
from app.plumbing.work import Work

_NO_GRADE = "no_grade"


def check_route(work: Work) -> None:
    """Raises Forbidden (route_closed) unless somebody approved that grades go to banks."""
    if work.settings.credit_route != "direct":
        raise Forbidden("route_closed", "No route for personal credit data has been approved here.")


def ask(work: Work, keys: SigningKeys, question: Question) -> Inquiry:
    """Answer a bank; the answer is kept, signed, and stands in the resident's log.

    Without a valid consent, and without a grade, it is neutral: in its words, and in what is done
    for it. The same question again is answered as before and takes no further read. Raises
    Forbidden (client_inactive), Invalid (unknown_product, unknown_purpose).
    """
    seat = seats.seat(work)
    _check(work, question)
    digest = work.keys.fingerprint(
        "question", orjson.dumps([*question[:-1], [*question.offer]]).decode()
    )
    new = work.new_id()
    first = store.ask(work, seat.key, digest, new)
    if first != new:
        again = _again(work, seat, first)
        if again is not None:
            return again
        store.answer_by(work, seat.key, digest, new)
    return _new(work, keys, seat, question, new)


def _check(work: Work, question: Question) -> None:
    product = work.rules.credit.products.get(question.product)
    if product is None:
        raise _unknown("product", "There is no such product; GET /v1/credit/products lists them.")
    if question.purpose not in product.purposes:
        raise _unknown("purpose", f"Asked for are {', '.join(product.purposes)}.")


def _unknown(field: str, detail: str) -> Invalid:
    fault = {"pointer": f"/{field}", "code": "unknown", "detail": detail}
    return Invalid(f"unknown_{field}", detail, errors=[fault])


def _again(work: Work, seat: Seat, first: bytes) -> Inquiry | None:
    """The first answer, while it may be given: a neutral one always, a grade until it is taken
    back and as long as its consent holds, whose reads may all be taken, one by this. None: it is a
    new question."""
    found = store.find(work, first)
    assert found is not None, "a question is kept with its inquiry"
    use = {"product": found.product, "application_reference": found.reference}
    held = consent.look(work, found.consent or NOBODY, seat.key, found.purpose, **use)
    holds = isinstance(held, Consent) or held.reason == "exhausted"
    if found.neutral or (found.valid and holds):
        _log(work, seat, found)
        return found
    return None


def _new(work: Work, keys: SigningKeys, seat: Seat, question: Question, new: bytes) -> Inquiry:
    """A first answer. Every statement of it is made whatever the answer will be."""
    asked = from_wire("cns", question.consent) or NOBODY
    use = {"product": question.product, "application_reference": question.reference}
    held = consent.spend(work, asked, seat.key, question.purpose, **use)
    whose = held.resident if isinstance(held, Denial) else held.resident_id
    shown = whose if isinstance(held, Consent) and whose else NOBODY
    window = grades.window(work)
    told, contested = grades.latest(work, shown), grades.contested(work, shown)
    if told is not None and isinstance(held, Consent):
        disputed = str(told.quarter) in contested
        said = answers.graded(work, seat, question, told, held.fields, disputed)
    else:
        said = answers.neutral(work, seat, question, window)
    found = Inquiry(
        id=new,
        bank=seat.key,
        client=seat.client,
        resident=whose,
        consent=asked if whose else None,
        product=question.product,
        purpose=question.purpose,
        reference=question.reference,
        offer=question.offer,
        answer=answers.signed(work, keys, seat, question, to_wire("inq", new), said),
        quarter=str(told.quarter) if told else None,
        version=told.version if told else None,
        told_version=told.version if told else None,
        denied=_denied(held, told),
        at=work.now,
        contest=None,
        changed=None,
    )
    store.add(work, found)
    _log(work, seat, found)
    return found


def _denied(held: Consent | Denial, told: Grade | None) -> str | None:
    if isinstance(held, Denial):
        return held.reason
    return None if told else _NO_GRADE


def _log(work: Work, seat: Seat, found: Inquiry) -> None:
    """Who asked, what was given and why, or why nothing was: in the log of whose consent it is.
    Of an unknown consent it stands in nobody's, so that it takes as long."""
    consent.disclose(work, [_row(seat, found)])


def read_again(work: Work, seat: Seat, found: Sequence[Inquiry]) -> None:
    """Write down that a bank reads answers that it was given; a neutral one tells of nobody."""
    consent.disclose(work, [_row(seat, each) for each in found if not each.neutral])


def _row(seat: Seat, found: Inquiry) -> Disclosure:
    return Disclosure(
        resident=found.resident or NOBODY,
        kind=KIND,
        who=seat.key,
        name=seat.name,
        what=found.given,
        why=found.purpose,
        consent=found.consent,
        denied=found.denied,
        about=found.wire,
    )
