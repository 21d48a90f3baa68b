"""The table of ways of a voucher: each is walked over HTTP, and what is not on it is refused,
leaves the voucher where it was, and stands in its history."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, cast

import pytest

from app.plumbing import Work
from app.redemption import model, store
from app.redemption.model import STATES, TRANSITIONS, Voucher
from tests.conftest import NOON, Headers
from tests.redemption.market import Market

BENEFIT, MERCHANT = "charging_discount", "coast_charging"
NOTE = {"note": "Somebody looks into it."}


class Story:
    """One voucher of one person, and everybody who may move it."""

    def __init__(self, market: Market, shop: Headers, operator: Headers) -> None:
        self.market, self.shop, self.operator = market, shop, operator
        self.person = market.person(100)
        self.voucher = market.take(self.person, BENEFIT)
        self.path = f"/v1/me/vouchers/{self.voucher['id']}"
        self.redemption = "rdm_01jd0000000000000000000000"

    @property
    def status(self) -> str:
        return self.market.status(self.person, self.voucher)

    def ask(self, wanted: str) -> tuple[int, str]:
        """Ask for a state in the way there is; (status, code of the refusal)."""
        self.market.wait(seconds=1)
        answer = self._asked(wanted)
        return answer.status_code, answer.get_json().get("code", "")

    def _asked(self, wanted: str) -> Any:
        send, office = self.market.send, self.market.of(self.person, self.voucher)
        if wanted == "shown" and self.status != "frozen":
            return send(f"{self.path}/code", self.person)
        if wanted == "cancelled":
            return send(f"{self.path}/cancel", self.person)
        if wanted in ("voided", "refunded"):
            verb = wanted.removesuffix("ed")
            return send(f"/v1/redemptions/{self.redemption}/{verb}", self.shop)
        if wanted == "redeemed":
            store_id = self.market.get("/v1/merchant", self.shop)["stores"][0]["id"]
            answer = send(f"{self.path}/confirm", self.person, {"store_id": store_id})
            self.redemption = answer.get_json().get("id", self.redemption)
            return answer
        return send(f"{office}/{'freeze' if wanted == 'frozen' else 'thaw'}", self.operator, NOTE)

    def go(self, wanted: str) -> None:
        """To a state by a way that is on the list."""
        if wanted == "settled":
            self.market.wait(days=1)
            self.market.job("redemption.close_days")
        elif wanted == "expired":
            self.market.wait(days=30)
            self.market.job("redemption.expire_vouchers")
        else:
            assert self.ask(wanted)[0] in (200, 201)
        assert self.status == wanted


@pytest.fixture
def begin(market: Market) -> Callable[[], Story]:
    shop, operator = market.shop(MERCHANT), market.operator()
    return lambda: Story(market, shop, operator)


WALKS = (
    "frozen issued shown frozen shown redeemed settled refunded",
    "redeemed voided",
    "redeemed refunded",
    "cancelled",
    "expired",
    "shown cancelled",
    "shown expired",
    "frozen expired",
)


def test_every_way_on_the_list_is_walked_and_written_down(begin: Callable[[], Story]) -> None:
    walked = set()
    for walk in WALKS:
        story = begin()
        for wanted in walk.split():
            story.go(wanted)
        told = story.market.history(story.person, story.voucher)
        places = ["issued", "issued", *walk.split()]
        assert told == [(a, b, None) for a, b in pairwise(places)]
        walked |= {(a, b) for a, b, _ in told[1:]}
    assert walked == {(a, b) for a, ways in TRANSITIONS.items() for b in ways}


PLACES = {
    "issued": "",
    "shown": "shown",
    "redeemed": "redeemed",
    "settled": "redeemed settled",
    "cancelled": "cancelled",
    "expired": "expired",
    "voided": "redeemed voided",
    "refunded": "redeemed refunded",
    "frozen": "frozen",
}
ENDED = {
    "settled": {"voided": "too_late_to_void"},
    "voided": {"voided": "already_voided", "refunded": "already_voided"},
    "refunded": {"voided": "already_refunded", "refunded": "already_refunded"},
}


@pytest.mark.parametrize("place", STATES)
def test_no_other_way_is_open_and_each_attempt_is_written_down(
    begin: Callable[[], Story], place: str
) -> None:
    story = begin()
    for wanted in PLACES[place].split():
        story.go(wanted)
    closed = [each for each in STATES if each not in TRANSITIONS[place]]
    # A voucher that is shown is shown again: another code, but no step.
    asked = [each for each in closed if each not in ("settled", "expired")]
    for wanted in [each for each in asked if (place, each) != ("shown", "shown")]:
        before = story.market.history(story.person, story.voucher)
        refusal = story.ask(wanted)
        told = story.market.history(story.person, story.voucher)
        if wanted in ("voided", "refunded") and place not in ENDED:
            assert (refusal, told) == ((404, "unknown_redemption"), before)
            continue
        code = ENDED.get(place, {}).get(wanted, "wrong_state")
        assert refusal == (409, code)
        assert told == [*before, (place, wanted, code)]
        assert story.status == place
    _nothing_by_itself(story, [each for each in closed if each in ("settled", "expired")])


def _nothing_by_itself(story: Story, closed: list[str]) -> None:
    """Settled and expired are never asked for: their jobs pass by."""
    place = story.status
    for wanted in closed:
        story.market.wait(days=1 if wanted == "settled" else 40)
        story.market.job("redemption.close_days" if wanted == "settled" else "redemption.watch")
        if wanted == "expired":
            story.market.job("redemption.expire_vouchers")
        assert story.status == place or wanted == "expired"
        assert (place, wanted, None) not in story.market.history(story.person, story.voucher)


@pytest.mark.parametrize("place", STATES)
@pytest.mark.parametrize("wanted", STATES)
def test_whoever_writes_a_step_that_is_not_on_the_list_fails(place: str, wanted: str) -> None:
    """Beneath every use case, before anything is written (there is no database here)."""
    id_ = bytes(16)
    day = NOON.date()
    amounts = (100, 0, 0, "fund", NOON, day, day, None, NOON)
    found = Voucher(id_, id_, BENEFIT, place, None, *amounts)
    error = AttributeError if wanted in model.TRANSITIONS[place] else AssertionError
    with pytest.raises(error):
        store.move(cast(Work, None), found, wanted)
