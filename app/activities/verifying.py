"""What a resident's own acts of some days saved, verified, by behaviour, month and provider.

Two ways to one answer. `verified` adds up the scores as they stood at an instant, for many
residents at once: a score is a pure function of the live reports, so what stood then is what the
reports of that time are worth, whatever has come since. `verified_again` scores these reports from
nothing, without those that were taken back since. Where nothing was corrected both say the same.
Acts in dispute are left out of the sums; what they meant for other acts stays.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from app.activities import posting, reading, rescoring, scoring, store, timely, valuation
from app.activities.model import Portion
from app.activities.stage import Scene
from app.activities.store import Stored
from app.activities.working import rules_of
from app.kernel import add_months
from app.plumbing.work import Work
from app.rulebook import Rulebook

_MONTHS = 3


class Verified(NamedTuple):
    """What acts of one behaviour from one provider saved in one month (`YYYY-MM`). An act counts
    once, in the month in which it was earned, also where its reduction is released over a year."""

    resident: bytes
    behaviour: str
    month: str
    provider: bytes
    reduction_mg: int
    acts: int


class _Sums:
    """Milligrams and acts by resident, behaviour, month and provider."""

    def __init__(self, first: date, last: date) -> None:
        self._first, self._last = first, last
        self._found: dict[tuple[bytes, str, str, bytes], list[int]] = {}

    def add(self, key: tuple[bytes, str, str, bytes], mg: int, acts: int) -> None:
        each = self._found.setdefault(key, [0, 0])
        each[0] += mg
        each[1] += acts

    def count(self, row: Stored, parts: Iterable[Portion], sign: int = 1) -> None:
        """Add the parts of an act that fall on these days, or take them away."""
        for number, part in enumerate(parts):
            if self._first <= part.earned_on <= self._last and part.reduction_mg:
                key = (row.resident, row.act.behaviour, _month(part.earned_on), row.provider)
                self.add(key, sign * part.reduction_mg, sign * (number == 0))

    def lines(self) -> list[Verified]:
        """What is more than nothing, in one order whatever came first."""
        return [Verified(*key, mg, acts) for key, (mg, acts) in sorted(self._found.items()) if mg]


def _month(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"


def verified(
    work: Work, residents: Sequence[bytes], first: date, last: date, cutoff: datetime
) -> list[Verified]:
    """What acts recorded before the cutoff saved on these days (both included, of at most three
    months), by the scores of that instant. The residents' wallets are locked, or nobody writes."""
    names = [_month(add_months(first.replace(day=1), n)) for n in range(_MONTHS)]
    found = _Sums(first, last)
    released = [c for c, each in work.rules.behaviours.items() if each.method in posting.RELEASED]
    for each in timely.sums(work, residents, (first, last), cutoff, released):
        key = (each.resident, each.behaviour, names[each.month], each.provider)
        found.add(key, int(each.reduction_mg), int(each.acts))
    _put_right(work, residents, cutoff, found)
    return found.lines()


def _put_right(work: Work, residents: Sequence[bytes], cutoff: datetime, found: _Sums) -> None:
    """Take away acts in dispute, and give those that changed since what they had."""
    disputed = {row.act.id: row for row in timely.disputed(work, residents)}
    since = [
        e for e in timely.changed_since(work, residents, cutoff) if e.row.act.id not in disputed
    ]
    rows = [row for row in disputed.values() if row.recorded_at < cutoff]
    rows += [each.row for each in since]
    if not rows:
        return
    released = [row for row in rows if posting.is_released(work.rules, row.act)]
    parts = store.portions(work, [(row.resident, row.act.id) for row in released])
    for row in rows:
        found.count(row, parts.get(row.act.id) or posting.only(row), -1)
    named = reading.digests(work, {each.edition for each in since})
    for each in since:
        rules = rules_of(work, each.edition, named[each.edition])
        found.count(each.row, _parts(rules, each.row, each.reduction_mg))


def _parts(rules: Rulebook, row: Stored, milligrams: int) -> tuple[Portion, ...]:
    """The parts in which an act's reduction was released by the rules that scored it."""
    if not milligrams:
        return ()
    count = valuation.worth(rules, row.act).parts if posting.is_released(rules, row.act) else 1
    return scoring.portions(rules, row.act, count, milligrams)


def verified_again(
    work: Work,
    resident: bytes,
    first: date,
    last: date,
    cutoff: datetime,
    admitted: Collection[bytes] = (),
) -> list[Verified]:
    """The same of one resident by the definition: live acts recorded before the cutoff, or in the
    place of such a one, or `admitted`, scored from nothing by the rules in force now."""
    scenes = rescoring.loaded(work, [resident])
    scene = scenes[resident]
    _keep(scene, _timely(work, resident, cutoff, admitted))
    scene.claims = {i: each for i, each in scene.claims.items() if each.recorded_at < cutoff}
    scene.standings = {i: each for i, each in scene.standings.items() if i in scene.claims}
    rescoring.score_whole(work, scenes)
    disputed = {row.act.id for row in timely.disputed(work, [resident])}
    found = _Sums(first, last)
    for act_id, row in scene.known.items():
        if act_id not in disputed:
            found.count(row, scene.scores[act_id].portions)
    return found.lines()


def _keep(scene: Scene, wanted: Callable[[Stored], bool]) -> None:
    scene.known = {act_id: row for act_id, row in scene.known.items() if wanted(row)}
    scene.acts = {act_id: row.act for act_id, row in scene.known.items()}


def _timely(
    work: Work, resident: bytes, cutoff: datetime, admitted: Collection[bytes]
) -> Callable[[Stored], bool]:
    """Which acts count. What replaces an act that counts does, too, whenever it came."""
    replaced = timely.replacements(work, resident)
    heirs = {new for act, _, new, at in replaced if at < cutoff or act in admitted}
    before = -1
    while before < len(heirs):
        before = len(heirs)
        heirs |= {new for _, old, new, _ in replaced if old in heirs}

    def counts(row: Stored) -> bool:
        known = row.recorded_at < cutoff or row.act.id in admitted
        return known or row.act.reference in heirs

    return counts
