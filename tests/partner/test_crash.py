"""The partner is killed, and started again: nothing is credited twice, nothing is lost."""

from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.partner.stage import Partner, until
from tests.partner.stub import StubCity

GONE = 9


@pytest.mark.parametrize("way", ["out", "in"])
@pytest.mark.parametrize("fault", ["exit_before", "exit_after"])
def test_it_goes_away_around_the_decision(
    city: StubCity, partner: Partner, way: str, fault: str
) -> None:
    partner.do("faults", **{fault: 1})
    city.send(city.ask("xch_1", way, "10.00", "130"))
    assert partner.ended() == GONE
    assert city.exchanges["xch_1"]["status"] == ("held" if fault == "exit_before" else "confirmed")
    city.partner = partner.start()
    until(lambda: partner.exchange("xch_1")["state"] == "done")
    assert partner.look()["balances"] == {"anna": "1130" if way == "out" else "870"}


@pytest.mark.parametrize("fault", ["exit_before", "exit_after"])
def test_it_stays_away_until_it_is_too_late(city: StubCity, partner: Partner, fault: str) -> None:
    partner.do("faults", **{fault: 1})
    city.send(city.ask("xch_1", "in", "10.00", "130"))
    assert partner.ended() == GONE
    if city.exchanges["xch_1"]["status"] == "held":
        city.end("xch_1", "expired")
    city.partner = partner.start()
    until(lambda: partner.exchange("xch_1")["state"] in ("done", "undone"))
    balance = partner.look()["balances"]["anna"]
    assert balance == ("1000" if fault == "exit_before" else "870")


def test_killed_again_and_again_both_ledgers_agree(
    city: StubCity, tmp_path: Path, started: list[Partner]
) -> None:
    partner = Partner(city.url, tmp_path, "--poll-ms", "50")
    started.append(partner)
    partner.start()
    partner.do("members", phone="13800138000", units="100000", account="anna")
    faults = ("exit_before", "exit_after")
    for n in range(60):
        city.ask(f"xch_{n:02}", "out" if n % 3 else "in", "1.00", str(100 + n))
        if n % 10 == 5:
            with suppress(httpx.HTTPError):  # it may be gone before it has answered
                partner.do("faults", **{faults[n // 10 % 2]: 1})
            partner.ended()
            partner.start()
        elif n % 10 == 9:
            partner.kill()
            partner.start()
    until(lambda: [e["state"] for e in partner.look()["exchanges"]] == ["done"] * 60)
    moved = {"in": 0, "out": 0}
    for each in partner.look("ledger")["exchanges"]:
        moved[each["direction"]] += abs(int(each["moved"]))
    assert moved == city.net()
    assert {row["status"] for row in city.exchanges.values()} == {"confirmed"}
    balance = int(partner.look()["balances"]["anna"])
    assert balance == 100_000 + moved["out"] - moved["in"]


def test_acts_and_claims_outlive_it(city: StubCity, partner: Partner) -> None:
    city.send(city.link("anna"))
    until(lambda: partner.look()["links"])
    partner.do("faults", exit_after=1, on="/partner/claims")
    acts = [
        {"account": "anna", "behaviour": "bus_ride", "reference": f"ride {n}",
         "occurred_at": f"2026-03-10T0{n}:00:00+08:00"}
        for n in range(5)
    ]  # fmt: skip
    partner.do("acts", acts=acts)
    assert partner.ended() == GONE
    partner.start()
    until(lambda: partner.look()["unsent"] == 0)
    assert len(city.claims) == 5
    assert partner.look()["balances"] == {"anna": "1050"}
