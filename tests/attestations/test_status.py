"""Status lists: a place each, drawn at random, and what anybody may read of them."""

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from app.attestations import service, statuslist, store
from app.attestations.model import LIST_SIZE
from app.attestations.tables import attestation, presentation_seen, status_entry, status_list
from app.kernel import FixedClock, to_wire
from app.plumbing import Actor
from tests.attestations.desk import COMMAND, MINE, Desk, body_of, unpacked
from tests.concurrency.test_threads import at_once

JOB = Actor("job")


def ones(desk: Desk, uri: str) -> int:
    bits = unpacked(body_of(desk.client.get(uri).get_data(as_text=True))["status_list"]["lst"])
    return sum(each.bit_count() for each in bits)


def small_list(desk: Desk, size: int, taken: int = 0) -> bytes:
    """A list that takes credentials from the next second on, its first places taken."""
    desk.clock.instant += timedelta(seconds=1)
    with desk.house.work(JOB) as work:
        list_id = store.open_list(work, size)
        for position in range(taken):
            assert store.take(work, list_id, position)
    desk.clock.instant += timedelta(seconds=1)
    return list_id


def test_how_a_list_is_read(desk: Desk) -> None:
    made = desk.make(desk.person())
    answer = desk.client.get(made["status"]["uri"])
    assert answer.content_type == "application/statuslist+jwt"
    assert answer.headers["Cache-Control"] == "public, max-age=30"
    told = body_of(answer.get_data(as_text=True))
    assert told["sub"] == made["status"]["uri"]
    assert told["ttl"] == 30
    assert told["status_list"]["bits"] == 1
    assert len(unpacked(told["status_list"]["lst"])) == LIST_SIZE // 8
    known = {"If-None-Match": answer.headers["ETag"]}
    assert desk.client.get(made["status"]["uri"], headers=known).status_code == 304
    for name in ("stl_1", "att_1", to_wire("stl", bytes(16))):
        missing = desk.client.get(f"/v1/attestations/status/{name}")
        assert (missing.status_code, missing.get_json()["code"]) == (404, "unknown_status_list")


def test_a_revocation_shows_at_once_and_everywhere_within_a_minute(desk: Desk) -> None:
    person = desk.person()
    made, other = desk.make(person), desk.make(person)
    before = desk.client.get(made["status"]["uri"]).headers["ETag"]
    desk.client.delete(f"{MINE}/{made['id']}", headers=person)
    after = desk.client.get(made["status"]["uri"], headers={"If-None-Match": before})
    assert after.status_code == 200
    assert (desk.status(made), desk.status(other)) == (1, 0)
    # What a cache and then a verifier still hold is told by no more than both their ages.
    assert 2 * statuslist.FRESH_S <= 60


def test_nobody_can_count_revocations(desk: Desk) -> None:
    person = desk.person()
    made = [desk.make(person) for _ in range(10)]
    uri = made[0]["status"]["uri"]
    assert {each["status"]["uri"] for each in made} == {uri}
    at_first = ones(desk, uri)
    assert at_first >= 30, "decoys, before anything is revoked"
    for each in made:
        desk.client.delete(f"{MINE}/{each['id']}", headers=person)
    assert ones(desk, uri) > at_first + len(made)
    assert {desk.status(each) for each in made} == {1}


def test_places_say_nothing_of_when(desk: Desk) -> None:
    person = desk.person()
    places = [desk.make(person)["status"]["idx"] for _ in range(12)]
    assert len({*places}) == len(places)
    assert places != sorted(places)
    assert max(places) > LIST_SIZE // 4


def test_those_who_draw_the_same_place_at_once_get_places_of_their_own(
    make_app: Callable[..., Flask], clock: FixedClock
) -> None:
    app = make_app(access_seconds=10**9, database_pool=16)
    desk = Desk(app, clock, app.test_client())
    people = [desk.person() for _ in range(8)]
    small = small_list(desk, 8)
    made = at_once(8, lambda n: desk.make(people[n]))
    places = [(each["status"]["uri"], each["status"]["idx"]) for each in made]
    assert len({*places}) == 8
    assert sum(to_wire("stl", small) in uri for uri, _ in places) > 1


def test_a_full_list_is_followed_by_another(desk: Desk) -> None:
    person, full = desk.person(), small_list(desk, 16, taken=16)
    made = desk.make(person)
    assert to_wire("stl", full) not in made["status"]["uri"]
    assert desk.make(person)["status"]["uri"] == made["status"]["uri"]
    assert desk.client.get(f"/v1/attestations/status/{to_wire('stl', full)}").status_code == 200


def test_the_next_list_begins_when_one_is_about_half_full(desk: Desk) -> None:
    size = 1024
    first = small_list(desk, size)
    with desk.house.work(JOB) as work:
        taken = 0
        while service.place(work)[0] == first:
            taken += 1
        assert size * 15 // 100 < taken < size * 85 // 100
        assert store.newest_list(work) != (first, size)


def test_what_has_long_ended_is_forgotten(desk: Desk) -> None:
    person, (audience, bank) = desk.person(), desk.bank()
    old = desk.make(person, audience=audience, minutes=1440)
    assert desk.verify(bank, old["presentation"])["valid"]
    small_list(desk, 16)
    assert desk.job("attestations.forget") == 0
    desk.clock.instant += timedelta(days=2, seconds=-1)
    newer = desk.make(person)
    assert desk.client.get(old["status"]["uri"]).status_code == 200
    desk.clock.instant += timedelta(seconds=1)
    desk.job("attestations.forget")
    assert desk.client.get(old["status"]["uri"]).status_code == 404
    assert desk.client.get(newer["status"]["uri"]).status_code == 200
    assert [each["id"] for each in desk.get(MINE, person)["items"]] == [newer["id"], old["id"]]
    desk.clock.instant += timedelta(days=91)
    assert desk.job("attestations.forget") > 0
    with desk.house.look(COMMAND) as work:
        for table, left in ((attestation, 0), (presentation_seen, 0), (status_list, 1)):
            counted = work.db.scalar(sa.select(sa.func.count()).select_from(table))
            assert counted == left, table.name
        assert work.db.scalar(sa.select(sa.func.count()).select_from(status_entry))
