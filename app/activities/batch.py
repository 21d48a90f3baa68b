"""A list of reports on its way: what is new, what is undone, what becomes of each item."""

from collections.abc import Collection, Mapping
from typing import Any

from app import consent, identity, ledger
from app.activities import (
    blinding,
    claim_scene,
    crowding,
    metering,
    posting,
    registers,
    scene,
    scoring,
)
from app.activities.model import (
    CREDITED,
    DUPLICATE,
    PENDING,
    REJECTED,
    REVERSED,
    Act,
    Provider,
    Rejection,
    Report,
    Result,
    Score,
)
from app.activities.posting import Fresh
from app.activities.stage import Scenes
from app.activities.store import Stored
from app.plumbing.work import Work

Item = Mapping[str, Any]
# Up to so many new acts are written without waiting for each statement's answer.
_FEW = 16
# Whether a report is seen for the first time, and the hash of its reference.
Answer = tuple[bool, bytes]
_NOT_FOUND = Result("", None, REJECTED, None, 0, 0)


class Batch:
    """A list of reports on its way: what is new, what is undone, what was there before."""

    def __init__(
        self,
        work: Work,
        residents: Mapping[bytes, bytes | None],
        known: Mapping[bytes, Stored],
        wallets: ledger.Wallets,
    ) -> None:
        self.work = work
        self.residents = residents
        # Those whom partners know, with their secrets: asked behind the lock, or a link and a claim
        # could come between.
        self.secrets = consent.secrets(work, wallets) if wallets else {}
        self.known = known
        # Those whose accounts are closed: nothing of theirs is told, and nothing is added to it.
        self.closed = _closed(work, known, wallets)
        self.fresh: dict[bytes, Fresh] = {}
        self.undone: dict[bytes, tuple[Stored, bytes]] = {}
        self.stillborn: dict[bytes, bytes] = {}
        self.scenes = Scenes()
        self.scenes.linked = set(self.secrets)
        self.edition = registers.edition_id(work)

    def take(self, provider: Provider, item: Item, read: Report | Rejection) -> Result | Answer:
        """A result at once, or what stands for one that comes after scoring."""
        name = item["reference"]
        if isinstance(read, Rejection):
            return _rejected(name, read.reason)
        reference = read.act.reference
        there = self.known.get(reference) or self.fresh.get(reference)
        if isinstance(there, Stored) and there.resident in self.closed:
            return _rejected(name, "no_consent")
        if there is not None:
            same = there.content == read.content and there.provider == provider.id
            return (False, reference) if same else _rejected(name, "reference_reused")
        if reference not in self.residents:
            return _rejected(name, "unknown_subject")
        resident = self.residents[reference]
        if resident is None or resident in self.closed:
            return _rejected(name, "no_consent")
        if read.replaces and not self._undo(provider, read.replaces, reference):
            return _rejected(name, "unknown_replaced")
        act = self._marked(resident, read.act, item) if self.secrets else read.act
        self.fresh[reference] = Fresh(
            resident, act, read.due_on, provider.id, read.content, self.work.now
        )
        return True, reference

    def _marked(self, resident: bytes, act: Act, item: Item) -> Act:
        """The act with that by which partners know it, too: its words are at hand only now."""
        secret = self.secrets.get(resident)
        if secret is None or not secret.key:
            return act
        behaviour = self.work.rules.behaviours[act.behaviour]
        told = blinding.marks_of(secret.key, behaviour, act, item.get("evidence") or {})
        return act._replace(evidence={**act.evidence, "claims": told}) if told else act

    def _undo(self, provider: Provider, reference: bytes, by: bytes) -> bool:
        """Mark what a correction replaces. False: this provider reported no such thing."""
        fresh = self.fresh.get(reference)
        if fresh is not None and fresh.provider == provider.id:
            self.stillborn[reference] = by
            return True
        row = self.known.get(reference)
        if row is None or row.provider != provider.id or row.resident in self.closed:
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
        moved = posting.changes(self.scenes) or claim_scene.changes(self.scenes)
        return few and not any(wallets.values()) and not moved

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


def _closed(
    work: Work, known: Mapping[bytes, Stored], wallets: ledger.Wallets
) -> Collection[bytes]:
    """Of those whose reports are new or were seen before, who has a closed account."""
    strangers = {row.resident for row in known.values()} - wallets.keys()
    if not strangers:
        return wallets.closed
    return wallets.closed | identity.closed_among(work, strangers)


def _rejected(reference: str, reason: str) -> Result:
    return _NOT_FOUND._replace(reference=reference, reason=reason)


def shown(work: Work, score: Score, due_on: Any) -> str:
    """The status as a person sees it: credited points that cannot be spent yet are pending."""
    if score.status == CREDITED and score.reduction_mg and due_on > work.today:
        return PENDING
    return score.status


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
