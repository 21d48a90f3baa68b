"""What partners say they have credited, over HTTP: claims, reversals, totals, and how they look."""

import base64
import hmac
import json
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from app import activities, consent, identity
from app.kernel import to_wire
from tests.conftest import Headers
from tests.recognition.bourse import CCB, CITIC, Bourse
from tests.recognition.seals import LINKS, link
from tests.redemption.market import COMMAND

CLAIMS = "/v1/partner/claims"
RIDE = {"behaviour": "bus_ride", "day": "2026-03-10", "reduction_g": "80.000"}


def key(secret: str, family: str, kind: str, value: str) -> str:
    text = f"v1|{family}|{kind}|{value}".encode()
    return hmac.new(base64.b64decode(secret), text, sha256).hexdigest()


class Desk:
    """A partner at work, and one resident who has linked an account there."""

    def __init__(self, bourse: Bourse) -> None:
        self.bourse, self.partner, self.person = bourse, bourse.partner(), bourse.person(0)
        self.link = link(bourse, self.person, "6200-1", **{"from": "2026-03-01"})["id"]
        self.secret = self.secret_of(self.partner, self.link)
        self.at = bourse.clock.instant - timedelta(hours=3)

    def secret_of(self, partner: Headers, link_id: str) -> str:
        found = self.bourse.get(f"/v1/partner/links/{link_id}", partner)
        return str(found["claim_secret"])

    def ride(self, reference: str, at: datetime | None = None, **more: Any) -> dict[str, Any]:
        """A bus ride that the partner has credited, known by its time."""
        second = int((at or self.at).timestamp())
        cells = (f"a{second // 600}", f"b{(second + 300) // 600}")
        keys = {"time": [key(self.secret, "TRIP", "time", each) for each in cells]}
        return RIDE | {"reference": reference, "link": self.link, "keys": keys} | more

    def claim(self, *claims: dict[str, Any], by: Headers | None = None) -> Any:
        return self.bourse.post(CLAIMS, by or self.partner, {"claims": list(claims)})

    def answers(self, *claims: dict[str, Any], by: Headers | None = None) -> list[Any]:
        results = self.claim(*claims, by=by)["results"]
        return [(each["reference"], each["status"], each["reason"]) for each in results]

    def taps(self, at: datetime) -> str:
        """The city's own ride of the resident at an instant; what it was paid."""
        who = self.bourse.id_of(self.person)
        with self.bourse.house.work(COMMAND) as work:
            wire, _ = identity.create_client(work, "provider", f"buses {next(self.bourse.keys)}")
            client = identity.find_client(work, wire)
            assert client is not None
            consent.hold_many(work, client.id, [("card", who, at.date() - timedelta(days=9))])
            tap = {
                "reference": "tap",
                "subject": "card",
                "behaviour": "bus_ride",
                "occurred_at": at.isoformat(),
                "quantity": None,
                "unit": None,
                "evidence": {"line": "66"},
            }
            provider = activities.Provider(client.id, wire, None)
            (done,) = activities.record(work, provider, [tap])
        return done.status


@pytest.fixture
def desk(bourse: Bourse) -> Desk:
    return Desk(bourse)


def test_a_claim_is_held_and_the_city_does_not_pay_the_same_act(desk: Desk) -> None:
    answer = desk.claim(desk.ride("r/1"))
    (held,) = answer["results"]
    assert (held["reference"], held["status"], held["reason"]) == ("r/1", "held", None)
    assert held["id"].startswith("clm_")
    assert answer["counts"] == {"held": 1, "yielded": 0, "duplicate": 0, "rejected": 0}
    assert desk.bourse.get(f"{CLAIMS}/r/1", desk.partner) == held


def test_a_ride_that_both_saw_is_the_citys_by_priority_and_its_partner_hears_of_it(
    desk: Desk,
) -> None:
    (held,) = desk.claim(desk.ride("r1"))["results"]
    assert desk.taps(desk.at + timedelta(minutes=2)) in {"pending", "credited"}
    stands = desk.bourse.get(f"{CLAIMS}/r1", desk.partner)
    assert (stands["id"], stands["status"]) == (held["id"], "yielded")
    told = [data for kind, data in desk.bourse.told() if kind == "claim.yielded"]
    assert [each["claim"] for each in told] == [held["id"]]
    assert [each["link"] for each in told] == [desk.link]


def test_one_bad_item_fails_no_other(desk: Desk) -> None:
    other = desk.bourse.person(0)
    theirs = link(desk.bourse, other, "a", CITIC)["id"]
    gone = link(desk.bourse, other, "b")["id"]
    desk.bourse.client.delete(f"{LINKS}/{gone}", headers=other)
    late = {"day": "2026-02-28"}
    found = desk.answers(
        desk.ride("good"),
        desk.ride("nowhere", link="lnk_nothing"),
        desk.ride("another's", link=theirs),
        desk.ride("ended", link=gone),
        desk.ride("unheard of", behaviour="flying"),
        desk.ride("before", **late),
        desk.ride("no keys", keys={}),
        desk.ride("no hex", keys={"time": ["x", "y"]}),
        desk.ride("no list", keys={"time": 7}),
        desk.ride("empty list", keys={"time": []}),
        desk.ride("no such day", day="2026-03-11"),
        desk.ride("as good", desk.at - timedelta(hours=1)),
    )
    assert found[0] == ("good", "held", None)
    assert found[-1] == ("as good", "held", None)
    assert [(name, reason) for name, status, reason in found if status == "rejected"] == [
        ("nowhere", "unknown_link"),
        ("another's", "unknown_link"),
        ("ended", "unknown_link"),
        ("unheard of", "unknown_behaviour"),
        ("before", "before_link"),
        ("no keys", "bad_keys"),
        ("no hex", "bad_key_time"),
        ("no list", "bad_keys"),
        ("empty list", "bad_keys"),
        ("no such day", "in_the_future"),
    ]
    assert desk.bourse.get(f"{CLAIMS}/nowhere", desk.partner, 404)["code"] == "unknown_claim"


def test_levels_and_totals_say_what_may_be_claimed(desk: Desk) -> None:
    partner = desk.bourse.partner(CCB)
    made = link(desk.bourse, desk.person, "c", CCB)["id"]
    walk = {"link": made, "keys": {"day": "0" * 64}}
    known = desk.bourse.get(f"/v1/partners/{CCB}")["behaviours"]
    recognised = {each["code"]: each for each in known}
    assert recognised["walking"]["totals"] is True
    every = desk.bourse.get("/v1/behaviours")["items"]
    strange = next(each["code"] for each in every if each["code"] not in recognised)
    found = desk.answers(
        desk.ride("steps", behaviour="walking", **walk),
        desk.ride("strange", behaviour=strange, **walk),
        by=partner,
    )
    assert [reason for _, _, reason in found] == ["totals_only", "not_recognised"]


def test_the_same_again_is_a_duplicate_and_another_under_its_name_is_not_taken(desk: Desk) -> None:
    ride = desk.ride("r1")
    assert desk.answers(ride, ride)[1] == ("r1", "duplicate", "held")
    assert desk.answers(ride) == [("r1", "duplicate", "held")]
    other = desk.ride("r1", desk.at - timedelta(hours=1))
    assert desk.answers(other) == [("r1", "rejected", "reference_reused")]


def test_claims_are_taken_back_also_after_the_link_has_ended(desk: Desk) -> None:
    desk.claim(desk.ride("r1"), desk.ride("r2", desk.at - timedelta(hours=1)))
    path = f"{CLAIMS}/reversals"
    body = {"reversals": [{"reference": each, "reason": "Refunded."} for each in ("r1", "r9")]}
    assert desk.bourse.post(path, desk.partner, body)["results"] == [
        {"reference": "r1", "status": "reversed"},
        {"reference": "r9", "status": "unknown"},
    ]
    desk.bourse.client.delete(f"{LINKS}/{desk.link}", headers=desk.person)
    body = {"reversals": [{"reference": each, "reason": "Refunded."} for each in ("r1", "r2")]}
    assert desk.bourse.post(path, desk.partner, body)["results"] == [
        {"reference": "r1", "status": "already"},
        {"reference": "r2", "status": "reversed"},
    ]
    assert desk.bourse.get(f"{CLAIMS}/r2", desk.partner)["status"] == "reversed"
    assert desk.answers(desk.ride("r3")) == [("r3", "rejected", "unknown_link")]


def test_what_a_project_has_sold_is_refused(desk: Desk) -> None:
    class Sold:
        def registered(self, rules: Any, sights: Any) -> list[bool]:
            return [each.behaviour == "bus_ride" for each in sights]

    desk.bourse.house.ports["registry"] = Sold()
    assert desk.answers(desk.ride("r1")) == [("r1", "rejected", "registered_elsewhere")]


def test_a_body_of_another_shape_is_refused_whole(desk: Desk) -> None:
    for wrong in (
        {"reduction_g": "-1"},
        {"reduction_g": 80},
        {"reference": "x" * 81},
        {"reference": "a\nb"},
        {"day": "yesterday"},
        {"keys": []},
        {"more": 1},
    ):
        body = {"claims": [desk.ride("r1") | wrong]}
        answer = desk.bourse.send(CLAIMS, desk.partner, body)
        assert answer.status_code == 422, wrong
    assert desk.bourse.refused(CLAIMS, desk.partner, {"claims": []}, 422) == "invalid"


def test_a_thousand_claims_come_in_one_request(desk: Desk) -> None:
    first = desk.at - timedelta(days=7)
    claims = [desk.ride(f"r{n}", first + timedelta(minutes=10 * n)) for n in range(1000)]
    days = [
        (first + timedelta(minutes=10 * n)).astimezone(desk.bourse.house.rules.pack.zone).date()
        for n in range(1000)
    ]
    for each, day in zip(claims, days, strict=True):
        each["day"] = day.isoformat()
    answer = desk.claim(*claims)
    assert answer["counts"]["held"] == 1000
    assert (
        desk.bourse.send(CLAIMS, desk.partner, {"claims": [*claims, claims[0]]}).status_code == 422
    )


def row(desk: Desk, link_id: str, behaviour: str) -> Any:
    rows = desk.bourse.get(f"{LINKS}/{link_id}", desk.person)["behaviours"]
    return next(each for each in rows if each["behaviour"] == behaviour)


def test_a_resident_sees_what_the_partner_has_credited(desk: Desk) -> None:
    desk.claim(desk.ride("r1"), desk.ride("r2", desk.at - timedelta(hours=1), reduction_g="920"))
    desk.taps(desk.at + timedelta(minutes=1))
    found = row(desk, desk.link, "bus_ride")
    assert found["source"] == "claims"
    assert found["months"] == [
        {"month": "2026-03", "acts": 2, "held": 1, "reduction_g": "1000.000"}
    ]
    assert found["badge"] == {"needs_g": "1000.000", "reached": True}
    assert row(desk, desk.link, "metro_ride")["badge"]["reached"] is False


def test_totals_replace_each_other_and_are_shown_as_such(desk: Desk) -> None:
    partner = desk.bourse.partner(CCB)
    made = link(desk.bourse, desk.person, "c", CCB)["id"]

    def put(**changes: Any) -> tuple[str, str | None]:
        each = {
            "link": made,
            "behaviour": "walking",
            "month": "2026-03",
            "reduction_g": "400.5",
            "acts": 4,
        } | changes
        answer = desk.bourse.post("/v1/partner/totals", partner, {"totals": [each]})
        (found,) = answer["results"]
        return found["status"], found["reason"]

    assert put() == ("taken", None)
    assert put(reduction_g="1600", acts=12) == ("taken", None)
    found = row(desk, made, "walking")
    assert (found["source"], found["acts"], found["reduction_g"]) == ("totals", 12, "1600.000")
    assert found["months"][0]["held"] is None
    assert found["badge"]["reached"] is True
    assert put(month="2026-04") == ("rejected", "in_the_future")
    assert put(month="2026-02") == ("rejected", "before_link")
    assert put(month="March") == ("rejected", "bad_month")
    assert put(link=desk.link) == ("rejected", "unknown_link")
    assert put(behaviour="flying") == ("rejected", "unknown_behaviour")


def test_partners_are_told_nothing_of_who_it_is(desk: Desk) -> None:
    answer = [desk.claim(desk.ride("r1"))]
    desk.taps(desk.at)
    answer += [
        desk.bourse.get(path, desk.partner)
        for path in ("/v1/partner/links", f"{CLAIMS}/r1", "/v1/partner/events")
    ]
    who, me = desk.bourse.id_of(desk.person), desk.bourse.get("/v1/me", desk.person)
    for personal in (to_wire("res", who), who.hex(), me["phone"], me["phone"][-4:]):
        assert personal not in json.dumps(answer)


def test_events_are_fetched_by_number_and_sent_again(desk: Desk) -> None:
    desk.claim(desk.ride("r1"))
    desk.bourse.wait(seconds=1)
    desk.taps(desk.at)
    path = "/v1/partner/events"
    whole = desk.bourse.get(path, desk.partner)
    assert [each["sequence"] for each in whole["items"]] == list(range(1, len(whole["items"]) + 1))
    page = desk.bourse.get(f"{path}?limit=1", desk.partner)
    assert (page["items"], page["next_cursor"]) == (whole["items"][:1], "1")
    assert desk.bourse.get(f"{path}?after=1", desk.partner)["items"] == whole["items"][1:]
    first = whole["items"][0]
    again = desk.bourse.post(f"{path}/{first['id']}/replay", desk.partner)
    assert (again["id"], again["sequence"]) == (first["id"], 1)
    other = desk.bourse.partner(CITIC)
    assert desk.bourse.refused(f"{path}/{first['id']}/replay", other, {}, 404) == "unknown_event"
    assert desk.bourse.get(path, other)["items"] == []
