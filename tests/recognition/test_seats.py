"""Which platform a client acts for, and what everybody may read of platforms."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app.kernel import FixedClock
from tests.cli.test_commands import Run, answer, refusal
from tests.recognition.bourse import CCB, CITIC, UNIONPAY, Bourse
from tests.recognition.seals import LINKS, link
from tests.redemption.crowds import RULES


@pytest.fixture
def run(app: Flask) -> Run:
    return lambda *words: app.test_cli_runner().invoke(args=words)


def create(run: Run, name: str, *more: str) -> Result:
    return run("client", "create", "--scope", "partner", "--name", name, *more)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (UNIONPAY, UNIONPAY),
        ("银联低碳计划", UNIONPAY),
        ("citic carbon account", CITIC),
        ("CCB Carbon Ledger (test)", CCB),
        ("中国银联股份有限公司", UNIONPAY),
        ("UnionPay", UNIONPAY),
    ],
)
def test_a_client_acts_for_the_platform_it_is_named_after(run: Run, name: str, code: str) -> None:
    assert answer(create(run, name))["partner"] == code


def test_a_client_of_any_other_name_takes_the_next_free_seat(run: Run) -> None:
    found = [answer(create(run, f"Somebody {n}"))["partner"] for n in range(4)]
    assert sorted(found[:3]) == sorted([UNIONPAY, CITIC, CCB])
    assert found[3] == found[0]


def test_a_client_acts_for_the_platform_that_is_said(run: Run, bourse: Bourse) -> None:
    made = answer(create(run, "UnionPay", "--partner", CITIC))
    assert made["partner"] == CITIC
    auth = (made["client_id"], made["client_secret"])
    body = {"grant_type": "client_credentials"}
    token = bourse.client.post("/v1/auth/token", json=body, auth=auth).get_json()
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    mine = link(bourse, bourse.person(0), "a", CITIC)["id"]
    assert bourse.get("/v1/partner/links", headers)["items"][0]["id"] == mine
    assert "no such partner" in refusal(create(run, "N", "--partner", "nobody"))
    bank = ("client", "create", "--scope", "bank", "--name", "B", "--partner", CITIC)
    assert "scope partner" in refusal(run(*bank))


def test_in_production_a_client_is_nobodys_until_it_is_bound(
    make_app: Callable[..., Flask], clock: FixedClock
) -> None:
    app = make_app(app_env="production")

    def run(*words: str) -> Result:
        return app.test_cli_runner().invoke(args=words)

    made = answer(create(run, UNIONPAY))
    assert made["partner"] is None
    bourse = Bourse(app, clock, app.test_client())
    body, auth = {"grant_type": "client_credentials"}, (made["client_id"], made["client_secret"])
    token = bourse.client.post("/v1/auth/token", json=body, auth=auth).get_json()
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    assert bourse.get("/v1/partner/links", headers, 403)["code"] == "no_seat"
    bound = answer(run("client", "bind", made["client_id"], "--partner", UNIONPAY))
    assert bound == {"client_id": made["client_id"], "partner": UNIONPAY}
    assert bourse.get("/v1/partner/links", headers)["items"] == []
    again = run("client", "bind", made["client_id"], "--partner", CITIC)
    assert "acts for a partner already" in refusal(again)
    assert "no such client" in refusal(run("client", "bind", "cli_x", "--partner", CITIC))


def test_anybody_reads_what_platforms_recognise_and_at_which_rates(bourse: Bourse) -> None:
    answered = bourse.client.get("/v1/partners")
    assert answered.cache_control.public
    tag = {"If-None-Match": answered.headers["ETag"]}
    assert bourse.client.get("/v1/partners", headers=tag).status_code == 304
    items = {each["code"]: each for each in answered.get_json()["items"]}
    assert items.keys() == {UNIONPAY, CITIC, CCB}
    rate = items[UNIONPAY]["rates"]["in"]
    assert (rate["value"], rate["unit"], rate["from"]) == ("27/2", "unit/point", "2025-01-01")
    assert rate["reference"]["title"]
    whole = bourse.get(f"/v1/partners/{UNIONPAY}")
    assert whole["quotas"]["out_daily"] == "200.00"
    assert whole["values"]["in_rate"][0] == rate
    assert whole["consent"]["version"] == whole["consent_version"]
    assert all(whole["consent"][name] for name in ("text_zh", "text_en", "purpose_zh", "data"))
    assert bourse.get("/v1/partners/nobody", status=404)["code"] == "unknown_partner"


def test_a_platform_that_left_the_pack_leaves_links_that_can_be_ended(
    make_app: Callable[..., Flask], clock: FixedClock, tmp_path: Path
) -> None:
    long = {"access_seconds": 10**7}
    before = make_app(**long)
    bourse = Bourse(before, clock, before.test_client())
    partner, person = bourse.partner(CITIC), bourse.person(0)
    made = link(bourse, person, "6200-4321", CITIC)
    left = tmp_path / "rules"
    left.mkdir()
    for path in RULES.rglob("*"):
        copy = left / path.relative_to(RULES)
        if path.is_dir():
            copy.mkdir(exist_ok=True)
        elif path.stem != CITIC:
            copy.write_bytes(path.read_bytes())
    after = make_app(rules_folder=left, **long)
    now = Bourse(after, clock, after.test_client())
    assert now.get("/v1/partner/links", partner, 403)["code"] == "no_seat"
    (found,) = now.get(LINKS, person)["items"]
    assert (found["title_en"], found["consent"]["current"]) == (CITIC, False)
    assert now.get(f"{LINKS}/{made['id']}", person)["behaviours"] == []
    ended = now.client.delete(f"{LINKS}/{made['id']}", headers=person)
    assert ended.get_json()["status"] == "ended"
