"""Small cells: which figures of a table are not told because they are about too few people. Pure.

A cell of fewer than ten people is hidden. Whoever knows a whole and all its other parts knows the
hidden ones together, by subtraction; so where anybody is in a hidden cell, the smallest of the
cells that are told is hidden as well, and what can be had by subtraction is about ten people or
more. Cells that nobody is in need no such company. What is hidden takes its own parts with it.
This looks at sums (tonnes, acts, points); that few people are missing in a large cell, it does not
hide.
"""

from collections.abc import Mapping

FEWEST = 10


def hidden(people: Mapping[str, int]) -> set[str]:
    """The cells not to be told, of a whole that is told; `people` counts each cell's."""
    few = {name for name, count in people.items() if count < FEWEST}
    told = people.keys() - few
    if told and any(people[name] for name in few):
        few.add(min(told, key=lambda name: (people[name], name)))
    return few


def few(count: int) -> bool:
    """Whether so many are too few to be told, and not nobody: for what is not about people first,
    such as a source."""
    return 0 < count < FEWEST
