"""Claim keys: the city computes what the partner of `examples/partner` computes on its own."""

import json
from base64 import b64decode
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import app.activities.blinding as ours
from app.activities.blinding import BadKeys
from app.activities.marks import kinds
from app.activities.model import Act
from app.rulebook import Rulebook, load
from partner import keys as theirs

RULES = Path(__file__).resolve().parents[2] / "rules" / "weihai"
VECTORS = Path(theirs.__file__).with_name("vectors.json")
SECRET = bytes(range(32))
ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 3, 10)
NINE = int(datetime(2026, 3, 10, 9, tzinfo=ZONE).timestamp())


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    return load(RULES)


@pytest.mark.parametrize(
    ("apart", "meet"), [(0, True), (299, True), (300, True), (599, None), (600, False)]
)
def test_five_minutes_apart_share_a_cell_and_ten_do_not(apart: int, meet: bool | None) -> None:
    found = {
        bool(ours.cells_meet(ours.cells(at), ours.cells(at + apart)))
        for at in range(NINE, NINE + 1200)
    }
    # Between the two bounds it depends on where the cells lie.
    assert found == ({True, False} if meet is None else {meet})


def test_every_vector_is_computed_alike(rules: Rulebook) -> None:
    vectors = json.loads(VECTORS.read_text("utf-8"))
    for each in vectors["acts"]:
        day = date.fromisoformat(each["day"])
        behaviour = rules.behaviours[each["behaviour"]]
        family = ours.time_family(behaviour, kinds(rules).rides)
        marks, cells = ours.read(
            b64decode(vectors["secret"]), behaviour, family, day, ZONE, each["keys"]
        )
        assert {kind_of(mark) for mark in marks} | ({"time"} if cells else set()) == set(
            each["keys"]
        ), each["about"]


def kind_of(mark: str) -> str:
    """What kind of number a mark is of, without the secret that made it."""
    return mark.split(":")[1].partition("@")[0]


NUMBERED = [
    ("bus_ride", {"payment_id": "P1"}),
    ("egov_online_service", {"case_id": "C1", "fully_online": True}),
    ("online_medical_service", {"visit_id": "V1"}),
    ("e_card_application", {"application_id": "A1"}),
    ("e_statement", {"account": "6222", "statement_month": "2026-02", "opened": True}),
    ("online_utility_bill", {"utility_type": "water", "account": "W", "billing_period": "2026-02"}),
    ("e_licence_use", {"verifier_id": "X"}),
    ("own_cup", {"order_id": "O1"}),
    ("parcel_box_reuse", {"parcel": "SF1"}),
    ("used_phone_trade_in", {"imei_hash": "i1"}),
    ("efficient_appliance", {"order_id": "O2", "product_type": "refrigerator"}),
    ("water_efficient_fixture", {"order_id": "O3", "product_type": "wc"}),
    ("household_electricity_saving", {"meter": "E1", "day": "2026-03-10"}),
    (
        "household_water_saving",
        {"meter": "W1", "period_start": "2026-02-01", "period_end": "2026-03-10"},
    ),
]


@pytest.mark.parametrize(("code", "evidence"), NUMBERED)
def test_a_number_is_one_key_on_both_sides(
    rules: Rulebook, code: str, evidence: dict[str, Any]
) -> None:
    """The city marks an act from a provider's words, the partner a credit from its own."""
    behaviour = rules.behaviours[code]
    at = datetime(2026, 3, 10, 9, tzinfo=ZONE)
    # What is stored of an identifier is a keyed hash; marks come from the words themselves.
    fields = rules.fields(code)
    kept = {n: "hashed" if fields[n].type == "identifier" else v for n, v in evidence.items()}
    act = Act(b"a", b"r", code, DAY, at, None, kept)
    ours_are = ours.marks_of(SECRET, behaviour, act, evidence)
    said = theirs.keys_of(SECRET, code, "2026-03-10", evidence)
    assert {f"{kind_of(m)}:{m.split(':')[2]}" for m in ours_are} == {
        f"{kind}:{value}" for kind, value in said.items()
    }
    family = ours.time_family(behaviour, kinds(rules).rides)
    read, _ = ours.read(SECRET, behaviour, family, DAY, ZONE, said)
    assert read == set(ours_are)


def test_an_instant_is_found_again_anywhere_in_its_day(rules: Rulebook) -> None:
    behaviour = rules.behaviours["bus_ride"]
    for at in ("00:00:00", "00:04:59", "12:34:56", "23:55:00", "23:59:59"):
        said = theirs.keys_of(SECRET, "bus_ride", "2026-03-10", {}, f"2026-03-10T{at}+08:00")
        _, cells = ours.read(SECRET, behaviour, "TRIP", DAY, ZONE, said)
        second = int(datetime.fromisoformat(f"2026-03-10T{at}+08:00").timestamp())
        assert cells == ours.cells(second)


GOOD = theirs.keys_of(SECRET, "bus_ride", "2026-03-10", {}, "2026-03-10T09:00:00+08:00")
FAR = theirs.keys_of(SECRET, "bus_ride", "2026-03-10", {}, "2026-03-10T10:00:00+08:00")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "bad_keys"),
        ({"time": "x"}, "bad_keys"),
        ({"time": GOOD["time"][:1]}, "bad_keys"),
        ({"time": [GOOD["time"][0], GOOD["time"][0]]}, "bad_key_time"),
        ({"time": [GOOD["time"][0], FAR["time"][1]]}, "bad_key_time"),
        ({"time": ["0" * 64, "1" * 64]}, "bad_key_time"),
        ({"payment_id": "P1"}, "bad_keys"),
        ({"payment_id": ["0" * 64]}, "bad_keys"),
        ({"shoe_size": "0" * 64}, "bad_keys"),
        ({"purchase": "0" * 64}, "bad_keys"),
    ],
)
def test_keys_that_no_act_has_are_refused(rules: Rulebook, said: dict[str, Any], code: str) -> None:
    behaviour = rules.behaviours["bus_ride"]
    with pytest.raises(BadKeys) as bad:
        ours.read(SECRET, behaviour, "TRIP", DAY, ZONE, said)
    assert bad.value.args[0] == code


def test_keys_of_another_day_or_another_resident_are_refused(rules: Rulebook) -> None:
    behaviour = rules.behaviours["bus_ride"]
    for secret, day in ((SECRET, date(2026, 3, 11)), (bytes(32), DAY)):
        with pytest.raises(BadKeys):
            ours.read(secret, behaviour, "TRIP", day, ZONE, GOOD)
    walking = rules.behaviours["walking"]
    steps = theirs.keys_of(SECRET, "walking", "2026-03-10", {})
    assert ours.read(SECRET, walking, None, DAY, ZONE, steps)[0] == {"STEPS:day:2026-03-10"}
    with pytest.raises(BadKeys):
        ours.read(SECRET, walking, None, date(2026, 3, 9), ZONE, steps)
