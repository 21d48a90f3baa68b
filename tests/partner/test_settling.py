"""The day's account: our file comes of our own book."""

from tests.partner.stage import Partner, until
from tests.partner.stub import StubCity

NEXT = "2026-03-11T00:00:01+08:00"


def test_our_file_beside_the_city_s(city: StubCity, partner: Partner) -> None:
    city.send(city.ask("xch_1", "out", "10.00", "130"))
    city.send(city.ask("xch_2", "in", "5.00", "68"))
    city.send(city.ask("xch_3", "in", "5.00", "680000"))
    until(lambda: [e["state"] for e in partner.look()["exchanges"]] == ["done", "done", "undone"])
    city.send(city.end("xch_1", "corrected", NEXT))
    until(lambda: partner.exchange("xch_1")["state"] == "corrected")
    city.files = {"2026-03-10": {"lines": ["theirs"]}, "2026-03-11": {"lines": []}}
    first = partner.do("settlements", day="2026-03-10")
    assert first["ours"] == [
        {"exchange": "xch_1", "kind": "out", "amount": "10.00"},
        {"exchange": "xch_2", "kind": "in", "amount": "-5.00"},
    ]
    assert first["city"] == {"lines": ["theirs"]}
    assert first["reconciled"]["told"] == first["ours"]
    second = partner.do("settlements", day="2026-03-11")
    assert second["ours"] == [{"exchange": "xch_1", "kind": "correction", "amount": "-10.00"}]
