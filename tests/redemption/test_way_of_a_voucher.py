"""From points to a benefit to the merchant's file, and back where there is a way back."""

from datetime import timedelta

from tests.redemption.market import BUS, Market


def test_points_become_a_ride_and_a_line_in_the_merchants_file(market: Market) -> None:
    shop, person = market.shop(), market.person(60)

    voucher = market.take(person)
    assert (voucher["status"], voucher["points"], voucher["cash_due"]) == (
        "issued",
        "20.00",
        "0.01",
    )
    assert market.points(person) == ("40.00", "20.00")

    code = market.show(person, voucher)
    assert market.status(person, voucher) == "shown"

    done = market.redeem(shop, code)
    assert (done["status"], done["benefit"], done["cash_due"]) == ("redeemed", BUS, "0.01")
    assert done["voucher"] == f"vch_…{voucher['id'][-4:]}"
    assert market.points(person) == ("40.00", "0.00")
    assert market.status(person, voucher) == "redeemed"

    market.get("/v1/settlements/2026-03-10", shop, 404)
    market.clock.instant += timedelta(days=1)
    market.job("redemption.close_days")
    told = market.get("/v1/settlements/2026-03-10", shop)
    assert [(each["redemption"], each["kind"], each["amount"]) for each in told["lines"]] == [
        (done["id"], "redemption", "1.99")
    ]
    assert told["totals"]["by_funder"] == {"green_fund": {"count": 1, "amount": "1.99"}}
    assert market.status(person, voucher) == "settled"


def test_a_voucher_that_is_cancelled_gives_its_points_back(market: Market) -> None:
    person = market.person(60)
    voucher = market.take(person)
    code = market.show(person, voucher)
    assert market.post(f"/v1/me/vouchers/{voucher['id']}/cancel", person)["status"] == "cancelled"
    assert market.points(person) == ("60.00", "0.00")
    assert market.refused("/v1/redemptions", market.shop(), {"code": code}) == "code_expired"
    assert market.refused(f"/v1/me/vouchers/{voucher['id']}/cancel", person) == "wrong_state"


def test_a_void_of_the_day_undoes_everything(market: Market) -> None:
    shop, person = market.shop(), market.person(60)
    done = market.redeemed(shop, person)
    market.clock.instant += timedelta(minutes=1)
    gone = market.post(f"/v1/redemptions/{done['id']}/void", shop)
    assert (gone["status"], gone["owed"]) == ("voided", "0.00")
    assert market.points(person) == ("60.00", "0.00")
    assert market.refused(f"/v1/redemptions/{done['id']}/void", shop) == "already_voided"
    market.clock.instant += timedelta(days=1)
    market.job("redemption.close_days")
    told = market.get("/v1/settlements/2026-03-10", shop)
    assert [each["amount"] for each in told["lines"]] == ["1.99", "-1.99"]
    assert told["totals"]["amount"] == "0.00"
