"""What each kind of thing means to an objection: to contest it, to settle it, to explain it."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from app import activities, credit, grades
from app.grades import Quarter
from app.kernel import NotFound, from_wire, grams
from app.objections.model import ACTIVITY, GRADE, INQUIRY, Objection
from app.plumbing.work import Work


class Subject(NamedTuple):
    """The ways of one kind.

    `contest(work, objection)` flags what is contested, and raises NotFound where it is not the
    resident's. `settle(work, objection, status)` takes the flag away; to what stands after all,
    an objection counts as rejected, whatever its resident was told. `explain(work, objection)` is
    what officers see of it; `shown` names these kinds of data.
    """

    contest: Callable[[Work, Objection], None]
    settle: Callable[[Work, Objection, str], None]
    explain: Callable[[Work, Objection], dict[str, Any]]
    shown: tuple[str, ...]


# Acts: out of the grade, points held.


def act_id(found: Objection) -> bytes:
    """The contested act. Raises `UnknownActivity`."""
    raw = from_wire("act", found.subject)
    if raw is None:
        raise activities.UnknownActivity
    return raw


def _contest_act(work: Work, found: Objection) -> None:
    activities.dispute(work, found.resident_id, act_id(found), found.id)


def _settle_act(work: Work, found: Objection, _status: str) -> None:
    activities.end_dispute(work, found.resident_id, act_id(found), found.id)


def _explain_act(work: Work, found: Objection) -> dict[str, Any]:
    return activities.explained(work, found.resident_id, act_id(found))


# Grades: marked as contested wherever they are told.


def quarter(found: Objection) -> Quarter:
    """The quarter of the contested grade. Raises NotFound (unknown_grade)."""
    try:
        return Quarter.read(found.subject)
    except ValueError:
        raise _unknown_grade() from None


def _unknown_grade() -> NotFound:
    return NotFound("unknown_grade", "You have no grade of such a quarter.")


def _contest_grade(work: Work, found: Objection) -> None:
    asked = quarter(found)
    # The last closed quarter can be contested by whoever got no grade in it, too.
    if asked != grades.window(work) and grades.of(work, found.resident_id, asked) is None:
        raise _unknown_grade()
    grades.flag(work, found.resident_id, asked, on=True)


def _settle_grade(work: Work, found: Objection, _status: str) -> None:
    grades.flag(work, found.resident_id, quarter(found), on=False)


def _explain_grade(work: Work, found: Objection) -> dict[str, Any]:
    grade = grades.of(work, found.resident_id, quarter(found))
    if grade is None:
        return {"quarter": found.subject, "grade": None}
    return {
        "quarter": found.subject,
        "grade": grade.code,
        "version": grade.version,
        "reason": grade.reason,
        "before": grade.before,
        "reduction_g": grams(grade.reduction_mg),
        "factor": grade.factor,
        "parts": [each._asdict() for each in grade.parts],
        "data_quality": grade.quality,
        "lines": [
            each._asdict() | {"reduction_g": grams(each.reduction_mg)} for each in grade.lines
        ],
        "rulebook": grade.rulebook,
        "scorecard": grade.card,
    }


# Banks' inquiries: the bank is told that its answer is contested.


def _inquiry_id(found: Objection) -> bytes:
    return from_wire("inq", found.subject) or b""


def _contest_inquiry(work: Work, found: Objection) -> None:
    credit.inquiry_of(work, found.resident_id, _inquiry_id(found))  # raises where it is not mine
    credit.flag(work, _inquiry_id(found), "open")


def _settle_inquiry(work: Work, found: Objection, status: str) -> None:
    credit.flag(work, _inquiry_id(found), status)


def _explain_inquiry(work: Work, found: Objection) -> dict[str, Any]:
    return credit.inquiry_of(work, found.resident_id, _inquiry_id(found))


SUBJECTS: Mapping[str, Subject] = {
    ACTIVITY: Subject(_contest_act, _settle_act, _explain_act, ("acts", "evidence", "scores")),
    GRADE: Subject(_contest_grade, _settle_grade, _explain_grade, ("grade", "factor")),
    INQUIRY: Subject(_contest_inquiry, _settle_inquiry, _explain_inquiry, ("inquiries",)),
}
