"""The register: seats, stores, states."""

from app import merchants
from app.plumbing import Actor, House

TESTER = Actor("test")


def test_a_merchant_is_found_once(house: House) -> None:
    stores = [merchants.NewStore("quay", "码头店", "环翠区", "1 Quay Road")]
    with house.work(TESTER) as work:
        first = merchants.found(work, "harbour_cafe", "海港咖啡", "Harbour Café", stores)
        again = merchants.found(work, "harbour_cafe", "Other")
        assert again == first
        assert [each.code for each in merchants.stores(work, first.id)] == ["quay"]
        assert merchants.by_code(work, ["harbour_cafe", "nobody"]) == {"harbour_cafe": first}
        assert merchants.live(work) == merchants.everyone(work) == [first]
