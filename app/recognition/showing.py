"""Exchanges, quotes and positions as they are told."""

from collections.abc import Sequence
from typing import Any

from app.kernel import points, yuan
from app.plumbing.work import Work
from app.recognition import arithmetic, exchanging, position, store
from app.recognition.model import OUT, Exchange
from app.recognition.quoting import Deal, Direction, Left, Quote
from app.rulebook import Platform

_FINAL = {
    "words_zh": "平台确认后即为最终结果，不能撤回；只有运营人员可以更正错误。"
    "确认之前不会转出或转入任何价值。",
    "words_en": "Once the partner has confirmed, this is final: it cannot be taken back, only"
    " operators correct mistakes. Until then nothing has moved.",
}


def _amounts(
    where: Platform | None, direction: str, moved: Exchange | Deal, places: int
) -> dict[str, dict[str, str]]:
    """What is given and what is got for it."""
    unit_en, unit_zh = (where.unit_en, where.unit_zh) if where else ("", "")
    ours = {"unit": "points", "unit_zh": "积分", "amount": points(moved.points)}
    theirs = {
        "unit": unit_en,
        "unit_zh": unit_zh,
        "amount": arithmetic.units_text(moved.units, places),
    }
    gives, gets = (ours, theirs) if direction == OUT else (theirs, ours)
    return {"gives": gives, "gets": gets}


def quote(
    work: Work, where: Platform, direction: Direction, found: Quote, rest: Left
) -> dict[str, Any]:
    """A quote, with what its resident has to know before agreeing."""
    rate = where.rate(direction, work.today)
    said = rate.reference
    return {
        "quote": found.text,
        "partner": where.code,
        "direction": direction,
        **_amounts(where, direction, found.deal, where.places),
        "rate": {
            "fraction": str(rate),
            "since": rate.since,
            "reference": {"title": said.title, "clause": said.clause, "url": said.url},
            "confidence": rate.confidence,
        },
        "rulebook": found.deal.rulebook,
        "expires_at": found.expires_at.astimezone(work.rules.pack.zone),
        "final": _FINAL,
        "quotas": {"day_left": points(rest.day), "month_left": points(rest.month)},
        "earned_left": None if rest.earned is None else points(rest.earned),
    }


def exchange(work: Work, found: Exchange) -> dict[str, Any]:
    """An exchange for its resident; also with a platform that the pack no longer knows."""
    where = work.rules.recognition.platforms.get(found.partner)
    zone = work.rules.pack.zone
    instants = {
        name: None if at is None else at.astimezone(zone)
        for name, at in (
            ("asked_at", found.asked_at),
            ("expires_at", found.expires_at),
            ("decided_at", found.decided_at),
            ("corrected_at", found.corrected_at),
        )
    }
    return {
        "id": found.wire,
        "partner": found.partner,
        "title_zh": where.title_zh if where else found.partner,
        "title_en": where.title_en if where else found.partner,
        "direction": found.direction,
        "status": found.state,
        **_amounts(where, found.direction, found, found.places),
        "rate": {"fraction": str(found.rate), "since": found.rate_since},
        "rulebook": found.rulebook,
        **instants,
        "reference": found.theirs,
        "reason": found.reason,
        "expires_on": found.lot_day,
        "final": _FINAL,
    }


def partner_exchanges(work: Work, found: Sequence[Exchange]) -> list[dict[str, Any]]:
    """Exchanges for their partner, as webhooks tell them."""
    links = store.find_links(work, [each.link_id for each in found])
    told = [exchanging.facts(work, each, links[each.link_id]) for each in found]
    return [{"id": each.pop("exchange"), **each} for each in told]


def position_of(work: Work, where: Platform) -> dict[str, Any]:
    """What stands between the city and a partner at this instant."""
    now = position.of(work, where.code)
    return {
        "partner": where.code,
        **{name: points(amount) for name, amount in now._asdict().items()},
        "net": points(now.net),
        "cap": points(where.hundredths("net_cap", work.today)),
        "point_value": str(where.number("point_value", work.today)),
        "value": yuan(where.worth(now.net, work.today)),
        "as_of": work.now.astimezone(work.rules.pack.zone),
    }
