"""What the audit proves of scores: scoring again changes nothing, tallies and payments agree."""

from collections.abc import Iterator, Sequence
from datetime import date

from app import ledger
from app.activities import claim_scene, disputes, posting, registers, rescoring, store
from app.activities.model import Portion
from app.activities.stage import Scenes
from app.plumbing.work import Work

_CHUNK = 500


def differences(work: Work) -> Iterator[str]:
    """Every difference found, resident by resident in chunks. Reads only."""
    after = b""
    while residents := store.residents_after(work, after, _CHUNK):
        yield from _of(work, residents)
        after = residents[-1]
    yield from disputes.differences(work)


def _of(work: Work, residents: Sequence[bytes]) -> Iterator[str]:
    scenes = rescoring.whole(work, residents)
    yield from _scores(scenes)
    yield from _claims(scenes)
    yield from _tallies(work, scenes)
    yield from _payments(work, scenes)


def _scores(scenes: Scenes) -> Iterator[str]:
    for scene in scenes.values():
        for act_id, row in scene.known.items():
            if posting.differs(row.score, scene.scores[act_id]):
                yield (
                    f"a {row.act.behaviour} of {row.act.earned_on} is kept as {row.score[:5]}"
                    f" and scores {scene.scores[act_id][:5]}"
                )


def _claims(scenes: Scenes) -> Iterator[str]:
    for claim, status, _ in claim_scene.changes(scenes):
        yield (
            f"a partner's claim to a {claim.behaviour} of {claim.day} is kept as {claim.status}"
            f" and stands as {status}"
        )


def _tallies(work: Work, scenes: Scenes) -> Iterator[str]:
    books = posting.Books()
    parts = _parts(work, scenes)
    for scene in scenes.values():
        for act_id, row in scene.known.items():
            portions = parts.get(act_id) or posting.only(row)
            books.count(scene.resident, row.act, row.score, portions, 1)
    told = {row[:3]: row[3:] for row in books.tallies()}
    kept = {row[:3]: row[3:] for row in registers.whole_tallies(work, scenes) if any(row[3:])}
    for key in sorted(told.keys() | kept.keys()):
        if told.get(key) != kept.get(key):
            yield f"the tally of {key[1]} in {key[2]} is {kept.get(key)}, acts say {told.get(key)}"


def _payments(work: Work, scenes: Scenes) -> Iterator[str]:
    parts = _parts(work, scenes)
    told: dict[tuple[bytes, date], int] = {}
    for scene in scenes.values():
        for act_id, row in scene.known.items():
            for part in parts.get(act_id) or posting.only(row):
                key = (scene.resident, part.due_on)
                told[key] = told.get(key, 0) + part.points
    paid = ledger.posted(work, list(scenes))
    for key in sorted(told.keys() | paid.keys()):
        if told.get(key, 0) != paid.get(key, 0):
            yield f"acts due {key[1]} earned {told.get(key, 0)}, {paid.get(key, 0)} was posted"


def _parts(work: Work, scenes: Scenes) -> dict[bytes, list[Portion]]:
    wanted = [
        (scene.resident, act_id)
        for scene in scenes.values()
        for act_id, row in scene.known.items()
        if posting.is_released(work.rules, row.act)
    ]
    return store.portions(work, wanted) if wanted else {}
