"""What partners say they have paid: claims, how they are answered, who pays a behaviour. Values."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

HELD, YIELDED, WITHDRAWN = "held", "yielded", "reversed"
# The reason of an act that a partner platform pays, and of a claim that stands back behind it.
PARTNER, CITY = "PARTNER", "city"
OWN_PRIORITY = 100


class Claim(NamedTuple):
    """What a partner says it has credited: an act without value here, known by its keys.

    `reference` is the partner's own and unique there. `keys` are hex by kind (one each, two for
    `time`). `priority`: 100 is as strong as the city's own acts, smaller is stronger.
    """

    reference: str
    resident: bytes
    link: bytes
    behaviour: str
    day: date
    keys: Mapping[str, str | Sequence[str]]
    priority: int
    reduction_mg: int | None = None


class Claimed(NamedTuple):
    """The answer for one claim: `held` (the partner pays this act, the city does not), `yielded`
    (the partner is to take its credit back), `reversed`, `duplicate` or `rejected`."""

    reference: str
    id: bytes | None
    status: str
    reason: str | None


class StandingClaim(NamedTuple):
    """A claim as scoring sees it. `marks` are numbers that an act of the city may carry, too, each
    `FAMILY:kind@secret:hex`; `cells` are the two cells of ten minutes in which it began."""

    id: bytes
    resident: bytes
    partner: str
    link: bytes
    name: str
    reference: bytes
    behaviour: str
    day: date
    cells: tuple[int, int] | None
    marks: frozenset[str]
    priority: int
    reduction_mg: int
    content: bytes
    status: str
    recorded_at: datetime
    reason: str | None = None


class Payer(NamedTuple):
    """Who alone pays a behaviour, over these days (both included; None: until further notice)."""

    behaviour: str
    partner: str
    from_day: date
    until_day: date | None


class ClaimSum(NamedTuple):
    """Claims of one link by behaviour and month; `held` of the `acts` are paid by the partner."""

    behaviour: str
    month: str
    acts: int
    held: int
    reduction_mg: int
