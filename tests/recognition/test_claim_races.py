"""A claim that comes while its link is being ended is of an open link, or it is not taken; one that
comes twice at once is told how it stands."""

from functools import partial
from typing import Any

from app import ledger
from app.plumbing import Work
from tests.recognition.bourse import CITIC, Bourse
from tests.recognition.seals import link
from tests.recognition.test_claims_wire import CLAIMS, RIDE, Desk
from tests.redemption.crowds import contest, post


def test_a_claim_and_the_end_of_its_link_meet(bourse: Bourse) -> None:
    desk = Desk(bourse)
    link(bourse, desk.person, "6200-2", CITIC)  # so that the claim secret outlives the first link
    who = bourse.id_of(desk.person)

    def gate(work: Work) -> Any:
        ledger.lock(work, [who])

    path = f"/v1/partner/links/{desk.link}"
    client = bourse.app.test_client()
    body = {"claims": [RIDE | desk.ride("late")]}
    ended, answer = contest(
        bourse.house,
        gate,
        lambda: client.delete(path, headers=desk.partner),
        partial(post, bourse, CLAIMS, desk.partner, body),
    )
    assert ended.status_code == answer.status_code == 200
    (said,) = answer.get_json()["results"]
    first = bourse.house.engine.dialect.name == "sqlite" and said["status"] == "held"
    assert first or (said["status"], said["reason"]) == ("rejected", "unknown_link")


def test_twins_in_one_list_are_told_the_same(bourse: Bourse) -> None:
    desk = Desk(bourse)
    desk.taps(desk.at)
    ride = desk.ride("twin")
    first, second = desk.answers(ride, ride)
    assert first[:2] == ("twin", "yielded")
    assert second == ("twin", "duplicate", "yielded")
    assert desk.answers(ride) == [second]
