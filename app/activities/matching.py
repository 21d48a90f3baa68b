"""Which claims of partners and which acts of the city are one and the same, and who pays. Pure.

First the city's acts are judged among themselves (`overlap`): what is left of several reports of
one act stands for all of them, with the marks and times of each. A claim is the same as an act
whose number it names; where they have no number of one kind in common, their times decide, one
claim of a partner to one act. Of two that are the same the higher rank stays: specific over
generic, then priority, then evidence, then the canonical order. Arrival never counts.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from app.activities import blinding, overlap
from app.activities.claimed import CITY, OWN_PRIORITY, PARTNER, StandingClaim
from app.activities.marks import kinds
from app.activities.model import Act
from app.rulebook import Rulebook

Cells = tuple[int, int]
Rank = tuple[bool, int, int, date, datetime, bytes]


@dataclass(slots=True)
class _One:
    """One act as somebody knows it: a claim, or what is left of the city's reports of it."""

    id: bytes
    behaviour: str
    partner: str | None
    rank: Rank
    marks: set[str]
    times: set[tuple[str, Cells]] = field(default_factory=set)

    @property
    def kinds(self) -> set[str]:
        return {mark.rpartition(":")[0] for mark in self.marks}


def marks(act: Act) -> Collection[str]:
    """By what an act of the city is known to partners."""
    found: Sequence[str] = act.evidence.get("claims", ())
    if "day" in act.evidence and "device" in act.evidence:
        return [*found, blinding.steps_mark(act.earned_on)]
    return found


def links(
    rules: Rulebook, acts: Sequence[Act], claims: Sequence[StandingClaim]
) -> Iterator[Sequence[bytes]]:
    """Ids of acts and claims that share a mark or a cell: all that may bear on one another."""
    met: dict[tuple[str, str, int] | str, list[bytes]] = {}
    for act in acts:
        for mark in marks(act):
            met.setdefault(mark, []).append(act.id)
        for family, found in _times(rules, act):
            for name, cell in zip("ab", found, strict=True):
                met.setdefault((family, name, cell), []).append(act.id)
    for claim in claims:
        for mark in claim.marks:
            met.setdefault(mark, []).append(claim.id)
        for family, found in _claimed_times(rules, claim):
            for name, cell in zip("ab", found, strict=True):
                met.setdefault((family, name, cell), []).append(claim.id)
    return (ids for ids in met.values() if len(ids) > 1)


def _times(rules: Rulebook, act: Act) -> list[tuple[str, Cells]]:
    family = blinding.time_family(rules.behaviours[act.behaviour], kinds(rules).rides)
    return [] if family is None else [(family, blinding.cells(overlap.interval(act)[0]))]


def _claimed_times(rules: Rulebook, claim: StandingClaim) -> list[tuple[str, Cells]]:
    if claim.cells is None or claim.behaviour not in rules.behaviours:
        return []
    family = blinding.time_family(rules.behaviours[claim.behaviour], kinds(rules).rides)
    return [] if family is None else [(family, claim.cells)]


def losers(
    rules: Rulebook,
    acts: Sequence[Act],
    foreign: Mapping[bytes, str] | None = None,
    claims: Sequence[StandingClaim] = (),
) -> tuple[dict[bytes, str], dict[bytes, str]]:
    """Acts that the city does not pay, and claims that stand back, by id, each with the reason."""
    beaten: dict[bytes, Act] = {}
    lost = overlap.losers(rules, acts, foreign, beaten)
    unpaid, yielded = judge(rules, acts, claims, lost, beaten)
    return lost | unpaid, yielded


def judge(
    rules: Rulebook,
    acts: Sequence[Act],
    claims: Sequence[StandingClaim],
    lost: Mapping[bytes, str],
    beaten: Mapping[bytes, Act],
) -> tuple[dict[bytes, str], dict[bytes, str]]:
    """Acts that a partner pays, and claims that stand back, each with the reason.

    `lost` are acts the city does not pay anyway, `beaten` says by which act each was beaten.
    """
    if not claims:
        return {}, {}
    ours = _ours(rules, acts, lost, beaten)
    theirs = sorted((_their(rules, each) for each in claims), key=lambda one: one.rank)
    unpaid: dict[bytes, str] = {}
    yielded: dict[bytes, str] = {}
    for one, other in _same(rules, ours, theirs):
        loser, winner = (one, other) if one.rank > other.rank else (other, one)
        if loser.partner is None:
            unpaid[loser.id] = PARTNER
        else:
            # Behind the city rather than behind another partner, if behind both.
            reason = CITY if winner.partner is None else yielded.get(loser.id, PARTNER)
            yielded[loser.id] = reason
    return unpaid, yielded


def _ours(
    rules: Rulebook,
    acts: Sequence[Act],
    lost: Mapping[bytes, str],
    beaten: Mapping[bytes, Act],
) -> list[_One]:
    found: dict[bytes, _One] = {}
    for act in acts:
        if act.id not in lost:
            generic, strength, *order = overlap.rank(rules.behaviours[act.behaviour], act)
            rank = (generic, OWN_PRIORITY, strength, *order)
            found[act.id] = _One(act.id, act.behaviour, None, rank, set())  # type: ignore[arg-type]
    for act in acts:
        standing = found.get(_stays(act.id, beaten))
        if standing is not None:
            standing.marks.update(marks(act))
            standing.times.update(_times(rules, act))
    return sorted(found.values(), key=lambda one: one.rank)


def _stays(act_id: bytes, beaten: Mapping[bytes, Act]) -> bytes:
    """The act that stands for another in the end."""
    seen = set()
    while act_id in beaten and act_id not in seen:
        seen.add(act_id)
        act_id = beaten[act_id].id
    return act_id


def _their(rules: Rulebook, claim: StandingClaim) -> _One:
    behaviour = rules.behaviours.get(claim.behaviour)
    generic = behaviour is not None and behaviour.overlap_groups == ("PAY",)
    strength = 2 if claim.marks else 1
    zone: tzinfo = rules.pack.zone
    at = blinding.instant(claim.day, claim.cells, zone)
    rank = (generic, claim.priority, -strength, claim.day, at, claim.reference)
    times = set(_claimed_times(rules, claim))
    return _One(claim.id, claim.behaviour, claim.partner, rank, set(claim.marks), times)


def _same(
    rules: Rulebook, ours: Sequence[_One], theirs: Sequence[_One]
) -> Iterator[tuple[_One, _One]]:
    """Pairs that are one act; claims of one act are rivals of each other, too."""
    company: dict[bytes, list[_One]] = {}
    nameless = []
    for place, claim in enumerate(theirs):
        found = [
            one
            for one in (*ours, *theirs[:place])
            if claim.marks & one.marks and _rivals(rules, claim, one)
        ]
        for one in found:
            yield claim, one
            company.setdefault(one.id, []).append(claim)
        if not found and claim.times:
            nameless.append(claim)
    for claim, one in _by_time(ours, nameless, company):
        yield claim, one
        for mate in company.setdefault(one.id, []):
            yield claim, mate
        company[one.id].append(claim)


def _rivals(rules: Rulebook, claim: _One, one: _One) -> bool:
    """Whether two that name one number are one act: a debit may pay for several lines."""
    shared = {mark.partition(":")[0] for mark in claim.marks & one.marks}
    if shared != {"PAY"} or claim.behaviour == one.behaviour:
        return True
    groups = [rules.behaviours[each.behaviour].overlap_groups for each in (claim, one)]
    if ("PAY",) in groups:
        return True
    return all("PAY" in each for each in groups) and not all("CONS" in each for each in groups)


def _by_time(
    ours: Sequence[_One], claims: Sequence[_One], company: Mapping[bytes, Sequence[_One]]
) -> Iterator[tuple[_One, _One]]:
    """One claim of a partner to one act, those first that share both cells. A claim that is of no
    act here stands for its act itself, so that the claims of other partners meet it."""
    left = list(claims)
    for wanted in (2, 1):
        for claim in tuple(left):
            found = _place(claim, ours, wanted, company)
            if found is not None:
                left.remove(claim)
                yield claim, found
    anchors: list[_One] = []
    for claim in left:
        found = _place(claim, anchors, 2, company) or _place(claim, anchors, 1, company)
        if found is None:
            anchors.append(claim)
        else:
            yield claim, found


def _place(
    claim: _One, places: Sequence[_One], wanted: int, company: Mapping[bytes, Sequence[_One]]
) -> _One | None:
    for one in places:
        there = {mate.partner for mate in company.get(one.id, ())} | {one.partner}
        if claim.partner in there or claim.kinds & one.kinds:
            continue
        if any(
            family == other and blinding.cells_meet(mine, yours) >= wanted
            for family, mine in claim.times
            for other, yours in one.times
        ):
            return one
    return None
