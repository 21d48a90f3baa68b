"""One desk for every book: a party's files, and its own file against ours."""

from datetime import date, timedelta
from hashlib import sha256

from app.kernel import to_wire
from tests.settlement.conftest import ONE, OTHER, Square

DAY = "/v1/partner/settlements/2026-03-10"
ONE_DAY = timedelta(days=1)


def test_a_partner_reads_its_file_and_posts_it_back(square: Square) -> None:
    seat = square.partner()
    square.owe(1000, -300)
    square.clock.instant += ONE_DAY
    assert square.closes() == [(ONE, "2026-03-10")]
    file = square.get(DAY, seat)
    assert (file["book"], file["party"], file["day"]) == ("partner", ONE, "2026-03-10")
    assert sorted(each["amount"] for each in file["lines"]) == ["-3.00", "10.00"]
    assert file["totals"]["amount"] == "7.00"
    table = square.client.get(f"{DAY}?format=csv", headers=seat)
    assert sha256(table.get_data()).hexdigest() == file["sha256"]
    fresh = {**seat, "If-None-Match": table.headers["ETag"]}
    assert square.client.get(f"{DAY}?format=csv", headers=fresh).status_code == 304
    matched = {"day": "2026-03-10", "matched": True, "differences": [], "counts": {}}
    assert square.post(f"{DAY}/reconcile", seat, file) == matched
    assert square.post(f"{DAY}/reconcile", seat, {"csv": table.get_data(as_text=True)}) == matched
    (summary,) = square.get("/v1/partner/settlements", seat)["items"]
    assert summary["sha256"] == file["sha256"]
    (due,) = summary["payouts"]
    assert (due["payer"], due["amount"], due["brought"]) == ("city", "7.00", "0.00")


def test_a_partner_sees_no_other_and_no_merchant_either(square: Square) -> None:
    square.owe(1000)
    square.clock.instant += ONE_DAY
    square.closes()
    other, shop = square.partner(OTHER), square.shop()
    assert square.get(DAY, other, 404)["code"] == "not_closed"
    assert square.get("/v1/partner/settlements", other)["items"] == []
    assert square.get(DAY, shop, 403)["code"] == "wrong_scope"
    assert square.get("/v1/settlements/2026-03-10", other, 403)["code"] == "wrong_scope"


def test_what_a_partner_counts_otherwise_is_parked_and_named_by_the_exchange(
    square: Square,
) -> None:
    seat = square.partner()
    first, _ = square.owe(1000, -300)
    square.clock.instant += ONE_DAY
    square.closes()
    lines = [
        {"exchange": to_wire("xch", first), "kind": "out", "amount": "9.00"},
        {"exchange": "TX 7", "kind": "in", "amount": "-1.00"},
    ]
    told = square.post(f"{DAY}/reconcile", seat, {"lines": lines})
    assert told["counts"] == {"amount": 1, "long": 1, "short": 1}
    assert {each["exchange"] for each in told["differences"]} >= {to_wire("xch", first), "TX 7"}
    assert "partner" not in told["differences"][0]
    again = square.post(f"{DAY}/reconcile", seat, {"lines": lines})
    assert again == told


def test_a_day_that_is_long_over_is_disputed_no_more(square: Square) -> None:
    seat = square.partner()
    square.owe(1000)
    square.clock.instant += ONE_DAY
    square.closes()
    square.clock.instant += timedelta(days=29)
    square.post(f"{DAY}/reconcile", seat, {"lines": []})
    square.clock.instant += ONE_DAY
    path = f"{DAY}/reconcile"
    assert square.refused(path, seat, {"lines": []}) == "too_late_to_dispute"


def test_a_file_that_cannot_be_read_is_refused_with_pointers(square: Square) -> None:
    seat = square.partner()
    square.owe(1000)
    square.clock.instant += ONE_DAY
    square.closes()
    assert square.refused(f"{DAY}/reconcile", seat, {}, 422) == "nothing_to_compare"
    bad = {"lines": [{"exchange": "TX", "kind": "out", "amount": "much"}]}
    told = square.post(f"{DAY}/reconcile", seat, bad, 422)
    assert [each["pointer"] for each in told["errors"]] == ["/lines/0/amount"]
    merchants = {"lines": [{"redemption": "TX", "kind": "out", "amount": "1.00"}]}
    told = square.post(f"{DAY}/reconcile", seat, merchants, 422)
    assert [each["pointer"] for each in told["errors"]] == ["/lines/0/exchange"]


def test_missed_days_are_made_up_for_in_order_and_only_while_there_is_reason(
    square: Square,
) -> None:
    begins = {ONE: date(2026, 3, 9), OTHER: date(2026, 3, 1)}
    square.owe(100)
    square.owe(100, party="a_platform_that_left")
    assert square.closes(begins, resting=[OTHER]) == [(ONE, "2026-03-09")]
    square.clock.instant += 2 * ONE_DAY
    assert square.closes(begins, resting=[OTHER]) == [
        ("a_platform_that_left", "2026-03-11"),
        (ONE, "2026-03-10"),
        (ONE, "2026-03-11"),
    ]
    square.owe(100, party=OTHER)
    square.clock.instant += ONE_DAY
    assert square.closes({OTHER: date(2026, 3, 11)}, resting=[OTHER]) == [
        (OTHER, "2026-03-11"),
        (OTHER, "2026-03-12"),
    ]
    assert square.closes({}) == []
