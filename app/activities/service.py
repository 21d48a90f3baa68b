"""Use cases of this room: reports in, reversals in, scores again. Each takes a `Work`.

All go one way: read what a change can touch (`scene`), score it (`scoring`, pure), write what is
different, and post the difference to the ledger, in one transaction.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from app import consent, ledger
from app.activities import crowding, intake, metering, posting, registers, scene, scoring, store
from app.activities.model import (
    CREDITED,
    DUPLICATE,
    PENDING,
    REJECTED,
    REVERSED,
    Rejection,
    Report,
    Result,
    Score,
    Undone,
)
from app.activities.posting import Fresh
from app.activities.scene import Scenes
from app.activities.store import Stored
from app.plumbing.db import pipelined
from app.plumbing.work import Work


class Provider(NamedTuple):
    """Who reports: a client with scope provider, and what it may report (None: anything)."""

    id: bytes
    wire: str
    behaviours: frozenset[str] | None


Item = Mapping[str, Any]
# Up to so many new acts are written without waiting for each statement's answer.
_FEW = 16
# Whether a report is seen for the first time, and the hash of its reference.
Answer = tuple[bool, bytes]
_NOT_FOUND = Result("", None, REJECTED, None, 0, 0)


def record(work: Work, provider: Provider, items: Sequence[Item]) -> list[Result]:
    """Take a list of acts in: score them, pay them, answer each in the order sent.

    One bad item never fails the others. Sending an item again changes nothing.
    """
    return record_all(work, [(provider, items)])[0]


def record_all(work: Work, lists: Sequence[tuple[Provider, Sequence[Item]]]) -> list[list[Result]]:
    """Take several providers' lists in, as if they came one after the other."""
    read = [_read(work, provider, items) for provider, items in lists]
    reports = [
        (provider, report)
        for (provider, _), answers in zip(lists, read, strict=True)
        for report in answers
        if isinstance(report, Report)
    ]
    residents = _residents(work, reports)
    before = _owners(work, {r.replaces for _, r in reports if r.replaces})
    wallets = ledger.lock(work, {*residents.values(), *before} - {None})  # type: ignore[arg-type]
    batch = _Batch(work, residents, _known(work, [report for _, report in reports]))
    answers = [
        [batch.take(provider, item, each) for item, each in zip(items, found, strict=True)]
        for (provider, items), found in zip(lists, read, strict=True)
    ]
    batch.score()
    results = [
        [each if isinstance(each, Result) else batch.result(item, each)
         for item, each in zip(items, found, strict=True)]
        for (_, items), found in zip(lists, answers, strict=True)
    ]  # fmt: skip
    with pipelined(work.db, batch.is_plain(wallets)):
        batch.write(wallets)
        counts = [(p.id, _counts(each)) for (p, _), each in zip(lists, results, strict=True)]
        registers.add_intake(work, counts)
    return results


def _read(work: Work, provider: Provider, items: Sequence[Item]) -> list[Report | Rejection]:
    desk = intake.desk(
        work.rules, provider.wire, provider.behaviours, work.now, work.keys.digest, work.new_id
    )
    return [intake.read(desk, item) for item in items]


def _counts(results: Iterable[Result]) -> dict[str, int]:
    """How many of each status, and of each reason for a rejection."""
    found = Counter(result.status for result in results)
    found.update(f"{REJECTED}:{r.reason}" for r in results if r.status == REJECTED)
    return dict(found)


def _residents(work: Work, reports: Sequence[tuple[Provider, Report]]) -> dict[bytes, bytes | None]:
    """Whose act each report is, by its reference: None where the day is not bound. Subjects that
    nobody has bound are absent."""
    subjects: dict[bytes, set[bytes]] = {}
    for provider, report in reports:
        subjects.setdefault(provider.id, set()).add(report.subject)
    held = {id_: consent.holders(work, id_, sorted(asked)) for id_, asked in subjects.items()}
    found: dict[bytes, bytes | None] = {}
    for provider, report in reports:
        bindings = held[provider.id].get(report.subject)
        if bindings:
            day = report.act.earned_on
            found[report.act.reference] = next(
                (each.resident_id for each in bindings if each.covers(day)), None
            )
    return found


def _owners(work: Work, references: set[bytes]) -> set[bytes]:
    """Residents whose reports are to be undone: their wallets are locked with the others."""
    if not references:
        return set()
    return {row.resident for row in store.find(work, sorted(references)).values()}


def _known(work: Work, reports: Sequence[Report]) -> dict[bytes, Stored]:
    wanted = {report.act.reference for report in reports}
    wanted |= {report.replaces for report in reports if report.replaces}
    return store.find(work, sorted(wanted)) if wanted else {}


class _Batch:
    """A list of reports on its way: what is new, what is undone, what was there before."""

    def __init__(
        self,
        work: Work,
        residents: Mapping[bytes, bytes | None],
        known: Mapping[bytes, Stored],
    ) -> None:
        self.work = work
        self.residents = residents
        self.known = known
        self.fresh: dict[bytes, Fresh] = {}
        self.undone: dict[bytes, tuple[Stored, bytes]] = {}
        self.stillborn: dict[bytes, bytes] = {}
        self.scenes = Scenes()
        self.edition = registers.edition_id(work)

    def take(self, provider: Provider, item: Item, read: Report | Rejection) -> Result | Answer:
        """A result at once, or what stands for one that comes after scoring."""
        name = item["reference"]
        if isinstance(read, Rejection):
            return _rejected(name, read.reason)
        reference = read.act.reference
        there = self.known.get(reference) or self.fresh.get(reference)
        if there is not None:
            same = there.content == read.content and there.provider == provider.id
            return (False, reference) if same else _rejected(name, "reference_reused")
        if reference not in self.residents:
            return _rejected(name, "unknown_subject")
        resident = self.residents[reference]
        if resident is None:
            return _rejected(name, "no_consent")
        if read.replaces and not self._undo(provider, read.replaces, reference):
            return _rejected(name, "unknown_replaced")
        self.fresh[reference] = Fresh(
            resident, read.act, read.due_on, provider.id, read.content, self.work.now
        )
        return True, reference

    def _undo(self, provider: Provider, reference: bytes, by: bytes) -> bool:
        """Mark what a correction replaces. False: this provider reported no such thing."""
        fresh = self.fresh.get(reference)
        if fresh is not None and fresh.provider == provider.id:
            self.stillborn[reference] = by
            return True
        row = self.known.get(reference)
        if row is None or row.provider != provider.id:
            return False
        if row.score.status != REVERSED:
            self.undone[reference] = (row, by)
        return True

    def score(self) -> None:
        """Score what is new and what its arrival touches."""
        for reference, fresh in self.fresh.items():
            if reference not in self.stillborn:
                self.scenes[fresh.resident].added[fresh.act.id] = fresh.act
        for row, _ in self.undone.values():
            self.scenes[row.resident].gone.append(row)
        score(self.work, self.scenes)

    def is_plain(self, wallets: ledger.Wallets) -> bool:
        """Whether there are only a few new acts to write, and nothing to read for it."""
        few = len(self.fresh) <= _FEW and not self.undone and not self.stillborn
        return few and not any(wallets.values()) and not posting.changes(self.scenes)

    def write(self, wallets: ledger.Wallets) -> None:
        """Write the scores and what was undone."""
        if self.fresh or self.undone:
            fresh = {f.act.id: f for f in self.fresh.values()}
            posting.write(self.work, self.edition, wallets, self.scenes, fresh)
        posting.add_stillborn(
            self.work,
            self.edition,
            [(self.fresh[ref], by) for ref, by in self.stillborn.items()],
        )
        posting.add_reversals(
            self.work,
            [
                (row.resident, row.act.id, row.provider, "replaced", by)
                for row, by in self.undone.values()
            ],
        )

    def result(self, item: Item, answer: Answer) -> Result:
        """What became of a stored report."""
        is_new, reference = answer
        row = self.fresh.get(reference) or self.known[reference]
        score = self._score(reference, row)
        state = shown(self.work, score, row.due_on)
        edition = self.edition if isinstance(row, Fresh) else row.edition
        return Result(
            item["reference"], row.act.id, state if is_new else DUPLICATE, score.reason,
            score.reduction_mg, score.points, edition, state,
        )  # fmt: skip

    def _score(self, reference: bytes, row: Fresh | Stored) -> Score:
        if reference in self.stillborn or reference in self.undone:
            return posting.NOTHING
        found = self.scenes.get(row.resident)
        if found and row.act.id in found.scores:
            return found.scores[row.act.id]
        assert isinstance(row, Stored)
        return row.score


def _rejected(reference: str, reason: str) -> Result:
    return _NOT_FOUND._replace(reference=reference, reason=reason)


def shown(work: Work, score: Score, due_on: Any) -> str:
    """The status as a person sees it: credited points that cannot be spent yet are pending."""
    if score.status == CREDITED and score.reduction_mg and due_on > work.today:
        return PENDING
    return score.status


def reverse(work: Work, provider: Provider, asked: Sequence[tuple[str, str]]) -> list[Undone]:
    """Undo reports by reference, each (reference, reason). What was paid is taken back; what is
    gone already becomes a debt."""
    hashes = [intake.reference_hash(provider.wire, reference) for reference, _ in asked]
    wallets = ledger.lock(work, _owners(work, set(hashes)))
    known = store.find(work, sorted(set(hashes)))
    scenes = Scenes()
    undone: dict[bytes, tuple[Stored, str]] = {}
    answers: list[tuple[str, bytes, str]] = []
    for (reference, reason), hashed in zip(asked, hashes, strict=True):
        row = known.get(hashed)
        if row is None or row.provider != provider.id or row.resident not in wallets:
            answers.append((reference, b"", "unknown"))
        elif row.score.status == REVERSED or hashed in undone:
            answers.append((reference, b"", "already"))
        else:
            undone[hashed] = (row, reason)
            scenes[row.resident].gone.append(row)
            answers.append((reference, row.act.id, REVERSED))
    owed = settle(work, wallets, scenes)
    posting.add_reversals(
        work,
        [(row.resident, row.act.id, provider.id, reason, None) for row, reason in undone.values()],
    )
    return [Undone(ref, status, owed.get(act_id, 0)) for ref, act_id, status in answers]


def score(work: Work, scenes: Scenes) -> None:
    """Score what the scenes' changes touch: read as little as that needs, then judge."""
    posting.claim_objects(work, scenes)
    scene.fill(work, scenes)
    metering.fill(work, scenes)
    crowds = crowding.crowd(work, scenes)
    for each in scenes.values():
        each.scores = scoring.score(
            work.rules,
            list(each.acts.values()),
            each.wanted,
            each.lost,
            crowds.of(each.resident),
            each.worths,
        )


def settle(work: Work, wallets: ledger.Wallets, scenes: Scenes) -> dict[bytes, int]:
    """Score scenes without new acts, write what differs, post it. Returns new debts by act."""
    if not scenes:
        return {}
    score(work, scenes)
    return posting.write(work, registers.edition_id(work), wallets, scenes, {})
