"""Officers answer: one says no, two say yes; what was wrong is put right at once."""

from typing import Any

import pytest

from tests.objections.court import MINE, ROLE, Court


def desk(court: Court, found: dict[str, Any], step: str, body: Any, status: int = 409) -> str:
    path = f"/v1/objections/{found['id']}/{step}"
    return str(court.market.post(path, court.market.operator(), body, status).get("code", ""))


def test_a_no_gives_everything_back_with_reasons(court: Court) -> None:
    ride = court.ride()
    found = court.contest("activity", ride, wish="human_review")
    wang = court.market.operator("Wang")
    case = court.reject(wang, found)
    assert (case["status"], "reason" in case) == ("rejected", False)
    seen = court.look(found)
    assert seen["answer"] == {
        "text": "The card was yours.",
        "by": "Wang",
        "role": ROLE,
        "checked_by": None,
        "remedy": None,
    }
    assert seen["decided_at"] == "2026-03-10T12:00:00+08:00"
    assert court.points() == ("8.00", "0.00")
    assert not court.act(ride)["disputed"]
    said = {"answer": "Still yours.", "role": ROLE}
    assert desk(court, found, "reject", said) == "already_decided"
    assert desk(court, found, "take", {"role": ROLE}) == "already_decided"
    assert desk(court, found, "extend", {"reason": "?"}) == "already_decided"


def test_a_yes_takes_two_and_undoes_the_act(court: Court) -> None:
    ride = court.ride()
    found = court.contest("activity", ride)
    maker, checker = court.market.operator("Wang"), court.market.operator("Li")
    proposed = court.propose(maker, found, "reverse")
    assert proposed["difference"] == [
        {"field": f"objection {found['id']}", "before": "open", "after": "upheld"},
        {"field": f"points of {ride}", "before": "8.00", "after": "0.00"},
        {"field": f"grams of {ride}", "before": "80.000", "after": "0.000"},
        {"field": "remedy", "before": None, "after": "reverse"},
        {"field": "answer", "before": None, "after": "You are right."},
    ]
    court.market.get(f"/v1/approvals/{proposed['id']}", court.market.operator("Onlooker"))
    log = {each["who"]["name"]: each for each in court.disclosures()}
    assert log.keys() >= {"Wang", "Onlooker"}  # each of them was told what the act came to
    assert log["Onlooker"]["about"] == found["id"]
    assert court.look(found)["status"] == "open"
    assert court.approve(maker, proposed, 403)["code"] == "same_operator"
    assert court.points() == ("0.00", "8.00")
    done = court.approve(checker, proposed)
    assert done["result"] == {"objection": found["id"], "remedy": "reverse"}
    seen = court.look(found)
    assert seen["status"] == "upheld"
    assert seen["answer"] == {
        "text": "You are right.",
        "by": "Wang",
        "role": ROLE,
        "checked_by": "Li",
        "remedy": "reverse",
    }
    act = court.act(ride)
    assert (act["status"], act["points"], act["disputed"]) == ("reversed", "0.00", False)
    wallet = court.market.get("/v1/me/points", court.resident)
    assert (wallet["available"], wallet["held"], wallet["debt"]) == ("0.00", "0.00", "0.00")


def test_a_yes_may_leave_the_act(court: Court) -> None:
    ride = court.ride()
    found = court.contest("activity", ride, wish="explain")
    assert court.uphold(found, "none")["status"] == "upheld"
    assert (court.points(), court.act(ride)["points"]) == (("8.00", "0.00"), "8.00")


def test_an_act_that_its_provider_reversed_meanwhile_is_not_undone_twice(court: Court) -> None:
    found = court.contest("activity", court.ride())
    maker, checker = court.market.operator(), court.market.operator("Li")
    proposed = court.propose(maker, found, "reverse")
    court.desk.reverse("r")
    waiting = court.market.get(f"/v1/approvals/{proposed['id']}", checker)
    assert waiting["obstacle"] == "already_reversed"
    assert court.approve(checker, proposed, 409)["code"] == "already_reversed"
    assert court.uphold(found, "none")["status"] == "upheld"


def test_an_act_that_was_undone_is_not_reversed_by_its_provider_again(court: Court) -> None:
    court.uphold(court.contest("activity", court.ride()), "reverse")
    assert court.desk.reverse("r")[0]["status"] == "already"


def test_what_is_withdrawn_is_no_longer_upheld(court: Court) -> None:
    found = court.contest("activity", court.ride())
    maker, checker = court.market.operator(), court.market.operator("Li")
    proposed = court.propose(maker, found, "reverse")
    court.withdraw(found)
    assert court.approve(checker, proposed, 409)["code"] == "already_decided"
    assert court.propose(maker, found, "none", 409)["code"] == "already_decided"


@pytest.mark.parametrize(
    ("payload", "pointer"),
    [
        ({"remedy": "recompute"}, "remedy"),
        ({"remedy": "everything"}, "remedy"),
        ({"answer": " "}, "answer"),
        ({"answer": "x" * 1001}, "answer"),
        ({"role": None}, "role"),
        ({"admit": ["act_01m80dm0wde0y95z0eh04byx4k"]}, "admit"),
        ({"admit": "all"}, "admit"),
        ({"objection": 7}, "objection"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(
    court: Court, payload: dict[str, Any], pointer: str
) -> None:
    found = court.contest("activity", court.ride())
    more = {"remedy": "reverse"} | payload
    refused = court.propose(court.market.operator(), found, status=422, **more)
    assert refused["errors"][0]["pointer"] == f"/payload/{pointer}"


def test_nobody_upholds_what_is_not_there(court: Court) -> None:
    ghost = {"id": "obj_01m80dm0wde0y95z0eh04byx4k"}
    maker = court.market.operator()
    for each in (ghost, {"id": "obj_1"}):
        assert court.propose(maker, each, "reverse", 404)["code"] == "unknown_objection"


def test_an_officer_takes_a_case_by_name_and_role(court: Court) -> None:
    found = court.contest("activity", court.ride())
    wang, li = court.market.operator("Wang"), court.market.operator("Li")
    path = f"/v1/objections/{found['id']}/take"
    for officer, name in ((wang, "Wang"), (li, "Li")):
        assert court.market.post(path, officer, {"role": ROLE})["officer"] == name
    seen = court.look(found)
    assert (seen["officer"], seen["role"], seen["status"]) == ("Li", ROLE, "open")


def test_whoever_looks_stands_in_the_residents_log(court: Court) -> None:
    ride = court.ride()
    found = court.contest("activity", ride)
    wang = court.market.operator("Wang")
    before = court.disclosures()
    listed = court.market.get("/v1/objections", wang)["items"]
    assert [each["id"] for each in listed] == [found["id"]]
    assert court.disclosures() == before  # a list tells nothing of anybody
    seen = court.market.get(f"/v1/objections/{found['id']}", wang)
    assert seen["reason"] == "I was not there."
    assert seen["explanation"]["formula"]["numbers"] == "1 trip × 80 gCO2/trip = 80.000 g"
    resident = court.market.get("/v1/me", court.resident)["id"]
    assert resident not in str(seen)
    (row,) = [each for each in court.disclosures() if each not in before]
    assert (row["who"]["kind"], row["who"]["name"], row["about"]) == (
        "operator",
        "Wang",
        found["id"],
    )


def test_the_desk_is_for_operators(court: Court) -> None:
    found = court.contest("activity", court.ride())
    for path in ("/v1/objections", f"/v1/objections/{found['id']}"):
        court.market.get(path, court.resident, 403)
        court.market.get(path, court.desk.headers, 403)
        court.market.get(path, None, 401)
    for step, body in (
        ("take", {"role": ROLE}),
        ("extend", {"reason": "?"}),
        ("reject", {"role": ROLE, "answer": "No."}),
    ):
        court.market.post(f"/v1/objections/{found['id']}/{step}", court.resident, body, 403)
        path = f"/v1/objections/obj_1/{step}"
        assert court.market.refused(path, court.market.operator(), body, 404) == (
            "unknown_objection"
        )
    court.market.get(MINE, court.market.operator(), 403)


def test_the_desk_lists_by_status(court: Court) -> None:
    wang = court.market.operator("Wang")
    rejected = court.contest("activity", court.ride())
    court.reject(wang, rejected)
    waiting = court.contest("activity", court.ride("r2", "2026-03-08T08:00:00+08:00"))

    def ids(query: str) -> list[str]:
        return [each["id"] for each in court.market.get(f"/v1/objections{query}", wang)["items"]]

    assert ids("?status=open") == [waiting["id"]]
    assert ids("?status=rejected") == [rejected["id"]]
    assert set(ids("")) == {waiting["id"], rejected["id"]}
    assert ids("?overdue=true") == []
