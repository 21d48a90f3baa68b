"""Scores again: everybody under new rules, those who waited for a thing, and the definition."""

from collections.abc import Iterable, Sequence
from datetime import date

from app import ledger
from app.activities import (
    claim_scene,
    marks,
    matching,
    posting,
    registers,
    restatements,
    scene,
    scoring,
    service,
    store,
)
from app.activities.stage import Scene, Scenes
from app.plumbing.work import Work


def rescore(work: Work, residents: Sequence[bytes]) -> int:
    """Score all that these residents ever did by this work's rulebook; post the differences.

    Returns how many acts changed. The same mechanism as a late act, over everything.
    """
    wallets = ledger.lock(work, residents)
    scenes = loaded(work, residents)
    _claim_again(work, scenes)
    score_whole(work, scenes)
    changed = sum(
        1
        for each in scenes.values()
        for act_id, score in each.scores.items()
        if posting.differs(each.known[act_id].score, score)
    )
    posting.write(work, registers.edition_id(work), wallets, scenes, {}, restatements.RULES)
    return changed


def whole(work: Work, residents: Iterable[bytes]) -> Scenes:
    """Residents with every live act, scored from nothing: the definition, applied."""
    scenes = loaded(work, residents)
    score_whole(work, scenes)
    return scenes


def loaded(work: Work, residents: Iterable[bytes]) -> Scenes:
    """Residents with every live act and claim, not scored yet."""
    scenes = Scenes({resident: Scene(resident) for resident in residents})
    for row in store.load_all(work, scenes):
        scenes[row.resident].acts[row.act.id] = row.act
        scenes[row.resident].known[row.act.id] = row
    claim_scene.load_all(work, scenes)
    return scenes


def score_whole(work: Work, scenes: Scenes) -> None:
    """Score all that is on the scenes from nothing."""
    everyone = {r: list(each.acts.values()) for r, each in scenes.items()}
    scene.ask_holders(work, scenes, everyone)
    claim_scene.ask_payers(work, scenes)
    for each in scenes.values():
        acts, claims = list(each.acts.values()), list(each.claims.values())
        lost, yielded = matching.losers(work.rules, acts, each.foreign, claims, each.payers)
        claim_scene.stand(each, yielded)
        each.scores = scoring.score(work.rules, acts, None, lost)
        each.wanted = set(each.acts)


def _claim_again(work: Work, scenes: Scenes) -> None:
    """Other rules may know other keys: acts are to be found, and to hold their things, by these."""
    registers.renew_claims(
        work,
        [
            (each.resident, key, act.id, act.earned_on)
            for each in scenes.values()
            for act in each.acts.values()
            for key in scene.claim_keys(work.rules, act)
        ],
    )
    for each in scenes.values():
        each.unsettled = set(each.acts)
    posting.claim_objects(work, scenes)


def settle_freed(work: Work, count: int) -> int:
    """Score those again who waited for a thing that nobody holds any more. Job; repeatable."""
    waits = registers.freed_waits(work, count)
    if not waits:
        return 0
    first: dict[bytes, tuple[bytes, date]] = {}
    for key, resident, day in waits:
        first.setdefault(key, (resident, day))
    wallets = ledger.lock(work, {resident for resident, _ in first.values()})
    scenes = Scenes()
    for row in store.load(work, [store.Need(r, d, d) for r, d in set(first.values())]):
        behaviour = work.rules.behaviours[row.act.behaviour]
        keys = set(marks.object_keys(behaviour, row.act))
        if any(first.get(key, (b"",))[0] == row.resident for key in keys):
            each = scenes.setdefault(row.resident, Scene(row.resident))
            each.acts[row.act.id] = row.act
            each.known[row.act.id] = row
            each.unsettled.add(row.act.id)
    service.settle(work, wallets, scenes)
    registers.end_waits(work, [(key, resident) for key, (resident, _) in first.items()])
    return len(first)
