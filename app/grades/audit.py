"""What the audit proves of grades: each is what its lines give by the rules it names, once more."""

from collections.abc import Iterator

from app.grades import grading, store
from app.grades.grading import Basis
from app.grades.model import Grade
from app.grades.service import Editions
from app.plumbing.work import Work

_CHUNK = 500


def differences(work: Work) -> Iterator[str]:
    """Every difference found, in chunks. Reads only."""
    editions, key = Editions(work), None
    before: Grade | None = None
    while found := store.after(work, key, _CHUNK):
        for each in found:
            yield from _of(editions, each, before)
            before = each
        last = found[-1]
        key = (last.resident_id, str(last.quarter), last.version)


def _of(editions: Editions, grade: Grade, before: Grade | None) -> Iterator[str]:
    same = before is not None and before.resident_id == grade.resident_id
    same = same and before is not None and before.quarter == grade.quarter
    expected = before.version + 1 if same and before is not None else 1
    if grade.version != expected:
        yield f"version {grade.version} of a grade of {grade.quarter} follows no version before it"
    credit = editions.credit(grade.card, grade.rulebook)
    again = grading.assess(credit, grade.quarter, Basis(grade.lines, grade.earlier))
    kept = tuple(getattr(grade, name) for name in again._fields)
    if kept != tuple(again):
        yield f"a grade of {grade.quarter} is kept as {_said(kept)}, its lines give {_said(again)}"
    if same and before is not None and grade.before != before.code:
        yield f"a grade of {grade.quarter} follows {before.code} and says {grade.before}"


def _said(values: tuple[object, ...]) -> str:
    code, reduction_mg, factor, *_ = values
    return f"{code} for {reduction_mg} mg with {factor}"
