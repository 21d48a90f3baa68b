"""Operators see every book in its own words, and two of them close what is open in it."""

from datetime import timedelta
from typing import Any

import pytest

from app.kernel import to_wire
from tests.conftest import Headers
from tests.settlement.conftest import ONE, Square

DAY = "/v1/partner/settlements/2026-03-10"
ONE_DAY = timedelta(days=1)
BY_BOTH = {"id", "day", "amount", "brought", "status", "payable_on", "transfer"}


@pytest.fixture
def seat(square: Square) -> Headers:
    """A partner to which nine points are owed for the tenth, where it counts one less and one of
    which we know nothing; and a merchant with a file of the same day."""
    found = square.partner()
    square.redeemed(square.shop(), square.person())
    first, second = square.owe(1000, -100)
    square.days_pass()
    square.closes()
    lines = [
        {"exchange": to_wire("xch", first), "kind": "out", "amount": "10.00"},
        {"exchange": to_wire("xch", second), "kind": "in", "amount": "-2.00"},
        {"exchange": "TX 7", "kind": "out", "amount": "5.00"},
    ]
    square.post(f"{DAY}/reconcile", found, {"lines": lines})
    return found


def listed(square: Square, path: str) -> list[dict[str, Any]]:
    return square.get(path, square.operator())["items"]


def test_each_book_is_told_in_its_own_words_and_merchants_by_default(
    square: Square, seat: Headers
) -> None:
    (ours,) = listed(square, "/v1/payouts")
    assert set(ours) == BY_BOTH | {"merchant", "funder"}
    assert listed(square, "/v1/payouts?book=merchant") == [ours]
    (theirs,) = listed(square, "/v1/payouts?book=partner")
    assert set(theirs) == BY_BOTH | {"partner", "payer"}
    assert (theirs["partner"], theirs["payer"], theirs["amount"]) == (ONE, "city", "9.00")
    assert listed(square, "/v1/differences") == []
    found = listed(square, "/v1/differences?book=partner&status=open")
    assert {(each["partner"], each["type"]) for each in found} == {(ONE, "amount"), (ONE, "long")}
    assert all("exchange" in each and "redemption" not in each for each in found)


def test_a_book_that_nobody_keeps_is_refused(square: Square) -> None:
    told = square.get("/v1/payouts?book=loans", square.operator(), 422)
    assert (told["code"], told["errors"][0]["pointer"]) == ("unknown_book", "/query/book")
    assert square.get("/v1/differences?book=partner", square.partner(), 403)["code"] == (
        "wrong_scope"
    )


def test_two_operators_close_a_partners_difference_and_name_no_payer(
    square: Square, seat: Headers
) -> None:
    found = {each["type"]: each for each in listed(square, "/v1/differences?book=partner")}
    maker, checker = square.operator("Maker"), square.operator("Checker")
    asked = {"difference": found["long"]["id"], "resolution": "theirs"}
    waiting = square.propose(maker, "difference_resolution", **asked)
    assert waiting["difference"] == [
        {"field": "long TX 7", "before": "open", "after": "closed: theirs"},
        {"field": "owed to the partner", "before": "0.00", "after": "5.00"},
    ]
    path = f"/v1/approvals/{waiting['id']}/approve"
    assert square.refused(path, maker, status=403) == "same_operator"
    done = square.post(path, checker)["result"]
    assert done == {"reference": "TX 7", "resolution": "theirs"}
    square.approve("difference_resolution", difference=found["amount"]["id"], resolution="theirs")
    square.clock.instant += ONE_DAY
    square.closes()
    file = square.get("/v1/partner/settlements/2026-03-11", seat)
    amounts = {each["exchange"]: each["amount"] for each in file["lines"]}
    assert amounts == {"TX 7": "5.00", found["amount"]["exchange"]: "-1.00"}
    again = square.propose(maker, "difference_resolution", 409, **asked)
    assert again["code"] == "already_closed"


def test_a_merchants_word_for_who_pays_is_not_a_partners(square: Square, seat: Headers) -> None:
    (found, *_) = listed(square, "/v1/differences?book=partner")
    asked = {"difference": found["id"], "resolution": "theirs", "payer": "bank_marketing"}
    told = square.propose(square.operator(), "difference_resolution", 422, **asked)
    assert [each["pointer"] for each in told["errors"]] == ["/payload/payer"]


def test_two_operators_note_that_either_side_has_paid(square: Square, seat: Headers) -> None:
    square.owe(-400)
    square.clock.instant += ONE_DAY
    square.closes()
    found = {each["payer"]: each for each in listed(square, "/v1/payouts?book=partner")}
    square.clock.instant += ONE_DAY
    for payer, words in (("city", f"9.00 points to {ONE}"), (ONE, "4.00 points to the city")):
        asked = {"payout": found[payer]["id"], "transfer": f"T of {payer}"}
        waiting = square.propose(square.operator(), "payout_payment", **asked)
        assert waiting["difference"][0]["field"] == words
        path = f"/v1/approvals/{waiting['id']}/approve"
        result = square.post(path, square.operator("Checker"))["result"]
        assert result == {"partner": ONE, "amount": words[:4], "transfer": f"T of {payer}"}
    assert listed(square, "/v1/payouts?book=partner") == []
    assert {each["payer"] for each in listed(square, "/v1/payouts?book=partner&status=paid")} == {
        "city",
        ONE,
    }
