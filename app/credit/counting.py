"""Counts of what many residents' loans came to. Residents are handed in some at a time: what is
counted of one lot and of another adds up."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from app.credit import showing, store
from app.credit.model import Inquiry, Outcome
from app.kernel import fen
from app.plumbing.work import Work

Key = tuple[str, ...]
_GRANTED = "granted"


def counts(work: Work, residents: Iterable[bytes]) -> Iterator[tuple[Key, tuple[int, ...]]]:
    """(residents asked about, inquiries, residents with a loan, loans, fen of their limits) by
    ("loan", the grade that was told), of all inquiries that are kept. What a bank reported last is
    its word; answers without a grade are left out."""
    told = [each for each in store.graded(work, residents) if each.answer["grade"]]
    reports = store.outcomes(work, [each.id for each in told])
    by_grade: dict[str, list[tuple[Inquiry, Outcome | None]]] = defaultdict(list)
    for each in told:
        last = reports.get(each.id, [None])[-1]
        by_grade[each.answer["grade"]].append((each, last))
    for grade, found in by_grade.items():
        lent = [(asked, last) for asked, last in found if last and last.decided == _GRANTED]
        yield (
            ("loan", grade),
            (
                len({asked.resident for asked, _ in found}),
                len(found),
                len({asked.resident for asked, _ in lent}),
                len(lent),
                sum(_limit(work, asked, last) for asked, last in lent),
            ),
        )


def _limit(work: Work, asked: Inquiry, last: Outcome) -> int:
    lent = showing.effect(work, asked, last)
    return fen(lent["limit"]) if lent else 0
