"""Who speaks of one act: acts of the city and claims of partners, put together in groups. Pure.

Whoever names the same number is of one group, and so is whoever a third ties to them by another
number. A group of claims alone then looks for its act by time: where they have no number of one
kind, sharing a cell of ten minutes makes them one, both cells before one, and one claim of a
partner to one act. What finds no act stands for its act itself, so that claims of other partners
find it. Numbers and cells are looked up: the cost grows with what is met, not with the square.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice

from app.rulebook import Rulebook

Cells = tuple[int, int]
Rank = tuple[bool, int, int, date, datetime, bytes]
DEBIT = "PAY:"


@dataclass(slots=True)
class One:
    """One act as somebody knows it: a claim (of a partner), or what is left of the city's reports.

    `taken` is who pays an act of which the city does not decide: a partner that alone pays its
    behaviour, or `city`, which pays another resident for the same thing.
    """

    id: bytes
    behaviour: str
    partner: str | None
    rank: Rank
    marks: set[str]
    times: set[tuple[str, Cells]] = field(default_factory=set)
    taken: str | None = None


@dataclass(slots=True)
class Group:
    """Acts and claims that are one act; `times` are those by which more are found."""

    acts: list[One]
    claims: list[One]
    kinds: set[str]
    times: set[tuple[str, Cells]]
    partners: set[str | None]
    rank: Rank

    def take(self, other: "Group") -> None:
        """Another group is of the same act."""
        self.claims += other.claims
        self.kinds |= other.kinds
        self.partners |= other.partners


def groups(rules: Rulebook, ones: Sequence[One]) -> list[Group]:
    """Acts and claims, each in one group."""
    found = sorted(_tied(rules, ones), key=lambda group: group.rank)
    standing = [group for group in found if group.acts]
    paid = _best_of_debits(ones)
    alone: list[Group] = []
    looking: list[Group] = []
    for group in found:
        if not group.acts:
            known = group.times and not _follows(group, paid)
            (looking if known else alone).append(group)
    left = _place(looking, _Places(standing))
    anchors = _Places()
    for group in left:
        place = anchors.find(group, 2) or anchors.find(group, 1)
        if place is None:
            anchors.add(group)
            alone.append(group)
        else:
            place.take(group)
    return standing + alone


def _tied(rules: Rulebook, ones: Sequence[One]) -> Iterator[Group]:
    """Those that numbers tie together."""
    above = list(range(len(ones)))

    def top(n: int) -> int:
        while above[n] != n:
            above[n] = n = above[above[n]]
        return n

    first: dict[tuple[str, str], int] = {}
    for n, one in enumerate(ones):
        for mark in one.marks:
            above[top(n)] = top(first.setdefault((mark, _line(rules, one, mark)), n))
    members: dict[int, list[One]] = {}
    for n, one in enumerate(ones):
        members.setdefault(top(n), []).append(one)
    return map(_group, members.values())


def _line(rules: Rulebook, one: One, mark: str) -> str:
    """One debit may pay for several lines of an order: each is an act of its own."""
    if not mark.startswith(DEBIT):
        return ""
    behaviour = rules.behaviours.get(one.behaviour)
    among = () if behaviour is None else behaviour.overlap_groups
    return "" if "PAY" in among and "CONS" not in among else one.behaviour


def _group(ones: Sequence[One]) -> Group:
    acts = [one for one in ones if one.partner is None]
    claims = [one for one in ones if one.partner is not None]
    return Group(
        acts,
        claims,
        {mark.rpartition(":")[0] for one in ones for mark in one.marks},
        {time for one in acts or claims for time in one.times},
        {one.partner for one in claims},
        min(one.rank for one in acts or claims),
    )


def _best_of_debits(ones: Iterable[One]) -> dict[str, Rank]:
    best: dict[str, Rank] = {}
    for one in ones:
        for mark in one.marks:
            if mark.startswith(DEBIT):
                best[mark] = min(best.get(mark, one.rank), one.rank)
    return best


def _follows(group: Group, paid: dict[str, Rank]) -> bool:
    """Whether its debit is known by a stronger line: that says which act it is, not the time."""
    debits = (mark for one in group.claims for mark in one.marks if mark in paid)
    return any(paid[mark] < group.rank for mark in debits)


# Who has told of a place when it was found, and what kinds of numbers they had.
_Sides = tuple[frozenset[str | None], frozenset[str]]
_Entry = tuple[int, Group, Cells]


class _Places:
    """Groups by the cells in which they can be found, the strongest first."""

    def __init__(self, there: Iterable[Group] = ()) -> None:
        self._by_cell: dict[tuple[str, int, int], dict[_Sides, list[_Entry]]] = {}
        self._count = 0
        for group in there:
            self.add(group)

    def add(self, group: Group) -> None:
        self._count += 1
        sides = (frozenset(group.partners), frozenset(group.kinds))
        for family, cells in group.times:
            for place, cell in enumerate(cells):
                alike = self._by_cell.setdefault((family, place, cell), {})
                alike.setdefault(sides, []).append((self._count, group, cells))

    def find(self, group: Group, wanted: int) -> Group | None:
        """The first place that shares so many cells with a group and may be its act."""
        found = [
            entry
            for family, cells in group.times
            for place, cell in enumerate(cells[: 3 - wanted])
            for sides, entries in self._by_cell.get((family, place, cell), {}).items()
            if _strangers(group, *sides)  # sides only grow: who is known there stays known
            for entry in islice(_open(group, cells, wanted, entries), 1)
        ]
        return min(found, key=lambda entry: entry[0])[1] if found else None


def _open(group: Group, cells: Cells, wanted: int, entries: Iterable[_Entry]) -> Iterator[_Entry]:
    for entry in entries:
        _, there, others = entry
        met = wanted == 1 or cells == others
        if met and _strangers(group, there.partners, there.kinds):
            yield entry


def _strangers(group: Group, partners: Set[str | None], kinds: Set[str]) -> bool:
    """Whether no partner has told of both, and neither has a number of the other's kind."""
    return group.partners.isdisjoint(partners) and group.kinds.isdisjoint(kinds)


def _place(looking: Iterable[Group], places: _Places) -> list[Group]:
    """Have groups join their acts, those first that share both cells; who found none is left."""
    left = list(looking)
    for wanted in (2, 1):
        waiting = []
        for group in left:
            place = places.find(group, wanted)
            if place is None:
                waiting.append(group)
            else:
                place.take(group)
        left = waiting
    return left
