"""What an offer becomes with a bank's table: limit, rate, guarantee, what is saved. Pure, exact.

No output is ever worse than what the offer is without carbon data: the same function with no
grade. Everything is whole fen and basis points, rounded once and downward.
"""

from dataclasses import dataclass
from datetime import date

from app.credit.model import Guarantee, Offer
from app.rulebook import Bank, Credit, Row

_PERCENT = 100
_BP = 10_000


@dataclass(frozen=True, slots=True)
class Terms:
    """What the bank's table makes of an offer.

    `limit_uplift_pct` and `rate_discount_bp` are what the table gives within the city's most, and
    `limit` and `rate_bp` what they come to. `yearly_saving`: fen of simple interest that the
    discount saves in a whole year on the whole limit. `bound_by` is the first that cut something
    of `online_ceiling` or `programme_ceiling`, `max_uplift`, `max_discount`, `rate_floor`.
    """

    limit: int
    limit_uplift_pct: int
    rate_discount_bp: int
    rate_bp: int
    yearly_saving: int
    guarantee: Guarantee
    bound_by: str | None


def terms(
    credit: Credit,
    bank: Bank,
    product: str,
    grade: str | None,
    factor: int | None,
    offer: Offer,
    day: date,
) -> Terms:
    """The terms of an offer for a grade and factor by the tables of a day.

    Without a grade, and where the bank's table has no row: the offer within the ceiling of its
    channel. A grade without a factor is a factor of 0. Raises NotInForce before the city's
    ceilings are, KeyError for a pack that has none.
    """
    row = bank.row(product, grade, factor or 0, day)
    uplift = min(row.uplift_pct, credit.count("max_uplift", day))
    discount = min(row.discount_bp, credit.count("max_discount", day))
    given = min(discount, offer.rate_bp)
    ceiling = credit.fen(_ceiling(offer), day)
    lifted = offer.amount * (_PERCENT + uplift) // _PERCENT
    limit = min(lifted, _highest(offer, ceiling))
    bounds = {
        _ceiling(offer): lifted > limit,
        "max_uplift": row.uplift_pct > uplift,
        "max_discount": row.discount_bp > discount,
        "rate_floor": discount > given,
    }
    return Terms(
        limit=limit,
        limit_uplift_pct=uplift,
        rate_discount_bp=given,
        rate_bp=offer.rate_bp - given,
        yearly_saving=limit * given // _BP,
        guarantee=_guarantee(row, offer, limit <= ceiling),
        bound_by=next((name for name, binds in bounds.items() if binds), None),
    )


def _ceiling(offer: Offer) -> str:
    return "online_ceiling" if offer.channel == "online" else "programme_ceiling"


def _highest(offer: Offer, ceiling: int) -> int:
    """The law's ceiling cuts a pure online loan whatever it is; the programme's cuts what carbon
    data add, never the offer itself."""
    return ceiling if offer.channel == "online" else max(ceiling, offer.amount)


def _guarantee(row: Row, offer: Offer, within: bool) -> Guarantee:
    """None is needed where the table says so, up to the ceiling; else as offered."""
    return "none" if row.guarantee == "none_needed" and within else offer.guarantee
