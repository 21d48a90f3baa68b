"""What other rooms ask of grades, and what every way of making one shares."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from app import activities, identity
from app.grades import grading, registers, store
from app.grades.grading import Basis
from app.grades.model import Grade, Line, Quarter
from app.kernel import Invalid, local_midnight
from app.plumbing.work import Work
from app.rulebook import Credit, credit_from_text


class Editions:
    """Rules of credit by digest, as they were kept; each is read once."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._read: dict[tuple[str, str], Credit] = {}

    def credit(self, card: str, rulebook: str) -> Credit:
        """The rules of credit with this digest, beside the rules that scored the acts."""
        rules = self._work.rules
        if (card, rulebook) == (rules.credit.digest, rules.digest):
            return rules.credit
        if (card, rulebook) not in self._read:
            text = registers.card_text(self._work, card)
            assert text is not None, "a grade names rules that were not kept"
            behaviours = activities.rules_at(self._work, rulebook).behaviours
            self._read[card, rulebook] = credit_from_text(text, behaviours)
        return self._read[card, rulebook]


# Editions do not change, and few are asked for: each is read once a process.
_OPEN: dict[tuple[str, str], Credit] = {}


def rules_of(work: Work, found: Grade) -> Credit:
    """The rules of credit that a grade was made by."""
    made_by = (found.card, found.rulebook)
    if made_by == (work.rules.credit.digest, work.rules.digest):
        return work.rules.credit
    if made_by not in _OPEN:
        _OPEN[made_by] = Editions(work).credit(*made_by)
    return _OPEN[made_by]


def tried(work: Work, quarter: Quarter, by: Quarter) -> Iterator[Grade]:
    """Every grade that stands of a quarter as the rules that are loaded would give it, by their
    values of the last day of another; nothing is kept of it. Raises Invalid (not_in_force)."""
    credit = work.rules.credit
    if not grading.in_force(credit, by):
        raise Invalid("not_in_force", f"Not all that makes a grade has a value in {by}.")
    for found in store.graded(work, quarter):
        made = grading.assess(credit, by, Basis(found.lines, found.earlier))
        yield replace(found, card=credit.digest, **made._asdict())


def closes_on(work: Work, quarter: Quarter) -> date:
    """The day on which a quarter is closed: the one after the closing day."""
    day = work.rules.credit.count("closing_day", quarter.last)
    return quarter.last + timedelta(days=day + 1)


def cutoff(work: Work, quarter: Quarter) -> datetime:
    """The instant before which an act must be recorded to count in a quarter."""
    return local_midnight(closes_on(work, quarter), work.rules.pack.zone)


def kept_from(work: Work) -> Quarter | None:
    """The first quarter whose grades are not deleted for their age yet; None where none ever is."""
    days = work.rules.privacy.kept_days("grade")
    return None if days is None else Quarter.of(work.today - timedelta(days=days))


def window(work: Work) -> Quarter | None:
    """The last closed quarter."""
    return registers.last_closed(work)


def latest(work: Work, resident: bytes) -> Grade | None:
    """A resident's grade of the last closed quarter, as it stands. None where nothing was saved in
    it, whatever was before."""
    found = store.latest(work, resident)
    return found if found is not None and found.code is not None else None


def of(work: Work, resident: bytes, quarter: Quarter) -> Grade | None:
    """What stands of a quarter; its code is None where a correction left nothing."""
    return store.standing(work, resident, quarter)


def history(work: Work, resident: bytes) -> list[Grade]:
    """Every version of every quarter, the newest first."""
    return store.page(work, resident, 1000)


def lines(work: Work, found: Iterable[activities.Verified]) -> dict[bytes, tuple[Line, ...]]:
    """What was verified as lines by resident; a provider counts as its kind of source."""
    kinds: Mapping[bytes, str] = {each.id: each.kind for each in identity.clients(work)}
    by_resident: dict[bytes, list[Line]] = {}
    for each in found:
        source = kinds.get(each.provider, "other")
        line = Line(each.behaviour, each.month, source, each.reduction_mg, each.acts)
        by_resident.setdefault(each.resident, []).append(line)
    return {resident: grading.merged(each) for resident, each in by_resident.items()}


def codes_before(
    work: Work, residents: Collection[bytes], quarter: Quarter
) -> dict[bytes, dict[Quarter, str]]:
    """The grades that stand of the four quarters before, by resident."""
    return store.codes(work, residents, quarter.plus(-grading.BEFORE), quarter.plus(-1))


def first_version(
    work: Work, resident: bytes, quarter: Quarter, found: tuple[Line, ...],
    codes: Mapping[Quarter, str], reason: str,
) -> Grade:  # fmt: skip
    """The first grade of a quarter, by the rules in force; `codes` as `codes_before` has them."""
    rules = work.rules
    basis = Basis(found, len(codes))
    assessed = grading.assess(rules.credit, quarter, basis)
    return Grade(
        id=work.new_id(),
        resident_id=resident,
        quarter=quarter,
        version=1,
        lines=found,
        earlier=basis.earlier,
        rulebook=rules.digest,
        card=rules.credit.digest,
        made_at=work.now,
        reason=reason,
        before=codes.get(quarter.plus(-1)),
        **assessed._asdict(),
    )


def keep_editions(work: Work) -> None:
    """Keep the rules in force, so that grades made by them can be made again."""
    activities.edition_id(work)
    registers.keep_card(work, work.rules.credit.digest, work.rules.credit.text)


def flag(work: Work, resident: bytes, quarter: Quarter, *, on: bool) -> None:
    """Mark a resident's grade of a quarter as contested, or no longer."""
    registers.flag(work, resident, quarter, on=on)


def erase(work: Work, resident: bytes) -> int:
    """Delete a resident's grades, whose account is closed; how many versions there were."""
    registers.erase(work, resident)
    return store.erase(work, resident)
