"""What is shown before one agrees: all of it, never of its own accord again after a refusal, and
another word of it is another agreement."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.kernel import FixedClock
from app.plumbing import house as house_of
from tests.conftest import Headers, bearer, sign_in
from tests.consent.agreeing import (
    BANK,
    BARE,
    OTHER,
    Banks,
    Maker,
    agree,
    agreed,
    notice,
    other_words,
    spend,
    states,
    whole,
)


def test_a_notice_chooses_nothing_beforehand(client: FlaskClient, resident: Headers) -> None:
    shown = notice(client, resident).get_json()
    assert (shown["prompt"], shown["not_before"]) == (True, None)
    assert (shown["most_days"], shown["default_times"], shown["most_times"]) == (90, 1, 10)
    assert shown["until"] == "2026-06-08"
    assert shown["recipient"]["legal_name"] == BANK.legal_name
    assert set(shown["choosable"]) < set(shown["fields"])
    assert notice(client, resident, purpose="marketing").status_code == 422
    assert notice(client, resident, recipient="nobody").status_code == 404
    assert states(client, resident) == []


def test_a_refusal_is_quiet_for_thirty_days(
    client: FlaskClient, resident: Headers, stranger: Headers, clock: FixedClock
) -> None:
    asked = {"purpose": "limit", "recipient": BANK.legal_name}
    refused = client.post("/v1/me/consents/refusals", json=asked, headers=resident)
    assert refused.status_code == 201
    assert refused.get_json()["not_before"] == "2026-04-09T12:00:00+08:00"
    shown = notice(client, resident).get_json()
    assert (shown["prompt"], shown["not_before"]) == (False, "2026-04-09T12:00:00+08:00")
    others = (
        notice(client, resident, purpose="pricing"),
        notice(client, resident, recipient=OTHER.key),
        notice(client, stranger),
    )
    assert [each.get_json()["prompt"] for each in others] == [True] * 3
    agreed(client, resident)  # started by the resident

    clock.instant += timedelta(days=30) - timedelta(microseconds=1)
    headers = bearer(sign_in(client))
    assert notice(client, headers).get_json()["prompt"] is False
    clock.instant += timedelta(microseconds=1)
    assert notice(client, headers).get_json()["prompt"] is True


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("purposes/limit.toml", "仅用于确定本人这一笔申请的额度", "用于确定额度"),
        ("purposes/limit.toml", "no human takes part", "an officer takes part"),
        ("purposes/limit.toml", "days = 1825", "days = 1826"),
        ("purposes/limit.toml", '"window", "data_quality"]\nchoosable', '"window"]\nchoosable'),
        ("data.toml", 'title_en = "grade of a quarter"', 'title_en = "grade"'),
    ],
    ids=["text", "method", "retention", "data", "kind"],
)
def test_another_notice_suspends_until_it_is_agreed_to(
    client: FlaskClient,
    resident: Headers,
    make_app: Maker,
    banks: Banks,
    tmp_path: Path,
    file: str,
    old: str,
    new: str,
) -> None:
    mine, pricing = agreed(client, resident, times=5), agreed(client, resident, purpose="pricing")
    before = whole(client, resident, mine)["notice"]
    folder = other_words(tmp_path, file, old, new)
    if file.endswith("limit.toml") and "data_quality" in old:
        other_words(tmp_path, file, '"window", "data_quality"]', '"window"]')
    changed = make_app(banks.ports, rules_folder=folder)
    later = changed.test_client()

    found = whole(later, resident, mine)
    assert (found["state"], found["reason"]) == ("suspended", "notice_changed")
    assert found["notice"] == before  # as it was shown
    assert spend(house_of(changed), mine) == "suspended"
    if file != "data.toml":
        assert spend(house_of(changed), pricing, purpose="pricing") == "given"
    renewed = agreed(later, resident, times=5)
    assert spend(house_of(changed), renewed) == "given"
    assert whole(later, resident, mine)["state"] == "superseded"


def test_a_purpose_that_is_gone_suspends(
    client: FlaskClient, resident: Headers, make_app: Maker, banks: Banks, tmp_path: Path
) -> None:
    mine = agreed(client, resident, purpose="risk")
    folder = other_words(tmp_path, "purposes/risk.toml", "version", "version")
    (folder / "weihai" / "privacy" / "purposes" / "risk.toml").unlink()
    changed = make_app(banks.ports, rules_folder=folder)
    found = whole(changed.test_client(), resident, mine)
    assert (found["state"], found["reason"]) == ("suspended", "purpose_withdrawn")
    assert spend(house_of(changed), mine, purpose="risk") == "suspended"


def test_production_wants_the_notice_a_code_and_whole_recipients(
    make_app: Maker, client: FlaskClient, resident: Headers, banks: Banks
) -> None:
    real = make_app(banks.ports, app_env="production")
    there = real.test_client()
    version = notice(client, resident).get_json()["version"]
    shown = {"notice": {"version": version}}
    assert agree(there, resident).get_json()["code"] == "notice_required"
    bare = agree(there, resident, recipient=BARE.key, **shown)
    assert (bare.status_code, bare.get_json()["code"]) == (409, "recipient_incomplete")
    assert agree(there, resident, **shown).status_code == 403
    code = client.post("/v1/auth/otp", json={"phone": "13800000001"}).get_json()["dev_code"]
    made = agree(there, resident, step_up={"code": code}, **shown)
    assert (made.status_code, made.get_json()["step_up"]) == (201, "otp")
    twice = agree(there, resident, step_up={"code": code}, **shown)
    assert twice.status_code == 403
