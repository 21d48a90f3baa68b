"""What a book is called by those who look at it, and the terms it is settled on."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from app.clearing import Shape
from app.plumbing.work import Work


@dataclass(frozen=True, slots=True)
class Book:
    """One kind of counterparty; the room that writes its lines describes it.

    `name` is clearing's. `party` and `payer` are the wire's words for whose file it is and for who
    pays ("merchant", "funder"); `unit` says in words what amounts are. A party may call the kind of
    a line otherwise (`kinds`: their word to ours); a line that says none is of `kind`. The file of
    a party's day can be disputed for `dispute_days`. `payers` are those who may be named to pay
    what we have no line of.
    """

    name: str
    shape: Shape
    party: str
    payer: str
    unit: str
    kind: str
    kinds: Mapping[str, str]
    dispute_days: Callable[[Work, str], int]
    payers: Callable[[Work], Collection[str]]


Books = Mapping[str, Book]
