"""Writing what a score changed: rows, keys, tallies, and the difference of points to the ledger."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import orjson

from app import ledger
from app.activities import claim_scene, disputes, marks, registers, restatements, scene, store
from app.activities.model import REVERSED, Act, Portion, Score
from app.activities.stage import Scene, Scenes
from app.activities.store import Stored
from app.kernel import add_months
from app.ledger import Change
from app.plumbing.work import Work
from app.rulebook import Rulebook

NOTHING = Score(REVERSED, None, 0, 0, 0, ())
RELEASED = {"appliance_year", "fixture_year"}
_RELEASED_OVER = 12  # months


class Fresh(NamedTuple):
    """A report about to be stored."""

    resident: bytes
    act: Act
    due_on: date
    provider: bytes
    content: bytes
    recorded_at: datetime


class Books:
    """Differences on their way: tallies by person and month, points by act and due day."""

    def __init__(self) -> None:
        self._tallies: dict[tuple[bytes, str, int, int], list[int]] = {}
        self.changes: list[Change] = []

    def count(
        self, resident: bytes, act: Act, score: Score, parts: Sequence[Portion], sign: int
    ) -> None:
        if not (score.units or score.reduction_mg):
            return
        tally = self._tally(resident, act.behaviour, act.earned_on)
        tally[0] += sign * score.units
        tally[1] += sign * (score.reduction_mg > 0)
        for part in parts:
            if part.earned_on != act.earned_on:
                tally = self._tally(resident, act.behaviour, part.earned_on)
            tally[2] += sign * part.reduction_mg
            tally[3] += sign * part.points

    def _tally(self, resident: bytes, behaviour: str, day: date) -> list[int]:
        key = (resident, behaviour, day.year, day.month)
        found = self._tallies.get(key)
        if found is None:
            found = self._tallies[key] = [0, 0, 0, 0]
        return found

    def tallies(self) -> list[tuple[Any, ...]]:
        """Rows of differences: resident, behaviour, month, units, count, milligrams, points."""
        return [
            (resident, behaviour, f"{year:04}-{month:02}", *sums)
            for (resident, behaviour, year, month), sums in self._tallies.items()
            if any(sums)
        ]

    def pay(self, resident: bytes, act: Act, old: Sequence[Portion], new: Sequence[Portion]
            ) -> None:  # fmt: skip
        if len(new) == 1 and not old:
            if new[0].points:
                self.changes.append(Change(resident, act.id, new[0].due_on, new[0].points))
            return
        by_day: dict[date, int] = {}
        for part in new:
            by_day[part.due_on] = by_day.get(part.due_on, 0) + part.points
        for part in old:
            by_day[part.due_on] = by_day.get(part.due_on, 0) - part.points
        for day, amount in by_day.items():
            if amount:
                self.changes.append(Change(resident, act.id, day, amount))


def is_released(rules: Rulebook, act: Act) -> bool:
    """Whether an act's reduction is released in parts over a year."""
    return rules.behaviours[act.behaviour].method in RELEASED


def differs(old: Score, new: Score) -> bool:
    """Whether a score says something else than before, whatever rulebook said it."""
    return old[:5] != new[:5]


def changes(scenes: Scenes) -> list[tuple[Stored, Score]]:
    """Stored acts whose score is another now, and those that have gone."""
    changed = [
        (row, each.scores[act_id])
        for each in scenes.values()
        for act_id, row in each.known.items()
        if act_id in each.scores and differs(row.score, each.scores[act_id])
    ]
    return changed + [(row, NOTHING) for each in scenes.values() for row in each.gone]


def write(
    work: Work,
    edition: int,
    wallets: ledger.Wallets,
    scenes: Scenes,
    fresh: Mapping[bytes, Fresh],
    why: str = restatements.REVERSAL,
) -> dict[bytes, int]:
    """Write every new, changed and reversed score of the scenes; returns debts by act. `why` is
    the cause of what is corrected in earlier quarters, if anything is."""
    books = Books()
    _add(work, edition, scenes, fresh, books)
    changed = changes(scenes)
    _change(work, edition, changed, books)
    gone = [row for row, score in changed if score is NOTHING]
    if gone:
        _let_go(work, gone)
        ended = disputes.open_of(work, [(row.resident, row.act.id) for row in gone])
        disputes.end(work, wallets, ended)
    restatements.note(work, _corrected(work.rules, scenes, changed, why), why)
    claim_scene.settle(work, scenes)
    registers.add_tallies(work, books.tallies())
    return ledger.adjust(work, wallets, books.changes)


def span(rules: Rulebook, act: Act) -> tuple[date, date]:
    """The days on which an act's reduction can count."""
    months = _RELEASED_OVER if is_released(rules, act) else 0
    return act.earned_on, add_months(act.earned_on, months)


def _corrected(
    rules: Rulebook, scenes: Scenes, changed: Sequence[tuple[Stored, Score]], why: str
) -> Iterable[tuple[bytes, date, date]]:
    """The days (resident, first, last) of all that moved because something was wrong before; where
    acts only came in, there are none."""
    for resident, each in scenes.items():
        if why == restatements.RULES or each.gone or each.claims_gone or each.unsettled:
            moved = [row.act for row, _ in changed if row.resident == resident]
            spans = [span(rules, act) for act in (*moved, *each.added.values())]
            if spans:
                yield resident, min(spans)[0], max(last for _, last in spans)


def _add(
    work: Work, edition: int, scenes: Scenes, fresh: Mapping[bytes, Fresh], books: Books
) -> None:
    rows, claims, parts = [], [], []
    for each in scenes.values():
        for act_id, act in each.added.items():
            score, new = each.scores[act_id], fresh[act_id]
            portions = _dated(new.due_on, score)
            rows.append(_row(new, score, edition))
            keys = scene.claim_keys(work.rules, act, each.things)
            if keys:
                claims += [(each.resident, key, act_id, act.earned_on) for key in keys]
            parts += _part_rows(each.resident, act, portions)
            books.count(each.resident, act, score, portions, 1)
            books.pay(each.resident, act, (), portions)
    store.add_activities(work, rows)
    registers.add_claims(work, claims)
    store.put_portions(work, parts)


def _dated(due_on: date, score: Score) -> tuple[Portion, ...]:
    """Portions of a score; the due day of an act's only one is that which it was taken in with."""
    if len(score.portions) != 1 or score.portions[0].due_on == due_on:
        return score.portions
    return (score.portions[0]._replace(due_on=due_on),)


def _row(new: Fresh, score: Score, edition: int) -> tuple[Any, ...]:
    act = new.act
    evidence = orjson.dumps(act.evidence).decode() if act.evidence else None
    return (
        new.resident, act.id, act.reference, new.provider, new.content, act.behaviour,
        act.occurred_at, act.earned_on, new.due_on, new.recorded_at, act.quantity, evidence,
        score.status, score.reason, score.units, score.reduction_mg, score.points, edition,
    )  # fmt: skip


def _part_rows(resident: bytes, act: Act, portions: Sequence[Portion]) -> list[tuple[Any, ...]]:
    if len(portions) < 2:
        return []
    return [
        (resident, act.id, number, act.behaviour, *part)
        for number, part in enumerate(portions, start=1)
    ]


def _change(
    work: Work, edition: int, changes: Sequence[tuple[Stored, Score]], books: Books
) -> None:
    if not changes:
        return
    released = [
        (row.resident, row.act.id) for row, _ in changes if is_released(work.rules, row.act)
    ]
    parts = store.portions(work, released) if released else {}
    rows = []
    for row, score in changes:
        old = parts.get(row.act.id) or only(row)
        new = _dated(row.due_on, score)
        # Parts that are no more (all of them, or some under other rules) stay, with nothing in.
        gone = parts.get(row.act.id, [])[len(new) :]
        new += tuple(part._replace(reduction_mg=0, points=0) for part in gone)
        books.count(row.resident, row.act, row.score, old, -1)
        books.count(row.resident, row.act, score, new, 1)
        books.pay(row.resident, row.act, old, new)
        rows += _part_rows(row.resident, row.act, new)
    store.put_portions(work, rows)
    store.change_scores(work, edition, changes)


def only(row: Stored) -> tuple[Portion, ...]:
    """What is stored of an act that is released at once."""
    if not row.score.reduction_mg:
        return ()
    return (Portion(row.act.earned_on, row.due_on, row.score.reduction_mg, row.score.points),)


def _let_go(work: Work, gone: Sequence[Stored]) -> None:
    """Forget the keys of acts that are no longer live, and free things that nobody here holds."""
    keys = {row.act.id: scene.claim_keys(work.rules, row.act) for row in gone}
    pairs = [(row.resident, key, row.act.id) for row in gone for key in keys[row.act.id]]
    if not pairs:
        return
    registers.drop_claims(work, pairs)
    things = {
        (row.resident, key)
        for row in gone
        for key in marks.object_keys(work.rules.behaviours[row.act.behaviour], row.act)
    }
    if things:
        still = {(resident, key) for resident, key, _ in registers.claims(work, sorted(things))}
        freed = [(key, resident) for resident, key in things - still]
        registers.free_objects(work, freed)
        registers.end_waits(work, freed)


def claim_objects(work: Work, scenes: Scenes) -> None:
    """Claim the things of new and unsettled acts, city-wide; the first to commit holds them."""
    rules = work.rules
    asking: list[tuple[bytes, Scene, Act]] = []
    for each in scenes.values():
        unsettled = [each.acts[act_id] for act_id in each.unsettled]
        for act in [*each.added.values(), *unsettled]:
            keys = marks.object_keys(rules.behaviours[act.behaviour], act)
            if keys:
                each.things[act.id] = keys
                asking += [(key, each, act) for key in keys]
    if not asking:
        return
    wanted: dict[bytes, bytes] = {}
    for key, each, _ in asking:
        wanted.setdefault(key, each.resident)
    holders = registers.claim_objects(work, wanted)
    waits = set()
    for key, each, act in asking:
        if holders[key] != each.resident:
            each.foreign[act.id] = marks.object_group(rules.behaviours[act.behaviour])
            waits.add((key, each.resident, act.earned_on))
    if waits:
        registers.wait_for_objects(work, waits)


def add_stillborn(work: Work, edition: int, rows: Sequence[tuple[Fresh, bytes]]) -> None:
    """Store reports that a later item of the same batch replaces: seen, never worth anything."""
    if not rows:
        return
    store.add_activities(work, [_row(fresh, NOTHING, edition) for fresh, _ in rows])
    add_reversals(work, [(f.resident, f.act.id, f.provider, "replaced", by) for f, by in rows])


def add_reversals(
    work: Work, rows: Iterable[tuple[bytes, bytes, bytes, str, bytes | None]]
) -> None:
    """Keep who undid what and why: (resident, act, provider, reason, reference in its place)."""
    store.add_reversals(
        work,
        [
            (resident, act, provider, reason[:200], by, work.now)
            for resident, act, provider, reason, by in rows
        ],
    )
