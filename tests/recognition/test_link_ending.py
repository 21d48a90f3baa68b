"""How a link ends, whoever ends it, and what becomes of value, of the secret and of who pays."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from typing import Any

import sqlalchemy as sa

from app import consent
from app.kernel import from_wire
from app.recognition import store
from tests.conftest import Headers
from tests.recognition.bourse import CCB, CITIC, UNIONPAY, Bourse
from tests.recognition.seals import LINKS, link, statement
from tests.redemption.crowds import contest, said, tally
from tests.redemption.market import COMMAND


def unlink(bourse: Bourse, person: Headers, link_id: str) -> Any:
    return bourse.app.test_client().delete(f"{LINKS}/{link_id}", headers=person)


def secret(bourse: Bourse, person: Headers) -> bytes | None:
    who = bourse.id_of(person)
    with bourse.house.look(COMMAND) as work:
        return consent.secret_of(work, who)


def test_a_resident_ends_a_link_and_is_told_what_becomes_of_value(bourse: Bourse) -> None:
    partner, person = bourse.partner(), bourse.person(0)
    made = link(bourse, person, "6200-4321")
    bourse.wait(hours=1)
    ended = unlink(bourse, person, made["id"])
    assert ended.status_code == 200
    body = ended.get_json()
    assert (body["status"], body["ended_by"]) == ("ended", "resident")
    assert body["ended_at"] == "2026-03-10T13:00:00+08:00"
    assert body["value"]["exchanges_taken_back"] == 0
    assert all(body["value"][name] for name in ("words_zh", "words_en"))
    again = unlink(bourse, person, made["id"])
    assert again.status_code == 200
    assert again.get_json() == body
    told = bourse.told()
    account = {"link": made["id"], "account": "6200-4321"}
    assert told == [
        ("link.opened", account),
        ("link.ended", account | {"ended_at": body["ended_at"], "reason": "resident"}),
    ]
    one = bourse.get(f"/v1/partner/links/{made['id']}", partner)
    assert (one["status"], one["claim_secret"]) == ("ended", None)
    assert bourse.get("/v1/partner/links?status=active", partner)["items"] == []
    assert bourse.get(f"{LINKS}/{made['id']}", person)["status"] == "ended"


def test_exchanges_on_their_way_are_taken_back_in_the_same_breath(bourse: Bourse) -> None:
    partner, person = bourse.partner(), bourse.rider(UNIONPAY, CITIC)
    before = bourse.points(person)
    done = bourse.exchanged(partner, person, "2.00")
    held = bourse.ask(person, "3.00")
    link_id = bourse.link_of(person)
    with bourse.house.look(COMMAND) as work:
        found = store.find_link(work, link_id)
    assert found is not None
    body = unlink(bourse, person, found.wire).get_json()
    assert body["value"]["exchanges_taken_back"] == 1
    assert bourse.stands(person, held) == "rejected"
    assert bourse.stands(person, done) == "confirmed"
    assert bourse.confirm(partner, held, status=409)["code"] == "exchange_rejected"
    available, on_hold = bourse.points(person)
    assert on_hold == "0.00"
    assert before[0] != available
    assert {"link.ended", "exchange.rejected"} <= {kind for kind, _ in bourse.told()}
    assert secret(bourse, person) is None  # none was ever given to these founded links


def test_the_secret_is_forgotten_with_the_last_link_and_new_with_the_next(bourse: Bourse) -> None:
    person = bourse.person(0)
    one, two = link(bourse, person, "a"), link(bourse, person, "a", CITIC)
    first = secret(bourse, person)
    unlink(bourse, person, one["id"])
    assert secret(bourse, person) == first
    unlink(bourse, person, two["id"])
    assert secret(bourse, person) is None
    link(bourse, person, "a")
    assert secret(bourse, person) not in (None, first)


def test_a_partner_ends_a_link(bourse: Bourse) -> None:
    partner, person = bourse.partner(), bourse.person(0)
    made = link(bourse, person, "a")
    for _ in range(2):
        ended = bourse.client.delete(f"/v1/partner/links/{made['id']}", headers=partner)
        assert ended.status_code == 200
        assert ended.get_json()["status"] == "ended"
    assert bourse.get(f"{LINKS}/{made['id']}", person)["ended_by"] == "partner"
    assert sorted(kind for kind, _ in bourse.told()) == ["link.ended", "link.opened"]


def test_a_term_ends_by_itself(bourse: Bourse) -> None:
    person, other = bourse.person(0), bourse.person(0)
    made = link(bourse, person, "a", months=1)
    longer = link(bourse, other, "b", months=2)
    assert made["until"] == "2026-04-09"
    bourse.clock.instant = bourse.clock.instant.replace(month=4, day=9)
    assert bourse.job("recognition.end_terms") == 0
    bourse.wait(days=1)
    assert bourse.job("recognition.end_terms") == 1
    assert bourse.get(f"{LINKS}/{made['id']}", person)["ended_by"] == "term"
    assert bourse.get(f"{LINKS}/{longer['id']}", other)["status"] == "active"
    assert secret(bourse, person) is None


def test_a_term_that_no_job_has_seen_yet_is_over_all_the_same(bourse: Bourse) -> None:
    person = bourse.person(0)
    made = link(bourse, person, "a", months=1)
    bourse.wait(days=40)
    again = link(bourse, person, "a")
    assert bourse.get(f"{LINKS}/{made['id']}", person)["ended_by"] == "term"
    assert again["status"] == "active"
    assert bourse.job("recognition.end_terms") == 0


def test_closing_an_account_ends_its_links(bourse: Bourse) -> None:
    partner, person = bourse.partner(), bourse.rider(UNIONPAY)
    mine = link(bourse, person, "a", CITIC)
    held = bourse.ask(person, "3.00")
    who = bourse.id_of(person)
    closed = bourse.client.delete("/v1/me?confirm=true", headers=person)
    assert any("partner" in each for each in closed.get_json()["erased"])
    with bourse.house.look(COMMAND) as work:
        assert store.open_links(work, who) == []
        assert consent.secret_of(work, who) is None
        found = store.find_link(work, from_wire("lnk", mine["id"]) or b"")
    assert found is not None
    assert found.ended_by == "closing"
    assert bourse.confirm(partner, held, status=409)["code"] == "exchange_rejected"


def test_who_pays_by_totals_is_the_residents_choice_until_the_link_ends(bourse: Bourse) -> None:
    person = bourse.person(0)
    made = link(bourse, person, "a", CCB)
    path = f"{LINKS}/{made['id']}/payer"

    def payer(behaviour: str = "walking") -> Any:
        rows = bourse.get(f"{LINKS}/{made['id']}", person)["behaviours"]
        return next(each["payer"] for each in rows if each["behaviour"] == behaviour)

    assert payer() == {"today": "city", "partners": []}
    assert payer("bus_ride") is None
    ask = {"behaviour": "walking", "payer": "partner"}
    assert bourse.refused(path, person, ask | {"from": "2026-03-10"}, 422) == "bad_from"
    assert bourse.refused(path, person, ask | {"behaviour": "bus_ride"}) == "not_by_totals"
    bourse.post(path, person, ask)
    span = {"partner": CCB, "from": "2026-03-11", "until": None}
    assert payer() == {"today": "city", "partners": [span]}
    bourse.wait(days=2)
    assert payer()["today"] == CCB
    bourse.post(path, person, ask | {"payer": "city", "from": "2026-03-20"})
    assert payer()["partners"] == [span | {"until": "2026-03-19"}]
    unlink(bourse, person, made["id"])
    assert payer() == {"today": CCB, "partners": [span | {"until": "2026-03-12"}]}
    assert bourse.refused(path, person, ask) == "link_ended"
    bourse.wait(days=1)
    assert payer()["today"] == "city"


def states(bourse: Bourse, person: Headers) -> list[str]:
    return [each["status"] for each in bourse.get(LINKS, person)["items"]]


def test_a_link_is_opened_and_ended_at_once_in_both_orders(bourse: Bourse) -> None:
    """Whoever comes first at the wallet: a link that is open has a secret, and one link is open
    at most."""
    person = bourse.person(0)
    who = bourse.id_of(person)
    lock = sa.text("UPDATE wallet SET debt = debt WHERE resident_id = :who")
    body = {"partner": UNIONPAY, "proof": "mine", "account": "a 2"}

    def opening(partner: str = CITIC) -> Any:
        client = bourse.app.test_client()
        return client.post(LINKS, json=body | {"partner": partner}, headers=person)

    for turn in (False, True):
        made = link(bourse, person, "a 1")
        acts = [partial(unlink, bourse, person, made["id"]), opening]
        order = reversed(acts) if turn else acts
        answers = contest(bourse.house, lambda work: work.db.execute(lock, {"who": who}), *order)
        assert sorted(map(said, answers)) == ["active", "ended"]
        assert secret(bourse, person) is not None
        left = next(each.get_json() for each in answers if said(each) == "active")
        unlink(bourse, person, left["id"])
        assert secret(bourse, person) is None
    assert "active" not in states(bourse, person)


def test_many_end_one_link_and_one_of_them_does(bourse: Bourse) -> None:
    partner, person = bourse.partner(), bourse.person(0)
    made = link(bourse, person, "a")

    def by_partner() -> Any:
        client = bourse.app.test_client()
        return client.delete(f"/v1/partner/links/{made['id']}", headers=partner)

    with ThreadPoolExecutor(8) as pool:
        tries = [pool.submit(unlink, bourse, person, made["id"]) for _ in range(4)]
        tries += [pool.submit(by_partner) for _ in range(4)]
        assert tally([each.result() for each in tries]) == {"ended": 8}
    assert sorted(kind for kind, _ in bourse.told()) == ["link.ended", "link.opened"]


def test_links_are_listed_page_by_page_newest_first(bourse: Bourse) -> None:
    person = bourse.person(0)
    made = []
    for _ in range(3):
        made.append(link(bourse, person, "a")["id"])
        unlink(bourse, person, made[-1])
        bourse.wait(seconds=1)
    first = bourse.get(f"{LINKS}?limit=2", person)
    rest = bourse.get(f"{LINKS}?limit=2&cursor={first['next_cursor']}", person)
    assert [each["id"] for each in first["items"] + rest["items"]] == made[::-1]
    assert rest["next_cursor"] is None


def test_what_statements_were_used_is_forgotten_when_they_are_over(bourse: Bourse) -> None:
    person = bourse.person(0)
    body = {"partner": UNIONPAY, "proof": statement(bourse, person)}
    assert bourse.post(LINKS, person, body, 201)["until"] > date(2026, 3, 10).isoformat()
    assert bourse.job("recognition.forget") == 0
    bourse.wait(days=2)
    assert bourse.job("recognition.forget") == 1


def test_no_secret_is_told_once_the_term_is_over_though_no_job_has_come_by(bourse: Bourse) -> None:
    partner, person = bourse.partner(), bourse.person(0)
    path = f"/v1/partner/links/{link(bourse, person, 'a', months=1)['id']}"
    bourse.wait(days=30)
    assert bourse.get(path, partner)["until"] == "2026-04-09"
    assert bourse.get(path, partner)["claim_secret"]
    bourse.wait(days=1)
    assert bourse.get(path, partner)["claim_secret"] is None
