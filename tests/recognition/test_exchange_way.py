"""Value moves: quoted, asked for, held, confirmed by the partner; both ways, and what each side is
told of it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.kernel import FixedClock
from tests.recognition.bourse import CCB, CHARGED, CITIC, UNIONPAY, Bourse, altered, wanted

QUOTE = "/v1/me/exchanges/quote"
OUT_OF_TEN = {"unit": "low-carbon points", "unit_zh": "低碳积分", "amount": "130"}


def amounts(told: dict[str, Any]) -> tuple[str, str]:
    return told["gives"]["amount"], told["gets"]["amount"]


def test_a_quote_says_all_that_is_to_be_known_before(bourse: Bourse) -> None:
    person = bourse.rider()
    told = bourse.post(QUOTE, person, wanted("10.05"))
    assert told["gives"] == {"unit": "points", "unit_zh": "积分", "amount": "10.00"}
    assert told["gets"] == OUT_OF_TEN
    assert (told["rate"]["fraction"], told["rate"]["since"]) == ("13", "2025-01-01")
    assert told["rate"]["reference"]["title"].startswith("Set by the operator")
    assert told["rate"]["confidence"] == "assumption"
    assert told["expires_at"] == "2026-03-10T12:05:00+08:00"
    assert told["quotas"] == {"day_left": "200.00", "month_left": "2000.00"}
    assert told["earned_left"] == CHARGED
    assert "final" in told["final"]["words_en"]
    assert bourse.points(person) == (CHARGED, "0.00")


def test_points_go_out(bourse: Bourse) -> None:
    person, partner = bourse.rider(), bourse.partner()
    held = bourse.ask(person, "10.05")
    assert (held["status"], amounts(held)) == ("held", ("10.00", "130"))
    assert held["expires_at"] == "2026-03-10T12:15:00+08:00"
    assert bourse.points(person) == ("486.90", "10.00")
    assert bourse.position(partner) == ("0.00", "0.00", "10.00", "0.00")
    bourse.wait(minutes=3)
    done = bourse.confirm(partner, held, "U-1")
    assert (done["status"], done["reference"]) == ("confirmed", "U-1")
    assert done["decided_at"] == "2026-03-10T12:03:00+08:00"
    assert bourse.points(person) == ("486.90", "0.00")
    assert bourse.position(partner) == ("10.00", "0.00", "0.00", "0.00")
    mine = bourse.get(f"/v1/me/exchanges/{held['id']}", person)
    assert (mine["status"], mine["reference"]) == ("confirmed", "U-1")


def test_t7_135_units_come_in_as_10_points_that_expire_and_can_be_spent(bourse: Bourse) -> None:
    person, partner = bourse.rider(), bourse.partner()
    done = bourse.exchanged(partner, person, "135", "in")
    assert (done["points"], done["units"], done["rate"]) == ("10.00", "135", "27/2")
    found = bourse.get("/v1/me/points", person)
    assert found["available"] == "506.90"
    assert {"expires_on": "2027-03-31", "points": "10.00"} in found["lots"]
    (mine,) = bourse.get("/v1/me/exchanges", person)["items"]
    assert (mine["expires_on"], amounts(mine)) == ("2027-03-31", ("135", "10.00"))
    assert bourse.take(person)["status"] == "issued"
    held = bourse.get("/v1/me/points/entries?limit=5", person)["items"]
    assert ("exchange_in", mine["id"]) in {(each["code"], each["cause"]) for each in held}


def test_points_that_came_in_expire_at_the_end_of_their_quarter(bourse: Bourse) -> None:
    person, partner = bourse.rider(), bourse.partner()
    bourse.exchanged(partner, person, "135", "in")
    bourse.wait(days=386)  # 31 March 2027
    assert bourse.points(person) == ("506.90", "0.00")
    bourse.wait(days=1)
    assert bourse.points(person) == (CHARGED, "0.00")


def test_an_act_undone_after_its_points_went_out_is_a_debt_that_what_comes_in_pays_first(
    bourse: Bourse,
) -> None:
    person, partner = bourse.rider(), bourse.partner()
    bourse.exchanged(partner, person, "8.00")
    bourse.take_charge_back(person)
    assert bourse.get("/v1/me/points", person)["debt"] == "8.00"
    bourse.exchanged(partner, person, "135", "in")
    found = bourse.get("/v1/me/points", person)
    assert (found["debt"], found["available"]) == ("0.00", "2.00")
    assert bourse.refused("/v1/me/exchanges", person, wanted("1.00")) == "not_earned_for_this"


def test_what_came_in_is_no_reduction(bourse: Bourse) -> None:
    person, partner = bourse.rider(), bourse.partner()
    before = bourse.get("/v1/me/reductions", person)
    bourse.exchanged(partner, person, "1350", "in")
    assert bourse.get("/v1/me/reductions", person) == before


def test_units_with_a_decimal_place(bourse: Bourse) -> None:
    person, partner = bourse.rider(CCB), bourse.partner(CCB)
    quote = bourse.post(QUOTE, person, wanted("5.00", partner=CCB))
    assert (amounts(quote), quote["rate"]["fraction"]) == (("5.00", "12.0"), "12/5")
    done = bourse.exchanged(partner, person, "12.1", "in", partner=CCB)
    assert (done["units"], done["points"], done["rate"]) == ("12.1", "4.84", "5/2")
    assert bourse.refused("/v1/me/exchanges", person, wanted("1.25", "in", CCB), 422) == (
        "bad_amount"
    )


def test_there_and_back_gains_nothing(bourse: Bourse) -> None:
    person, partner = bourse.rider(CITIC), bourse.partner(CITIC)
    sent = bourse.post(QUOTE, person, wanted("10.00", partner=CITIC))
    back = bourse.post(QUOTE, person, wanted(sent["gets"]["amount"], "in", CITIC))
    assert amounts(back) == ("950", "9.50")
    assert bourse.position(partner) == ("0.00", "0.00", "0.00", "0.00")


def test_a_partner_is_told_its_own_account_and_nothing_of_the_resident(bourse: Bourse) -> None:
    person, partner = bourse.rider(), bourse.partner()
    held = bourse.ask(person, "10.00")
    bourse.wait(seconds=1)
    seen = bourse.get(f"/v1/partner/exchanges/{held['id']}", partner)
    assert seen["account"].startswith("member ")
    bourse.confirm(partner, held)
    (first, asked), (second, done) = bourse.told()
    assert (first, second) == ("exchange.requested", "exchange.confirmed")
    assert asked == {"exchange": seen["id"]} | {k: v for k, v in seen.items() if k != "id"}
    assert done["reference"] == f"theirs {held['id']}"
    told = f"{asked}{done}{bourse.get('/v1/partner/exchanges', partner)}"
    me = bourse.get("/v1/me", person)
    assert me["id"] not in told
    assert me["phone"] not in told
    assert "138" not in told


def test_partners_and_residents_see_their_own_only(bourse: Bourse) -> None:
    one, other = bourse.rider(), bourse.rider()
    held = bourse.ask(one, "10.00")
    citic, unionpay = bourse.partner(CITIC), bourse.partner(UNIONPAY)
    path = f"/v1/partner/exchanges/{held['id']}"
    assert bourse.get(path, citic, 404)["code"] == "unknown_exchange"
    assert bourse.get(f"/v1/me/exchanges/{held['id']}", other, 404)["code"] == "unknown_exchange"
    assert bourse.confirm(citic, held, status=404)["code"] == "unknown_exchange"
    assert bourse.reject(citic, held, status=404)["code"] == "unknown_exchange"
    assert bourse.get("/v1/partner/exchanges", citic)["items"] == []
    assert bourse.get("/v1/me/exchanges", other)["items"] == []
    assert [each["id"] for each in bourse.get("/v1/partner/exchanges", unionpay)["items"]] == [
        held["id"]
    ]


def test_lists_go_by_pages_days_and_states(bourse: Bourse) -> None:
    person, partner = bourse.rider(), bourse.partner()
    ids = []
    for _ in range(3):
        ids.append(bourse.ask(person, "10.00")["id"])
        bourse.wait(days=1)
    bourse.job("recognition.expire_exchanges")
    last = bourse.ask(person, "10.00")["id"]
    for path, headers in (("/v1/me/exchanges", person), ("/v1/partner/exchanges", partner)):
        first = bourse.get(f"{path}?limit=2", headers)
        assert [each["id"] for each in first["items"]] == [last, ids[2]]
        rest = bourse.get(f"{path}?limit=2&cursor={first['next_cursor']}", headers)
        assert ([each["id"] for each in rest["items"]], rest["next_cursor"]) == (
            [ids[1], ids[0]],
            None,
        )
        found = bourse.get(f"{path}?status=held", headers)["items"]
        assert [each["id"] for each in found] == [last]
        found = bourse.get(f"{path}?from=2026-03-11&to=2026-03-12", headers)["items"]
        assert [each["id"] for each in found] == [ids[2], ids[1]]


def test_a_client_without_a_seat_sees_nothing(bourse: Bourse, register: Any) -> None:
    nobody = bourse._sign_in(*register("partner", "Nobody"))
    assert bourse.get("/v1/partner/position", nobody, 403)["code"] == "no_seat"
    assert bourse.get("/v1/partner/exchanges", nobody, 403)["code"] == "no_seat"


@pytest.mark.parametrize("at", ["recognition.expire_exchanges"])
def test_what_is_not_confirmed_in_time_comes_back(bourse: Bourse, at: str) -> None:
    person, partner = bourse.rider(), bourse.partner()
    held = bourse.ask(person, "10.00")
    coming = bourse.ask(person, "135", "in")
    bourse.clock.instant += timedelta(minutes=15) - timedelta(microseconds=1)
    assert bourse.job(at) == 0
    bourse.clock.instant += timedelta(microseconds=1)
    assert bourse.job(at) == 2
    assert bourse.job(at) == 0
    assert (bourse.stands(person, held), bourse.stands(person, coming)) == ("expired", "expired")
    assert bourse.points(person) == (CHARGED, "0.00")
    assert bourse.position(partner) == ("0.00", "0.00", "0.00", "0.00")
    assert sorted(kind for kind, _ in bourse.told()) == [
        "exchange.expired",
        "exchange.expired",
        "exchange.requested",
        "exchange.requested",
    ]


def test_a_platform_that_left_the_pack_leaves_nothing_behind(
    bourse: Bourse, make_app: Callable[..., Flask], clock: FixedClock, tmp_path: Path
) -> None:
    person = bourse.rider()
    held, partner = bourse.ask(person, "10.00"), bourse.partner()
    bourse.exchanged(partner, person, "135", "in")
    altered(tmp_path)
    (tmp_path / "rules" / "weihai" / "recognition" / f"{UNIONPAY}.toml").unlink()
    app = make_app(rules_folder=tmp_path / "rules", access_seconds=10 * 366 * 86400)
    without = Bourse(app, clock, app.test_client())
    without.wait(days=1)
    assert without.job("recognition.expire_exchanges") == 1
    assert without.job("recognition.close_days") == 1
    assert without.stands(person, held) == "expired"
    assert without.points(person) == ("506.90", "0.00")
    shown = {each["id"]: each for each in without.get("/v1/me/exchanges", person)["items"]}
    assert shown[held["id"]]["title_en"] == UNIONPAY
    assert shown[held["id"]]["gets"] == {"unit": "", "unit_zh": "", "amount": "130"}
    assert without.get("/v1/partner/position", partner, 403)["code"] == "no_seat"
    assert without.audit() == []
