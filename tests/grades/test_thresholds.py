"""What a quarter's reduction makes of a resident, to the milligram."""

import pytest

from tests.activities.desk import act
from tests.conftest import bearer, sign_in
from tests.grades.office import A_LITTLE, FIFTY, HUNDRED, Act, Office, at, ride

# 104.7 kg, of which 4.7 kg are bus rides and payments (T1).
RIDES = [ride(f"ride {n}", f"2025-10-{10 + n // 6}", 6 + n % 6) for n in range(58)]
PAYMENTS = [
    act(f"pay {n}", "mobile_payment", at(f"2025-10-{10 + n // 6}", 13 + n % 6), amount="8.00",
        payment_id=f"p{n}")
    for n in range(12)
]  # fmt: skip
# The press's 4,755 km by an electric car (T8): at 0.15 kWh a kilometre 713.25 kWh, each worth
# 167.4 g ÷ 0.15 less 641 g of the grid. Its own total of 104.7 kg is not forced.
CHARGES = [
    act(f"charge {n}", "ev_charging", at(f"2025-{10 + n // 3}-{5 + n % 3:02d}"), quantity="79.25",
        unit="kWh", vehicle_use="private")
    for n in range(9)
]  # fmt: skip
CASES = [
    ([A_LITTLE], "light", "1.022"),
    (FIFTY, "light", "50000.000"),
    ([*FIFTY, A_LITTLE], "medium", "50001.022"),
    (HUNDRED, "medium", "100000.000"),
    ([*HUNDRED, A_LITTLE], "deep", "100001.022"),
    ([*HUNDRED, *RIDES, *PAYMENTS], "deep", "104700.000"),
    (CHARGES, "deep", "338793.750"),
]


@pytest.mark.parametrize(("acts", "code", "grams"), CASES, ids=[case[2] for case in CASES])
def test_a_grade_begins_above_its_threshold(
    office: Office, acts: list[Act], code: str, grams: str
) -> None:
    office.report(*acts)
    office.close()
    found = office.grade()
    assert (office.code(), found["reduction_g"]) == (code, grams)
    assert found["quarter"] == "2025Q4"
    assert found["window"] == {"from": "2025-10-01", "to": "2025-12-31"}
    assert sum(part["points"] for part in found["parts"]) == found["factor"]
    assert office.audit() == []


def test_what_is_missing_is_told_to_the_milligram(office: Office) -> None:
    office.report(*FIFTY)
    office.close()
    assert office.grade()["raise"]["grade"] == {
        "code": "medium", "title_zh": "中绿", "title_en": "Medium green", "missing_g": "0.001"
    }  # fmt: skip


def test_who_saved_nothing_has_no_grade(office: Office) -> None:
    assert office.grade()["status"] == "none"
    office.report(*FIFTY)
    other = bearer(sign_in(office.client, "13800000002"))
    office.close()
    found = office.grade(other)
    assert (found["status"], found["quarter"]) == ("closed", "2025Q4")
    assert {found[name] for name in ("grade", "factor", "reduction_g", "quality")} == {None}
    assert (found["parts"], found["reasons"], found["raise"]) == ([], [], None)
    assert found["current"]["quarter"] == "2026Q1"
