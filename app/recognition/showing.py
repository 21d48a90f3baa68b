"""Exchanges, quotes and positions as they are told."""

from collections.abc import Sequence
from typing import Any

from app.kernel import points, yuan
from app.plumbing.work import Work
from app.recognition import arithmetic, exchanging, position, store
from app.recognition.model import (
    CONFIRMED,
    CORRECTED,
    EXPIRED,
    HELD,
    IN,
    OUT,
    REJECTED,
    Exchange,
)
from app.recognition.quoting import Deal, Direction, Left, Quote
from app.rulebook import Platform

# What a resident is to know of value: before agreeing and while it is on its way, by direction;
# afterwards by how it ended.
_FINAL_ZH = "平台确认后即为最终结果，不能撤回；只有运营人员可以更正错误。"
_FINAL_EN = "Once the partner has confirmed, this is final; only operators correct mistakes."
_WORDS = {
    OUT: (
        f"{_FINAL_ZH}在此之前积分为您冻结；平台拒绝或逾期未确认，积分全部退回。",
        (
            f"{_FINAL_EN} Until then your points are held; if the partner refuses or does not"
            " confirm in time, all of them are yours again."
        ),
    ),
    IN: (
        f"{_FINAL_ZH}确认后积分到账，有到期日；平台拒绝或逾期未确认，则不发生任何转移。",
        (
            f"{_FINAL_EN} Then the points are yours, until the day that the exchange shows as"
            " `expires_on`; if the partner refuses or does not confirm in time, nothing is moved."
        ),
    ),
    CONFIRMED: (
        "平台已确认，兑换完成。此为最终结果，不能撤回；只有运营人员可以更正错误。",
        "The partner has confirmed: this is done and final; only operators correct mistakes.",
    ),
    REJECTED: (
        "兑换未完成，没有任何价值转移；为其冻结的积分已退回。",
        "This did not happen: nothing has moved, and points held for it are yours again.",
    ),
    EXPIRED: (
        "平台未及时确认，兑换未完成，没有任何价值转移；为其冻结的积分已退回。您可以重新申请。",
        (
            "The partner did not confirm in time: nothing has moved, and points held for it are"
            " yours again. You can ask again."
        ),
    ),
    CORRECTED: (
        "兑换曾经确认，后由运营人员更正并撤回：转出的积分已退回，转入的积分已收回，已用掉的部分记为欠额。",
        (
            "This was confirmed, and operators have taken it back: points that went out are yours"
            " again, points that came in are taken away; of those spent already you are in debt."
        ),
    ),
}


def _words(key: str) -> dict[str, str]:
    zh, en = _WORDS[key]
    return {"words_zh": zh, "words_en": en}


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
        "final": _words(direction),
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
        "final": _words(found.direction if found.state == HELD else found.state),
    }


def partner_exchanges(work: Work, found: Sequence[Exchange]) -> list[dict[str, Any]]:
    """Exchanges for their partner, as webhooks tell them."""
    links = store.find_links(work, [each.link_id for each in found])
    told = [exchanging.facts(work, each, links[each.link_id]) for each in found]
    return [{"id": each.pop("exchange"), **each} for each in told]


def positions(work: Work) -> list[dict[str, Any]]:
    """What stands between the city and each partner of the rules."""
    return [
        {"title_zh": each.title_zh, "title_en": each.title_en} | position_of(work, each)
        for each in work.rules.recognition.platforms.values()
    ]


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
