"""What ends a credential beside its resident: a corrected grade, a closed account. And what an
address has to do with it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app import attestations, grades
from app.kernel import FixedClock
from tests.attestations.desk import COMMAND, MINE, NONCE, QUARTER, Desk, body_of
from tests.concurrency.test_threads import at_once

FOLLOW = "attestations.follow"
QUARTERS_END = grades.Quarter(2025, 4)


def states(desk: Desk, person: Any) -> dict[str, tuple[str, str | None]]:
    return {each["id"]: (each["state"], each["why"]) for each in desk.get(MINE, person)["items"]}


def test_a_corrected_grade_ends_what_says_otherwise(desk: Desk) -> None:
    person, other, (audience, bank) = desk.person(), desk.person(), desk.bank()
    made = {
        names: desk.make(person, *names, audience=audience)
        for names in (("grade",), ("quarter",), ("factor_band",), ("grade", "quarter"))
    }
    theirs = desk.make(other, audience=audience)
    assert desk.job(FOLLOW) == 0
    desk.graded(person, "medium", 510, version=2)
    assert desk.job(FOLLOW) == 2
    assert desk.job(FOLLOW) == 0
    assert states(desk, person) == {
        made["grade",]["id"]: ("revoked", "correction"),
        made["quarter",]["id"]: ("active", None),
        made["factor_band",]["id"]: ("active", None),
        made["grade", "quarter"]["id"]: ("revoked", "correction"),
    }
    assert desk.verify(bank, made["grade",]["presentation"])["reason"] == "revoked"
    assert desk.status(made["grade",]) == 1
    assert desk.verify(bank, made["quarter",]["presentation"])["claims"] == {"quarter": QUARTER}
    assert desk.verify(bank, theirs["presentation"])["valid"]
    assert desk.make(person, "grade")["claims"] == {"grade": "medium"}


def test_a_grade_that_is_none_any_more_ends_them_all(desk: Desk) -> None:
    person = desk.person()
    for names in (("grade",), ("quarter",), ("factor_band",)):
        desk.make(person, *names)
    desk.graded(person, None, 0, version=2)
    assert desk.job(FOLLOW) == 3
    assert {*states(desk, person).values()} == {("revoked", "correction")}


def test_a_correction_back_to_the_same_says_the_same(desk: Desk) -> None:
    person = desk.person()
    made = desk.make(person)
    desk.graded(person, "medium", 400, version=2)
    desk.graded(person, "deep", 650, version=3)
    assert desk.job(FOLLOW) == 0
    assert states(desk, person) == {made["id"]: ("active", None)}


def test_by_name_of_the_quarter(desk: Desk) -> None:
    person = desk.person()
    desk.make(person, "grade")
    who = desk.id_of(person)
    desk.graded(person, "light", 100, version=2)
    with desk.house.work(COMMAND) as work:
        assert attestations.revoke_for(work, who, QUARTERS_END.plus(-1)) == 0
        assert attestations.revoke_for(work, who, QUARTERS_END) == 1
        assert attestations.revoke_for(work, who, QUARTERS_END) == 0


def test_a_closing_account_ends_them_all(desk: Desk) -> None:
    person, (audience, bank) = desk.person(), desk.bank()
    made = [desk.make(person, audience=audience) for _ in range(3)]
    gone = desk.make(person, minutes=1)
    desk.clock.instant += timedelta(minutes=2)
    with desk.house.work(COMMAND) as work:
        assert attestations.revoke_all(work, desk.id_of(person)) == 3
        assert attestations.revoke_all(work, desk.id_of(person)) == 0
    assert [desk.status(each) for each in made] == [1, 1, 1]
    assert desk.status(gone) == 0, "what has ended needs no revocation"
    assert desk.verify(bank, made[0]["presentation"])["reason"] == "revoked"


def test_a_closed_account_makes_none(desk: Desk) -> None:
    person = desk.person()
    made = desk.make(person)
    assert desk.client.delete("/v1/me?confirm=true", headers=person).status_code == 200
    assert desk.status(made) == 1
    body = {"claims": ["grade"], "audience": "anybank", "nonce": NONCE}
    for answer in (
        desk.post(MINE, person, body),
        desk.client.get(MINE, headers=person),
        desk.client.delete(f"{MINE}/{made['id']}", headers=person),
    ):
        assert (answer.status_code, answer.get_json()["code"]) == (401, "account_closed")


def test_making_and_closing_at_once_leave_none_that_is_good(desk: Desk) -> None:
    person = desk.person()
    body = {"claims": ["grade"], "audience": "anybank", "nonce": NONCE}

    def act(n: int) -> Any:
        if n == 2:
            return desk.app.test_client().delete("/v1/me?confirm=true", headers=person)
        return desk.post(MINE, person, body)

    answers = at_once(5, act)
    assert {each.status_code for each in answers} <= {200, 201, 401}
    made = [each.get_json() for each in answers if each.status_code == 201]
    assert {desk.status(each) for each in made} <= {1}


def test_the_address_is_the_cities_not_the_callers(
    make_app: Callable[..., Flask], clock: FixedClock
) -> None:
    app = make_app(public_url="https://city.example/")
    desk = Desk(app, clock, app.test_client())
    made = desk.make(desk.person())
    assert body_of(made["credential"])["iss"] == "https://city.example"
    assert made["status"]["uri"].startswith("https://city.example/v1/attestations/status/stl_")
    path = made["status"]["uri"].removeprefix("https://city.example")
    told = desk.client.get(path, headers={"Host": "evil.example"}).get_data(as_text=True)
    assert body_of(told)["sub"] == made["status"]["uri"]


def test_production_without_an_address_makes_none(desk: Desk) -> None:
    production = desk.app.extensions["weitan"]
    assert not production.settings.production
    person = desk.person()
    from dataclasses import replace

    settings = replace(production.settings, app_env="production")
    desk.app.extensions["weitan"] = replace(production, settings=settings)
    body = {"claims": ["grade"], "audience": "anybank", "nonce": NONCE}
    answer = desk.post(MINE, person, body)
    assert (answer.status_code, answer.get_json()["code"]) == (503, "no_public_address")


@pytest.mark.parametrize("limit", [1, 2])
def test_pages(desk: Desk, limit: int) -> None:
    person = desk.person()
    made = [desk.make(person, "grade")["id"] for _ in range(3)]
    found, cursor = [], ""
    while cursor is not None:
        page = desk.get(f"{MINE}?limit={limit}{cursor and '&cursor=' + cursor}", person)
        found += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
    assert found == sorted(made, reverse=True)
    assert desk.get(MINE, desk.person())["items"] == []
