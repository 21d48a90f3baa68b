"""Benefits that are not a code of one merchant: licences, what is given at once, what any merchant
honours, a store's own code, and the resident's."""

from tests.redemption.market import BUS, CUP, Market

PASS, DONATION = "shared_bike_pass", "seagrass_donation"
READY = "/v1/redemptions/ready"


def fill(market: Market, *codes: str, benefit: str = PASS) -> dict[str, int]:
    path = f"/v1/benefits/{benefit}/licences"
    return dict(market.post(path, market.operator(), {"codes": list(codes)}))


def test_a_licence_is_shown_to_its_owner_alone_and_kept_in_no_answer(market: Market) -> None:
    fill(market, "one", "two")
    person, other = market.person(), market.person()
    body, key = {"benefit_id": PASS}, "my key"
    taken = market.send("/v1/me/vouchers", person, body, key).get_json()
    again = market.send("/v1/me/vouchers", person, body, key)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (again.get_json(), taken["licence"], taken["status"]) == (taken, None, "redeemed")
    assert [step[:2] for step in market.history(person, taken)] == [
        ("issued", "issued"),
        ("issued", "redeemed"),
    ]
    path = f"/v1/me/vouchers/{taken['id']}"
    assert market.get(path, person)["licence"] in ("one", "two")
    assert market.get(path, other, 404)["code"] == "unknown_voucher"
    assert "licence" not in market.get("/v1/me/vouchers", person)["items"][0]
    assert market.points(person) == ("60.00", "0.00")


def test_a_pool_gives_each_licence_once_and_then_is_sold_out(market: Market) -> None:
    codes = [f"code {n}" for n in range(9)]
    assert fill(market, *codes) == {"added": 9, "free": 9}
    assert fill(market, codes[0], "another") == {"added": 1, "free": 10}
    person = market.person(500)
    given = [market.take(person, PASS)["id"] for _ in range(10)]
    assert market.refused("/v1/me/vouchers", market.person(), {"benefit_id": PASS}) == "sold_out"
    shown = {market.get(f"/v1/me/vouchers/{each}", person)["licence"] for each in given}
    assert shown == {*codes, "another"}
    listed = market.get(f"/v1/benefits/{PASS}")
    assert (listed["available"], listed["stock_left"]) == (False, 0)
    fill(market, "late")
    assert market.get(f"/v1/benefits/{PASS}")["stock_left"] == 1


def test_a_licence_that_does_not_work_is_replaced_once(market: Market) -> None:
    fill(market, "one", "two", "three")
    person = market.person()
    voucher = market.take(person, PASS)
    path = f"/v1/me/vouchers/{voucher['id']}"
    first = market.get(path, person)["licence"]
    assert market.post(f"{path}/licence/replace", person)["licence"] is None
    second = market.get(path, person)["licence"]
    assert second != first
    assert market.refused(f"{path}/licence/replace", person) == "already_replaced"
    assert market.get(path, person)["licence"] == second
    ride = market.take(person)
    ride_path = f"/v1/me/vouchers/{ride['id']}/licence/replace"
    assert market.refused(ride_path, person) == "no_licence"
    assert market.refused(ride_path, market.person(), status=404) == "unknown_voucher"


def test_without_another_licence_the_first_one_stays(market: Market) -> None:
    fill(market, "only")
    person = market.person()
    path = f"/v1/me/vouchers/{market.take(person, PASS)['id']}"
    assert market.refused(f"{path}/licence/replace", person) == "sold_out"
    assert market.get(path, person)["licence"] == "only"


def test_only_a_benefit_of_licences_has_a_pool(market: Market) -> None:
    for benefit in (BUS, "nothing"):
        path = f"/v1/benefits/{benefit}/licences"
        answer = market.send(path, market.operator(), {"codes": ["x"]})
        assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_benefit")


def test_what_is_given_at_once_is_held_and_paid_at_once(market: Market) -> None:
    shop, person = market.shop("seagrass_restoration"), market.person(100)
    voucher = market.take(person, DONATION)
    assert (voucher["status"], market.points(person)) == ("redeemed", ("50.00", "0.00"))
    assert market.refused(f"/v1/me/vouchers/{voucher['id']}/cancel", person) == "wrong_state"
    assert market.refused(f"/v1/me/vouchers/{voucher['id']}/code", person) == "no_code_needed"
    [listed] = market.get("/v1/redemptions", shop)["items"]
    void = f"/v1/redemptions/{listed['id']}/void"
    assert market.refused(void, shop) == "not_voidable"
    assert market.refused(void.replace("void", "refund"), shop) == "not_refundable"
    entries = [each["code"] for each in market.get("/v1/me/points/entries", person)["items"]]
    assert {"hold", "settle"} <= set(entries)


def test_an_unnamed_merchant_is_any_merchant(market: Market) -> None:
    person = market.person()
    voucher = market.take(person, CUP)
    assert voucher["merchant"] is None
    done = market.redeem(market.shop("harbour_cafe"), market.show(person, voucher))
    assert (done["benefit"], done["cash_due"]) == (CUP, "0.00")


def test_a_resident_confirms_at_the_store_whose_code_hangs_there(market: Market) -> None:
    shop, person = market.shop(), market.person()
    store = market.get("/v1/merchant", shop)["stores"][0]["id"]
    hung = market.get(f"/v1/merchant/stores/{store}/code", shop)["text"]
    scanned = hung.removeprefix("weitan:store:")
    named = market.get(f"/v1/stores/{scanned}")
    assert (named["merchant"], named["name"]) == ("weihai_bus", "Store 1")
    voucher = market.take(person)
    older = market.show(person, voucher)
    path = f"/v1/me/vouchers/{voucher['id']}/confirm"
    done = market.post(path, person, {"store_id": scanned}, 201)
    assert (done["status"], done["store_id"]) == ("redeemed", store)
    assert market.refused("/v1/redemptions", shop, {"code": older}) == "code_expired"
    assert market.post(f"/v1/redemptions/{done['id']}/void", shop)["status"] == "voided"


def test_a_confirmation_at_the_wrong_place_does_nothing(market: Market) -> None:
    bus, museum = market.shop(), market.shop("weihai_museum")
    stores = {
        code: market.get("/v1/merchant", shop)["stores"][0]["id"]
        for code, shop in (("bus", bus), ("museum", museum))
    }
    person = market.person()
    market.clock.instant = market.clock.instant.replace(day=14, hour=2)  # a Saturday, 10:00
    ride, tour = market.take(person), market.take(person, "museum_guided_tour")

    def confirm(voucher: dict[str, str], store: str, status: int = 409) -> str:
        path = f"/v1/me/vouchers/{voucher['id']}/confirm"
        return market.refused(path, person, {"store_id": store}, status)

    assert confirm(ride, stores["museum"]) == "not_your_benefit"
    assert confirm(tour, stores["museum"]) == "wrong_store"
    market.wait(hours=3)
    assert confirm(ride, "sto_01jd0000000000000000000000", 422) == "unknown_store"
    assert confirm(ride, "x", 422) == "unknown_store"
    market.hold_spending(person)
    assert confirm(ride, stores["bus"]) == "spending_frozen"
    assert market.points(person)[1] == "50.00"


def test_ones_own_code_tells_a_merchant_what_is_ready_there_and_others_nothing(
    market: Market,
) -> None:
    bus, cafe, person = market.shop(), market.shop("harbour_cafe"), market.person(200)
    ride = market.take(person)
    market.take(person, "cinema_discount")
    own = market.post("/v1/me/code", person)["code"]
    assert market.post(READY, market.shop("shell_books"), {"code": own}) == {"items": []}
    assert market.refused(READY, bus, {"code": own}) == "code_used"
    own = market.post("/v1/me/code", person)["code"]
    [one] = market.post(READY, bus, {"code": own})["items"]
    assert (one["benefit"], one["voucher"]) == (BUS, f"vch_…{ride['id'][-4:]}")
    # Its code is this merchant's alone, and good once.
    assert market.refused("/v1/redemptions", cafe, {"code": one["code"]}) == "not_your_benefit"
    assert market.refused("/v1/redemptions", bus, {"code": one["code"]}) == "code_used"
    own = market.post("/v1/me/code", person)["code"]
    [one] = market.post(READY, bus, {"code": own})["items"]
    assert market.redeem(bus, one["code"])["benefit"] == BUS


def test_ones_own_code_is_no_voucher_and_a_vouchers_code_is_not_ones_own(market: Market) -> None:
    shop, person = market.shop(), market.person()
    own = market.post("/v1/me/code", person)["code"]
    assert market.refused("/v1/redemptions", shop, {"code": own}) == "choose_voucher"
    # So the same code still says what is ready, once.
    assert market.post(READY, shop, {"code": own}) == {"items": []}
    assert market.refused(READY, shop, {"code": own}) == "code_used"
    code = market.show(person, market.take(person))
    assert market.refused(READY, shop, {"code": code}) == "not_an_account_code"
    assert market.refused("/v1/redemptions", shop, {"code": code}) == "code_used"
    assert market.refused(READY, shop, {"code": "never shown"}) == "unknown_code"


def test_ones_own_code_is_as_short_lived_as_any(market: Market) -> None:
    shop, person = market.shop(), market.person()
    older = market.post("/v1/me/code", person)["code"]
    late = market.post("/v1/me/code", person)["code"]
    assert market.refused(READY, shop, {"code": older}) == "code_expired"
    market.wait(seconds=60)
    assert market.refused(READY, shop, {"code": late}) == "code_expired"
    held = market.post("/v1/me/code", person)["code"]
    market.hold_spending(person)
    assert market.refused(READY, shop, {"code": held}) == "not_redeemable"
    assert market.refused("/v1/me/code", person) == "spending_frozen"
