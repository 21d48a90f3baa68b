"""Which claims of partners and which acts of the city are one and the same, and who pays. Pure.

First the city's acts are judged among themselves (`overlap`): what is left of several reports of
one act stands for all of them, with the marks and times of each. Claims and acts that name one
number are one act, and so are those tied to them by another number; what has no number of one kind
in common is told by its time (`grouping`). Of one act's reports the highest rank stays: specific
over generic, then priority, then evidence, then the canonical order. Arrival never counts.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, tzinfo

from app.activities import blinding, grouping, overlap
from app.activities.claimed import CITY, OWN_PRIORITY, PARTNER, Payer, StandingClaim
from app.activities.grouping import Cells, Group, One
from app.activities.marks import kinds
from app.activities.model import REPLACED, Act
from app.rulebook import Rulebook


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
    foreign: Mapping[bytes, str],
    claims: Sequence[StandingClaim] = (),
    payers: Sequence[Payer] = (),
) -> tuple[dict[bytes, str], dict[bytes, str]]:
    """Acts that the city does not pay, and claims that stand back, by id, each with the reason.

    `foreign` are acts that another pays, `payers` the partners that alone pay a behaviour.
    """
    beaten: dict[bytes, Act] = {}
    lost = overlap.losers(rules, acts, foreign, beaten)
    if not claims:
        return lost, {}
    verdict = _Verdict(rules)
    ones = _ours(rules, acts, lost, beaten, foreign, payers)
    for each in claims:
        if payer_of(payers, each.behaviour, each.day) in {None, each.partner}:
            ones.append(_their(rules, each))
        else:
            verdict.yielded[each.id] = PARTNER
    for group in grouping.groups(rules, ones):
        verdict.judge(group)
    verdict.judge_debits(ones)
    return lost | verdict.unpaid, verdict.yielded


def payer_of(payers: Iterable[Payer], behaviour: str, day: date) -> str | None:
    """The partner that alone pays a behaviour on a day; None where none does."""
    for each in payers:
        if each.behaviour == behaviour and each.from_day <= day <= (each.until_day or day):
            return each.partner
    return None


def _ours(
    rules: Rulebook,
    acts: Sequence[Act],
    lost: Mapping[bytes, str],
    beaten: Mapping[bytes, Act],
    foreign: Mapping[bytes, str],
    payers: Sequence[Payer],
) -> list[One]:
    found: dict[bytes, One] = {}
    for act in acts:
        away = act.id in foreign and act.id not in beaten and lost[act.id] != REPLACED
        if act.id in lost and not away:
            continue
        generic, strength, *order = overlap.rank(rules.behaviours[act.behaviour], act)
        rank = (generic, OWN_PRIORITY, strength, *order)
        one = found[act.id] = One(act.id, act.behaviour, None, rank, set())  # type: ignore[arg-type]
        if away:
            one.taken = payer_of(payers, act.behaviour, act.earned_on) or CITY
    for act in acts:
        standing = found.get(_stays(act.id, beaten))
        if standing is not None:
            standing.marks.update(marks(act))
            standing.times.update(_times(rules, act))
    return list(found.values())


def _stays(act_id: bytes, beaten: Mapping[bytes, Act]) -> bytes:
    """The act that stands for another in the end."""
    seen = set()
    while act_id in beaten and act_id not in seen:
        seen.add(act_id)
        act_id = beaten[act_id].id
    return act_id


def _their(rules: Rulebook, claim: StandingClaim) -> One:
    behaviour = rules.behaviours.get(claim.behaviour)
    generic = behaviour is not None and behaviour.overlap_groups == ("PAY",)
    strength = 2 if claim.marks else 1
    zone: tzinfo = rules.pack.zone
    at = blinding.instant(claim.day, claim.cells, zone)
    rank = (generic, claim.priority, -strength, claim.day, at, claim.reference)
    times = set(_claimed_times(rules, claim))
    return One(claim.id, claim.behaviour, claim.partner, rank, set(claim.marks), times)


class _Verdict:
    """Acts of the city that a partner pays, and claims that stand back, each with the reason."""

    def __init__(self, rules: Rulebook) -> None:
        self._rules = rules
        self.unpaid: dict[bytes, str] = {}
        self.yielded: dict[bytes, str] = {}

    def judge(self, group: Group) -> None:
        """Of what is one act, the strongest stays; what is taken already is nobody else's."""
        acts = [one for one in group.acts if one.taken is None]
        claims = [
            claim
            for claim in group.claims
            if not any(self._stand_back(claim, one) for one in group.acts if one.taken)
        ]
        bests = [min(ones, key=lambda one: one.rank) for ones in (acts, claims) if ones]
        for best in bests:
            for one in (*acts, *claims):
                self._stand_back(one, best)

    def judge_debits(self, ones: Sequence[One]) -> None:
        """Lines that one debit paid are acts of their own, but no rivals of a bare payment each."""
        bests: dict[str, dict[tuple[str, bool, str | None], One]] = {}
        for one in ones:
            for mark in one.marks:
                if mark.startswith(grouping.DEBIT):
                    lines = bests.setdefault(mark, {})
                    line = (one.behaviour, one.partner is None, one.taken)
                    lines[line] = min(lines.get(line, one), one, key=lambda each: each.rank)
        for one in ones:
            for mark in one.marks & bests.keys():
                for best in bests[mark].values():
                    if best.behaviour != one.behaviour and self._rivals(one, best):
                        self._stand_back(one, best)

    def _rivals(self, one: One, other: One) -> bool:
        """Whether two of one debit, which are of different behaviours, are one act."""
        books = [self._rules.behaviours.get(each.behaviour) for each in (one, other)]
        groups = [() if book is None else book.overlap_groups for book in books]
        if ("PAY",) in groups:
            return True
        return all("PAY" in each for each in groups) and not all("CONS" in each for each in groups)

    def _stand_back(self, one: One, other: One) -> bool:
        """Have one stand back if the other is stronger; acts have been judged among themselves."""
        if one.partner is None:
            if other.partner is not None and one.taken is None and other.rank < one.rank:
                self.unpaid[one.id] = PARTNER
            return False
        if other.taken == one.partner or not (other.taken or other.rank < one.rank):
            return False
        # Behind the city rather than behind another partner, if behind both.
        by_city = (other.taken or CITY) == CITY and other.partner is None
        reason = CITY if by_city else self.yielded.get(one.id, PARTNER)
        self.yielded[one.id] = reason
        return True
