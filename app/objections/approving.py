"""To uphold an objection moves value, so it takes two: the officer who answers, and another."""

from typing import Any

from app import activities, grades
from app.approvals import Change, Kind, bad_payload, payload_text
from app.kernel import Conflict, NotFound, from_wire
from app.objections import deciding, model
from app.objections.model import (
    ADMIT,
    GRADE,
    INVALID,
    MOST_ROLE,
    MOST_WORDS,
    REMEDIES,
    REVERSE,
    Objection,
)
from app.objections.subjects import act_id, quarter
from app.plumbing.work import Work

Payload = dict[str, Any]
_MOST_ACTS = 100


def _difference(work: Work, payload: Payload) -> list[Change]:
    """`{objection, remedy, answer, role, admit?}`; `admit` lists acts for the remedy of this name.

    Raises UnknownObjection, Invalid (bad_payload), Conflict (already_decided, already_reversed).
    """
    found = deciding.look(work, _case(work, payload).id)  # what it tells is the resident's
    model.check_open(found)
    remedy = payload.get("remedy")
    if remedy not in REMEDIES[found.kind]:
        raise bad_payload("remedy", f"One of {', '.join(REMEDIES[found.kind])}.")
    answer = payload_text(payload, "answer", MOST_WORDS)
    payload_text(payload, "role", MOST_ROLE)
    acts = _admitted(payload)
    changes = [Change(f"objection {found.wire}", "open", "upheld")]
    if remedy == REVERSE:
        changes += _reversed(work, found)
    elif found.kind == GRADE:
        changes += _graded(work, found, acts)
    elif remedy == INVALID:
        changes.append(Change(f"answer of {found.subject}", "valid", "withdrawn"))
    # The checker answers for what the resident is told, too.
    return [*changes, Change("remedy", None, remedy), Change("answer", None, answer)]


def _case(work: Work, payload: Payload) -> Objection:
    raw = from_wire("obj", payload_text(payload, "objection"))
    if raw is None:
        raise model.UnknownObjection
    return deciding.case(work, raw)


def _admitted(payload: Payload) -> list[bytes]:
    """The acts that are to be let in: some for that remedy, none for any other."""
    said = payload.get("admit", [])
    if not isinstance(said, list) or len(said) > _MOST_ACTS:
        raise bad_payload("admit", f"A list of at most {_MOST_ACTS} acts.")
    found = [from_wire("act", each) if isinstance(each, str) else None for each in said]
    if None in found or bool(found) != (payload["remedy"] == ADMIT):
        raise bad_payload("admit", f"Ids of acts for the remedy {ADMIT}, nothing for another.")
    return [each for each in found if each]


def _reversed(work: Work, found: Objection) -> list[Change]:
    now = activities.explained(work, found.resident_id, act_id(found))
    if now["reversal"]:
        raise Conflict("already_reversed", "This act has been reversed meanwhile.")
    return [
        Change(f"points of {found.subject}", now["points"], "0.00"),
        Change(f"grams of {found.subject}", now["reduction_g"], "0.000"),
    ]


def _graded(work: Work, found: Objection, acts: list[bytes]) -> list[Change]:
    asked = quarter(found)
    for each in acts:
        try:
            act = activities.explained(work, found.resident_id, each)
        except NotFound:
            raise bad_payload("admit", "Acts of the resident who objects.") from None
        days = [act["earned_on"], *(part["earned_on"] for part in act["portions"])]
        if not any(asked.first <= day <= asked.last for day in days):
            raise bad_payload("admit", f"Acts of {asked}.")
    stands = grades.of(work, found.resident_id, asked)
    now = "computed again" if not acts else f"computed again with {len(acts)} late acts"
    return [Change(f"grade of {asked}", stands.code if stands else None, now)]


def _apply(work: Work, payload: Payload, maker: str) -> dict[str, Any]:
    """The maker answers, the approving operator has checked it."""
    found = _case(work, payload)
    officer = from_wire("cli", maker)
    assert officer is not None, "operators propose"
    answer = deciding.Answer(
        payload["remedy"],
        payload_text(payload, "answer", MOST_WORDS),
        payload_text(payload, "role", MOST_ROLE),
        officer,
        tuple(_admitted(payload)),
    )
    deciding.uphold(work, found, answer)
    return {"objection": found.wire, "remedy": answer.remedy}


APPROVALS = (Kind("objection_upheld", _difference, _apply),)
