"""Claims of partners on the scene: read where a partner has to do with a resident, met by acts that
may be the same, and settled. Residents whom no partner knows cost nothing here."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from app import consent, webhooks
from app.activities import claim_register, marks, matching, overlap, registers, store
from app.activities.claimed import HELD, PARTNER, YIELDED, StandingClaim
from app.activities.model import Act
from app.activities.stage import Scene, Scenes
from app.activities.store import Need, Stored
from app.kernel import to_wire
from app.plumbing.work import Work
from app.rulebook import Rulebook

_DAY = timedelta(days=1)


def digest(mark: str) -> bytes:
    """A mark as the key by which its act is found from afar."""
    return marks.digest("CLAIM", (mark,))


def ask_linked(work: Work, scenes: Scenes) -> None:
    """Whom partners know, unless somebody has said so."""
    if scenes.linked is None:
        scenes.linked = set(consent.linked(work, scenes))


def load(work: Work, scenes: Scenes, needs: Iterable[Need]) -> None:
    """Read the claims of whole days; what is read of one behaviour needs none."""
    linked = scenes.linked or ()
    wanted = [need for need in needs if need.resident in linked and not need.behaviour]
    if wanted:
        for claim in claim_register.load(work, wanted):
            scene = scenes[claim.resident]
            if all(claim.id != gone.id for gone in scene.claims_gone):
                scene.claims.setdefault(claim.id, claim)


def load_all(work: Work, scenes: Scenes) -> None:
    """Read every live claim of those whom partners know; all are to be judged."""
    ask_linked(work, scenes)
    far = (date(1, 1, 1), date(9999, 12, 31))
    load(work, scenes, [Need(resident, *far) for resident in scenes.linked or ()])
    for resident in scenes.linked or ():
        scene = scenes[resident]
        scene.standings = {each.id: (each.status, None) for each in scene.claims.values()}


def around(scenes: Scenes) -> list[Need]:
    """The days of the claims that may be judged, and those around them."""
    return [
        Need(resident, claim.day - _DAY, claim.day + _DAY)
        for resident in scenes.linked or ()
        if resident in scenes
        for claim in _moving(scenes[resident])
    ]


def _moving(scene: Scene) -> list[StandingClaim]:
    judged = [claim for claim in scene.claims.values() if claim.id in scene.standings]
    return [*judged, *scene.claims_gone]


def far(scenes: Scenes, acts: Mapping[bytes, Iterable[Act]]) -> set[tuple[bytes, bytes]]:
    """Keys (with their resident) of the marks of these acts, and of claims that moved."""
    found = set()
    for resident in scenes.linked or ():
        if resident in scenes:
            scene = scenes[resident]
            told = {mark for act in acts.get(resident, ()) for mark in matching.marks(act)}
            for claim in _moving(scene):
                told |= claim.marks
            found |= {(resident, digest(mark)) for mark in told}
    return found


def meet(rules: Rulebook, scene: Scene, mates: Iterable[Act]) -> list[Act]:
    """Stored acts whose standing may change; claims of whom the same is true get a standing."""
    everyone = [*scene.acts.values(), *(row.act for row in scene.gone)]
    claims = [*scene.claims.values(), *scene.claims_gone]
    groups = [[act.id for act in acts] for _, acts in overlap.clusters(rules, everyone)]
    groups += map(list, matching.links(rules, everyone, claims))
    met = {act.id for act in (*scene.changed(), *mates)} | scene.unsettled
    met |= scene.claims_new | {claim.id for claim in scene.claims_gone}
    before = -1
    while before < len(met):
        before = len(met)
        for ids in groups:
            if not met.isdisjoint(ids):
                met.update(ids)
    for claim_id in met & scene.claims.keys():
        scene.standings.setdefault(claim_id, (scene.claims[claim_id].status, None))
    return [scene.acts[each] for each in met if each in scene.known]


def met_by(work: Work, row: Stored) -> list[StandingClaim]:
    """Claims that a stored act meets, by itself or by way of its day's other reports."""
    marked = {(row.resident, digest(mark)) for mark in matching.marks(row.act)}
    far = registers.claims(work, sorted(marked)) if marked else []
    days = {row.act.earned_on, *(day for _, _, day in far)}
    needs = [Need(row.resident, day - _DAY, day + _DAY) for day in sorted(days)]
    scene = Scene(row.resident)
    scene.claims = {each.id: each for each in claim_register.load(work, needs)}
    scene.acts = {each.act.id: each.act for each in store.load(work, needs)}
    meet(work.rules, scene, [row.act])
    return [scene.claims[claim_id] for claim_id in scene.standings]


def stand(scene: Scene, yielded: Mapping[bytes, str]) -> None:
    """How the claims that were judged stand."""
    for claim_id in scene.standings:
        reason = yielded.get(claim_id)
        scene.standings[claim_id] = (HELD, None) if reason is None else (YIELDED, reason)


def ask_payers(work: Work, scenes: Scenes) -> None:
    """What one partner alone pays is nothing to the city."""
    asked = [r for r in scenes.linked or () if r in scenes]
    if not asked:
        return
    for resident, payers in claim_register.payers(work, asked).items():
        scene = scenes[resident]
        scene.payers = payers
        for act in scene.acts.values():
            if matching.payer_of(payers, act.behaviour, act.earned_on):
                scene.foreign.setdefault(act.id, PARTNER)


def changes(scenes: Scenes) -> list[tuple[StandingClaim, str, str | None]]:
    """Stored claims that stand otherwise now, how, and why."""
    return [
        (scene.claims[claim_id], status, reason)
        for scene in scenes.values()
        for claim_id, (status, reason) in scene.standings.items()
        if claim_id not in scene.claims_new and scene.claims[claim_id].status != status
    ]


def settle(work: Work, scenes: Scenes) -> None:
    """Write how claims stand now, and tell their partners."""
    changed = changes(scenes)
    if not changed:
        return
    claim_register.change(work, [(c.resident, c.id, status, why) for c, status, why in changed])
    told: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for claim, status, _ in changed:
        told.setdefault(claim.partner, []).append((f"claim.{status}", _said(work, claim, status)))
    for partner, events in told.items():
        webhooks.put_all(work, partner, events)
        seen = [
            (claim.resident, to_wire("clm", claim.id))
            for claim, *_ in changed
            if claim.partner == partner
        ]
        consent.partner_looked(work, "partner_claim", partner, seen)


def _said(work: Work, claim: StandingClaim, status: str) -> dict[str, str]:
    """What a partner is told of one of its claims."""
    return {
        "claim": to_wire("clm", claim.id),
        "reference": claim.name,
        "link": to_wire("lnk", claim.link),
        "status": status,
        "at": work.now.astimezone(work.rules.pack.zone).isoformat(),
    }
