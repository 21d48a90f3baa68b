"""How an account at a partner platform is linked, and how that is refused."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app import identity, recognition, webhooks
from app.kernel import FixedClock, to_wire
from app.plumbing import house as house_of
from app.recognition.statements import Statements
from tests.conftest import Headers, bearer, sign_in
from tests.recognition.bourse import CITIC, UNIONPAY, Bourse
from tests.recognition.seals import (
    LINKS,
    link,
    named,
    phone_of,
    refusals,
    secret_of,
    statement,
)
from tests.redemption.crowds import tally
from tests.redemption.market import COMMAND


def ask(bourse: Bourse, person: Headers, proof: str, **more: Any) -> Any:
    return bourse.client.post(
        LINKS, json={"partner": UNIONPAY, "proof": proof} | more, headers=person
    )


def test_a_signed_statement_links_an_account(bourse: Bourse) -> None:
    person = bourse.person(0)
    made = ask(bourse, person, statement(bourse, person, "6200-4321"))
    assert made.status_code == 201, made.get_json()
    found = made.get_json()
    assert found["partner"] == UNIONPAY
    assert found["status"] == "active"
    assert found["account"] == "****4321"
    assert (found["from"], found["until"]) == ("2026-03-10", found["consent"]["until"])
    assert found["matched_by"] == "statement"
    assert found["consent"]["current"] is True
    assert "claim_secret" in found["consent"]["data"]
    assert bourse.get(LINKS, person)["items"][0]["id"] == found["id"]
    whole = bourse.get(f"{LINKS}/{found['id']}", person)
    assert whole == found
    assert {row["level"] for row in whole["behaviours"]} == {"view", "badge", "exchange"}


def test_the_partner_is_told_its_own_account_and_the_secret_and_nothing_of_the_person(
    bourse: Bourse,
) -> None:
    partner, person = bourse.partner(), bourse.person(0)
    made = ask(bourse, person, statement(bourse, person, "6200-4321")).get_json()
    listed = bourse.get("/v1/partner/links?status=active", partner)
    one = bourse.get(f"/v1/partner/links/{made['id']}", partner)
    told = bourse.told()
    assert listed["items"] == [{k: v for k, v in one.items() if k != "claim_secret"}]
    assert one["account"] == "6200-4321"
    assert one["claim_version"] == "v1"
    assert one["behaviours"]["bus_ride"] == "exchange"
    assert told == [("link.opened", {"link": made["id"], "account": "6200-4321"})]
    everything = json.dumps([listed, one, told, bourse.get("/v1/partner/events", partner)])
    who, phone = bourse.id_of(person), phone_of(bourse, person)
    for personal in (to_wire("res", who), who.hex(), phone, phone[3:]):
        assert personal not in everything


def test_a_partner_sees_no_link_of_another(bourse: Bourse) -> None:
    person, other = bourse.person(0), bourse.partner(CITIC)
    made = link(bourse, person, "a 1")
    assert bourse.get("/v1/partner/links", other)["items"] == []
    assert bourse.get(f"/v1/partner/links/{made['id']}", other, 404)["code"] == "unknown_link"
    gone = bourse.client.delete(f"/v1/partner/links/{made['id']}", headers=other)
    assert gone.status_code == 404
    assert bourse.get(f"{LINKS}/{made['id']}", bourse.person(0), 404)["code"] == "unknown_link"


def test_all_partners_of_a_resident_share_one_secret(bourse: Bourse) -> None:
    union, citic, person = bourse.partner(), bourse.partner(CITIC), bourse.person(0)
    one, two = link(bourse, person, "a"), link(bourse, person, "a", CITIC)
    secrets = [
        bourse.get(f"/v1/partner/links/{made['id']}", by)["claim_secret"]
        for made, by in ((one, union), (two, citic))
    ]
    assert secrets[0] == secrets[1]
    other = link(bourse, bourse.person(0), "b")
    assert bourse.get(f"/v1/partner/links/{other['id']}", union)["claim_secret"] != secrets[0]


def in_time(bourse: Bourse, **span: int) -> int:
    return int((bourse.clock.instant + timedelta(**span)).timestamp())


BAD: dict[str, tuple[str, Callable[[Bourse], dict[str, Any]]]] = {
    "forged": ("signature", lambda b: {"key": b"k" * 32}),
    "another partner's secret": ("signature", lambda b: {"key": secret_of(b, CITIC)}),
    "unsigned": ("signature", lambda b: {"algorithm": "none"}),
    "another algorithm": ("signature", lambda b: {"algorithm": "HS512", "key": b"k" * 64}),
    "old": ("time", lambda b: {"iat": in_time(b, minutes=-9), "exp": in_time(b)}),
    "of the future": (
        "time",
        lambda b: {"iat": in_time(b, minutes=2), "exp": in_time(b, minutes=3)},
    ),
    "good for too long": ("time", lambda b: {"exp": in_time(b, minutes=11)}),
    "for somebody else": ("audience", lambda b: {"aud": "another city"}),
    "by somebody else": ("issuer", lambda b: {"iss": CITIC}),
    "of another person": ("identity", lambda b: {"identity": named(secret_of(b), "13900000000")}),
    "of nobody": ("identity", lambda b: {"identity": "数"}),
    "without an id": ("incomplete", lambda b: {"jti": None}),
    "without an end": ("incomplete", lambda b: {"exp": None}),
    "with half a second": ("malformed", lambda b: {"iat": "now"}),
    "of an empty account": ("malformed", lambda b: {"sub": ""}),
    "of a list": ("malformed", lambda b: {"aud": ["weitan"]}),
}


def test_whatever_is_wrong_is_refused_with_the_same_words_and_kept_for_operators(
    bourse: Bourse,
) -> None:
    person = bourse.person(0)
    answers = []
    for _, change in BAD.values():
        changes = change(bourse)
        key = changes.pop("key", None)
        proof = statement(bourse, person, key=key, **changes)
        answers.append(ask(bourse, person, proof))
    answers.append(ask(bourse, person, statement(bourse, person, "6200-1"), account="6200-2"))
    assert {each.status_code for each in answers} == {403}
    bodies = [each.get_json() for each in answers]
    assert {each["code"] for each in bodies} == {"link_refused"}
    assert len({(each["title"], each["detail"]) for each in bodies}) == 1
    assert refusals(bourse) == sorted(["account", *(fault for fault, _ in BAD.values())])
    assert bourse.get(LINKS, person)["items"] == []


def test_a_resident_without_a_number_matches_nobody(bourse: Bourse) -> None:
    person = bourse.person(0)
    proof = statement(bourse, person, identity=named(secret_of(bourse), ""))
    phone = phone_of(bourse, person)
    bourse.client.post("/v1/me/verification", json={"proof": "this person"}, headers=person)
    sign_in(bourse.client, phone, proof="another person")  # whose number it is from now on
    assert bourse.get("/v1/me", person)["phone"] is None
    assert ask(bourse, person, proof).get_json()["code"] == "link_refused"


def test_a_statement_replayed_by_twenty_works_once(bourse: Bourse) -> None:
    person = bourse.person(0)
    proof = statement(bourse, person)
    with ThreadPoolExecutor(20) as pool:
        clients = [bourse.app.test_client() for _ in range(20)]
        body = {"partner": UNIONPAY, "proof": proof}
        tries = [pool.submit(c.post, LINKS, json=body, headers=person) for c in clients]
        answers = [each.result() for each in tries]
    assert tally(answers) == {"active": 1, "already_linked": 19}
    made = next(each.get_json() for each in answers if each.status_code == 201)
    bourse.client.delete(f"{LINKS}/{made['id']}", headers=person)
    with ThreadPoolExecutor(20) as pool:
        tries = [pool.submit(c.post, LINKS, json=body, headers=person) for c in clients]
        assert tally([each.result() for each in tries]) == {"link_refused": 20}
    assert refusals(bourse) == ["replayed"] * 20
    assert ask(bourse, person, statement(bourse, person)).status_code == 201


def test_a_statement_about_another_is_spent_when_it_was_shown(bourse: Bourse) -> None:
    person, other = bourse.person(0), bourse.person(0)
    proof = statement(bourse, person)
    assert ask(bourse, other, proof).status_code == 403
    assert ask(bourse, person, proof).status_code == 403
    assert refusals(bourse) == ["identity", "replayed"]


def test_the_secret_before_the_last_is_good_for_a_day(bourse: Bourse) -> None:
    old, person = secret_of(bourse), bourse.person(0)
    with bourse.house.work(COMMAND) as work:
        webhooks.register(work, UNIONPAY, "http://127.0.0.1:9/webhooks")
    mine = named(old, phone_of(bourse, person))
    good = statement(bourse, person, key=old, identity=mine)
    assert ask(bourse, person, good).status_code == 201
    bourse.wait(days=2)
    late = statement(bourse, bourse.person(0), key=old, identity=mine)
    assert ask(bourse, bourse.person(0), late).status_code == 403


def test_one_open_link_a_resident_and_one_an_account(bourse: Bourse) -> None:
    person, other = bourse.person(0), bourse.person(0)
    link(bourse, person, "6200-1")
    again = {"partner": UNIONPAY, "proof": "mine", "account": "6200-2"}
    assert bourse.refused(LINKS, person, again) == "already_linked"
    taken = bourse.post(LINKS, other, again | {"account": "6200-1"}, 409)
    assert taken["code"] == "account_linked"
    assert to_wire("res", bourse.id_of(person)) not in json.dumps(taken)
    link(bourse, other, "6200-2")
    link(bourse, person, "6200-1", CITIC)  # another platform's accounts are its own


def test_two_residents_at_once_link_one_account(bourse: Bourse) -> None:
    people = [bourse.person(0) for _ in range(8)]
    body = {"partner": UNIONPAY, "proof": "mine", "account": "6200-1"}
    with ThreadPoolExecutor(8) as pool:
        clients = [bourse.app.test_client() for _ in people]
        tries = [
            pool.submit(client.post, LINKS, json=body, headers=who)
            for client, who in zip(clients, people, strict=True)
        ]
        assert tally([each.result() for each in tries]) == {"active": 1, "account_linked": 7}
    assert [kind for kind, _ in bourse.told()] == ["link.opened"]


def test_days_and_terms(bourse: Bourse) -> None:
    person = bourse.person(0)
    for wrong in ("2026-03-11", "2020-01-01"):
        body = {"partner": UNIONPAY, "proof": "mine", "from": wrong}
        assert bourse.refused(LINKS, person, body, 422) == "bad_from"
    made = link(bourse, person, "a", **{"from": "2026-03-01", "months": 2})
    assert (made["from"], made["until"]) == ("2026-03-01", "2026-05-09")
    whole = link(bourse, person, "a", CITIC, months=120)
    assert whole["until"] == whole["consent"]["until"] > made["until"]


def test_whoever_links_names_a_platform(bourse: Bourse) -> None:
    person = bourse.person(0)
    body = {"partner": "nobody", "proof": "mine"}
    assert bourse.refused(LINKS, person, body, 404) == "unknown_partner"
    with bourse.house.work(COMMAND) as work:
        client, _ = identity.create_client(work, "partner", "UnionPay's program")
    assert bourse.refused(LINKS, person, body | {"partner": client}, 404) == "unknown_partner"
    with bourse.house.work(COMMAND) as work:
        assert recognition.bind(work, client, UNIONPAY) == UNIONPAY
    assert bourse.post(LINKS, person, body | {"partner": client}, 201)["partner"] == UNIONPAY


@pytest.mark.parametrize("version", [None, "1999-01"])
def test_production_asks_for_the_present_consent(
    make_app: Callable[..., Flask], clock: FixedClock, version: str | None
) -> None:
    lenient, app = make_app(), make_app(app_env="production")
    person = bearer(sign_in(lenient.test_client()))
    bourse = Bourse(app, clock, app.test_client())
    body: dict[str, Any] = {"partner": UNIONPAY, "proof": statement(bourse, person)}
    if version is not None:
        body["consent"] = {"version": version}
    refused = bourse.post(LINKS, person, body, 422)
    assert refused["code"] == "consent_needed"
    assert refused["consent"]["url"] == f"/v1/partners/{UNIONPAY}"
    present = bourse.get(refused["consent"]["url"])["consent"]["version"]
    assert refused["consent"]["version"] == present
    words = body | {"consent": {"version": present}, "proof": "any words", "account": "6200-1"}
    assert bourse.refused(LINKS, person, words, 403) == "link_refused"
    made = bourse.post(LINKS, person, body | {"consent": {"version": present}}, 201)
    assert made["matched_by"] == "statement"
    assert isinstance(house_of(app).ports["partner_identity"], Statements)


def test_a_closed_account_links_nothing(bourse: Bourse) -> None:
    person = bourse.person(0)
    assert bourse.client.delete("/v1/me?confirm=true", headers=person).status_code == 200
    assert ask(bourse, person, "mine").status_code == 401


@pytest.mark.parametrize("partner", ["%00", "a%0Ab", "%E9%93%B6"])
def test_refusals_are_asked_for_by_a_partners_code(bourse: Bourse, partner: str) -> None:
    reader = bourse.operator("Reader")
    answer = bourse.client.get(f"/v1/links/refusals?partner={partner}", headers=reader)
    assert answer.status_code == 422
