"""The merchant's own file against ours: five kinds of difference, parked, and closed by two."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import Headers
from tests.redemption.market import Market

DAY = "/v1/settlements/2026-03-10"
RECONCILE = f"{DAY}/reconcile"
STRANGER = "rdm_" + "7" * 26


@pytest.fixture
def office(market: Market) -> Headers:
    """The office of a bus company whose file of the tenth has two rides, one of them voided."""
    shop, person = market.shop(), market.person(100)
    market.redeemed(shop, person)
    gone = market.redeemed(shop, person)
    market.post(f"/v1/redemptions/{gone['id']}/void", shop)
    market.days_pass()
    return shop


def sent(market: Market, office: Headers, lines: list[dict[str, Any]]) -> dict[str, Any]:
    return market.post(RECONCILE, office, {"lines": lines})


def found(told: dict[str, Any]) -> list[tuple[Any, ...]]:
    names = ("type", "kind", "ours", "theirs", "status")
    return [tuple(each[name] for name in names) for each in told["differences"]]


def ride(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """The one that was not voided."""
    voided = {each["redemption"] for each in lines if each["kind"] == "void"}
    return next(each for each in lines if each["redemption"] not in voided)


def test_our_own_file_posted_back_matches(market: Market, office: Headers) -> None:
    matched = {"day": "2026-03-10", "matched": True, "differences": [], "counts": {}}
    assert market.post(RECONCILE, office, market.get(DAY, office)) == matched
    table = market.client.get(f"{DAY}?format=csv", headers=office).get_data()
    raw = market.client.post(RECONCILE, data=table, headers=office, content_type="text/csv")
    assert raw.get_json() == matched
    assert market.post(RECONCILE, office, {"csv": table.decode()}) == matched


def test_a_merchants_own_words_for_a_line_are_understood(market: Market, office: Headers) -> None:
    lines = market.get(DAY, office)["lines"]
    words = {"redemption": "redeemed", "void": "voided"}
    theirs = [
        {"redemption": each["redemption"], "status": words[each["kind"]], "amount": each["amount"]}
        for each in lines
    ]
    assert sent(market, office, theirs)["matched"]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Amount", "Note", "Redemption", "Kind"])
    writer.writerows([e["amount"], "嗨", e["redemption"], e["status"]] for e in theirs)
    assert market.post(RECONCILE, office, {"csv": text.getvalue()})["matched"]


def test_each_kind_of_difference_is_found(market: Market, office: Headers) -> None:
    lines = market.get(DAY, office)["lines"]
    mine = ride(lines)
    rest = [each for each in lines if each is not mine]
    long = [*lines, {"redemption": STRANGER, "kind": "redemption", "amount": "1.99"}]
    amount = [*rest, mine | {"amount": "2.00"}]
    state = [each for each in lines if each["kind"] != "void"]
    for theirs, expected in (
        (long, ("long", "redemption", None, "1.99", "open")),
        (rest, ("short", "redemption", "1.99", None, "open")),
        (amount, ("amount", "redemption", "1.99", "2.00", "open")),
        (state, ("state", "void", "0.00", "1.99", "open")),
        ([*lines, mine], ("duplicate", "redemption", "1.99", "3.98", "open")),
    ):
        told = sent(market, office, theirs)
        assert (told["matched"], found(told)) == (False, [expected])
        assert told["counts"] == {expected[0]: 1}
        assert sent(market, office, theirs) == told
    parked = market.get("/v1/differences", market.operator())["items"]
    assert sorted(each["type"] for each in parked) == [
        "amount",
        "duplicate",
        "long",
        "short",
        "state",
    ]
    assert {each["merchant"] for each in parked} == {"weihai_bus"}
    assert sent(market, office, lines)["matched"]


def resolution(told: dict[str, Any], how: str, **more: Any) -> dict[str, Any]:
    (one,) = told["differences"]
    payload = {"difference": one["id"], "resolution": how} | more
    return {"kind": "difference_resolution", "payload": payload, "reason": "We looked."}


def test_a_difference_is_closed_once_and_by_two(market: Market, office: Headers) -> None:
    lines = market.get(DAY, office)["lines"]
    told = sent(market, office, [e for e in lines if e["kind"] != "void"])
    maker, checker = market.operator("Maker"), market.operator("Checker")
    first, second = (
        market.post("/v1/approvals", maker, resolution(told, how), 201)["id"]
        for how in ("ours", "written_off")
    )
    assert market.refused(f"/v1/approvals/{first}/approve", maker, status=403) == "same_operator"
    closed = market.post(f"/v1/approvals/{first}/approve", checker)
    reference = told["differences"][0]["redemption"]
    assert closed["result"] == {"reference": reference, "resolution": "ours"}
    assert market.refused(f"/v1/approvals/{second}/approve", checker) == "already_closed"
    assert market.get(f"/v1/approvals/{second}", maker)["obstacle"] == "already_closed"
    assert market.refused("/v1/approvals", maker, resolution(told, "theirs")) == "already_closed"
    again = sent(market, office, [e for e in lines if e["kind"] != "void"])
    assert found(again) == [("state", "void", "0.00", "1.99", "closed")]
    assert again["differences"][0]["resolution"] == "ours"
    market.days_pass()
    assert market.get("/v1/settlements/2026-03-11", office)["lines"] == []
    assert market.get("/v1/differences?status=open", maker)["items"] == []


def test_what_the_merchant_was_right_about_is_in_its_next_file(
    market: Market, office: Headers
) -> None:
    before = market.get(DAY, office)
    mine = ride(before["lines"])
    theirs = [each for each in before["lines"] if each is not mine] + [mine | {"amount": "2.49"}]
    asked = resolution(sent(market, office, theirs), "theirs")
    closed = market.approve(asked["kind"], **asked["payload"])
    assert {each["field"]: each["after"] for each in closed["difference"]} == {
        f"amount {mine['redemption']}": "closed: theirs",
        "owed to the merchant": "0.50",
    }
    market.days_pass()
    (line,) = market.get("/v1/settlements/2026-03-11", office)["lines"]
    assert (line["redemption"], line["kind"]) == (mine["redemption"], "adjustment")
    assert (line["amount"], line["funder"]) == ("0.50", "green_fund")
    assert market.get(DAY, office) == before
    next_day = "/v1/settlements/2026-03-11/reconcile"
    assert market.post(next_day, office, {"lines": []})["matched"]


def test_somebody_pays_for_what_we_never_had(market: Market, office: Headers) -> None:
    lines = market.get(DAY, office)["lines"]
    extra = {"redemption": "till 9, slip 4711", "kind": "redemption", "amount": "1.99"}
    told = sent(market, office, [*lines, extra])
    maker = market.operator("Maker")
    nobody = resolution(told, "theirs")
    for wrong in (nobody, resolution(told, "theirs", funder="no_such_fund")):
        refused = market.post("/v1/approvals", maker, wrong, 422)
        assert [each["pointer"] for each in refused["errors"]] == ["/payload/funder"]
    stranger = resolution(told, "mine")
    refused = market.post("/v1/approvals", maker, stranger, 422)
    assert [each["pointer"] for each in refused["errors"]] == ["/payload/resolution"]
    for name in ("dif_nothing", "dif_" + "0" * 26):
        nothing = {"kind": nobody["kind"], "reason": "?"}
        nothing["payload"] = {"difference": name, "resolution": "ours"}
        assert market.refused("/v1/approvals", maker, nothing, 404) == "unknown_difference"
    market.approve("difference_resolution", **nobody["payload"], funder="bank_marketing")
    market.days_pass()
    (line,) = market.get("/v1/settlements/2026-03-11", office)["lines"]
    assert (line["redemption"], line["funder"]) == ("till 9, slip 4711", "bank_marketing")


def test_a_day_is_disputed_once_it_is_closed_and_not_for_ever(
    market: Market, office: Headers
) -> None:
    lines = {"lines": market.get(DAY, office)["lines"]}
    for day in ("2026-03-11", "9999-12-31", "nonsense"):
        path = f"/v1/settlements/{day}/reconcile"
        assert market.refused(path, office, lines, 404) == "not_closed"
    assert market.refused(RECONCILE, market.at_store("weihai_bus"), lines, 403) == "office_only"
    assert market.refused(RECONCILE, market.operator(), lines, 403) == "wrong_scope"
    other = market.shop("weihai_parks")
    assert market.refused(RECONCILE, other, lines, 404) == "not_closed"
    market.clock.instant += timedelta(days=29)
    assert market.post(RECONCILE, office, lines)["matched"]
    market.clock.instant += timedelta(days=1)
    assert market.refused(RECONCILE, office, lines) == "too_late_to_dispute"


def test_a_file_that_cannot_be_read_is_pointed_at(market: Market, office: Headers) -> None:
    good = {"redemption": STRANGER, "kind": "redemption", "amount": "1.99"}

    def pointers(body: Any) -> tuple[str, list[str]]:
        told = market.post(RECONCILE, office, body, 422)
        return told["code"], [each["pointer"] for each in told.get("errors", [])]

    assert pointers({}) == ("nothing_to_compare", [])
    for amount in ("1.999", "1,99", "", "a lot", "1e3", "99999999.00"):
        assert pointers({"lines": [good, good | {"amount": amount}]}) == (
            "bad_file",
            ["/lines/1/amount"],
        )
    for kind in ("Ride!", "k" * 21, "\x00"):
        assert pointers({"lines": [good | {"kind": kind}]})[1] == ["/lines/0/kind"]
    assert pointers({"lines": [good | {"redemption": " "}]})[1] == ["/lines/0/redemption"]
    assert pointers({"lines": [{"amount": "1.99"}]})[1] == ["/lines/0/redemption"]
    head = "redemption,kind,amount\n"
    assert pointers({"csv": "redemption,kind\n"}) == ("bad_file", ["/head/amount"])
    assert pointers({"csv": head + f"{STRANGER},redemption,x\n,redemption,1.99\n"}) == (
        "bad_file",
        ["/lines/0/amount", "/lines/1/redemption"],
    )
    answer = market.client.post(
        RECONCILE, data=b"\xff\xfe", headers=office, content_type="text/csv"
    )
    assert (answer.status_code, answer.get_json()["code"]) == (422, "bad_file")
    assert market.get("/v1/differences", market.operator())["items"] == []
