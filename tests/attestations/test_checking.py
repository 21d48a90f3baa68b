"""A bank has us look at what it was shown; a stranger looks for itself."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sd_jwt.verifier import SDJWTVerifier

import verify_attestation
from tests.attestations.desk import MINE, NONCE, QUARTER, Desk
from tests.concurrency.test_threads import at_once

VERIFY = "/v1/attestations/verify"
NOTHING = {"claims": None, "expires_at": None, "issuer": None, "status": None}


def test_a_bank_reads_what_was_meant_for_it(desk: Desk) -> None:
    person, (audience, bank) = desk.person(), desk.bank()
    made = desk.make(person, "grade", "quarter", audience=audience)
    assert desk.verify(bank, made["presentation"]) == {
        "valid": True,
        "reason": None,
        "claims": {"grade": "deep", "quarter": QUARTER},
        "expires_at": made["expires_at"],
        "issuer": "http://localhost",
        "status": "valid",
    }


def test_the_resident_sees_that_it_was_looked_at_through_us(desk: Desk) -> None:
    person, (audience, bank) = desk.person(), desk.bank()
    made = desk.make(person, "grade", "factor_band", audience=audience)
    assert desk.get("/v1/me/disclosures", person)["items"] == []
    desk.verify(bank, made["presentation"])
    desk.verify(bank, made["presentation"])
    [row] = desk.get("/v1/me/disclosures", person)["items"]
    assert row["who"]["kind"] == "bank"
    assert row["who"]["name"] == "Bank of the Sea"
    assert row["about"] == made["id"]
    assert row["what"] == ["grade", "factor"]
    assert "deep" not in json.dumps(row)


def test_whom_it_was_not_meant_for(desk: Desk) -> None:
    person, (audience, bank), (_, other) = desk.person(), desk.bank(), desk.bank("Other")
    text = desk.make(person, audience=audience)["presentation"]
    refused = desk.verify(other, text)
    assert (refused["valid"], refused["reason"], refused["claims"]) == (
        *(False, "wrong_audience", None),
    )
    assert desk.verify(bank, text, audience="my.name")["reason"] == "wrong_audience"
    assert desk.verify(bank, text, nonce="another nonce")["reason"] == "wrong_nonce"
    assert desk.verify(bank, text)["valid"], "what failed before has used nothing up"


def test_it_may_be_asked_for_by_another_name(desk: Desk) -> None:
    person, (_, bank) = desk.person(), desk.bank()
    text = desk.make(person, audience="https://bank.example")["presentation"]
    assert desk.verify(bank, text, audience="https://bank.example")["valid"]


def test_the_same_presentation_is_good_once_at_each_bank(desk: Desk) -> None:
    person, (_, bank), (_, other) = desk.person(), desk.bank(), desk.bank("Other")
    text = desk.make(person, audience="both")["presentation"]
    assert desk.verify(bank, text, audience="both")["valid"]
    again = desk.verify(bank, text, audience="both")
    assert (again["valid"], again["reason"], again["claims"]) == (False, "replayed", None)
    assert desk.verify(other, text, audience="both")["valid"]


def test_of_many_looks_at_once_one_is_the_first(desk: Desk) -> None:
    person, (audience, bank) = desk.person(), desk.bank()
    body = {"presentation": desk.make(person, audience=audience)["presentation"], "nonce": NONCE}
    answers = at_once(
        8, lambda _: desk.app.test_client().post(VERIFY, json=body, headers=bank).get_json()
    )
    assert sorted(str(each["reason"]) for each in answers) == ["None"] + ["replayed"] * 7
    assert len(desk.get("/v1/me/disclosures", person)["items"]) == 1


def test_revoked(desk: Desk) -> None:
    person, (audience, bank) = desk.person(), desk.bank()
    made = desk.make(person, audience=audience)
    assert desk.status(made) == 0
    path = f"{MINE}/{made['id']}"
    for _ in range(2):
        assert desk.client.delete(path, headers=person).status_code == 204
    assert desk.status(made) == 1
    found = desk.verify(bank, made["presentation"])
    assert (found["reason"], found["status"], found["claims"]) == ("revoked", "revoked", None)
    [row] = desk.get("/v1/me/disclosures", person)["items"]
    assert (row["denied"], row["what"], row["about"]) == ("revoked", [], made["id"])
    [told] = desk.get(MINE, person)["items"]
    assert (told["state"], told["why"]) == ("revoked", "resident")
    assert desk.client.delete(path, headers=desk.person()).status_code == 404
    assert desk.client.delete(f"{MINE}/att_1", headers=person).status_code == 404


@pytest.mark.parametrize("minutes", [1, 15, 1440])
def test_to_the_second(desk: Desk, minutes: int) -> None:
    person, (audience, bank) = desk.person(), desk.bank()
    text = desk.make(person, audience=audience, minutes=minutes)["presentation"]
    desk.clock.instant += timedelta(minutes=minutes)
    assert desk.verify(bank, text) == NOTHING | {"valid": False, "reason": "expired"}
    desk.clock.instant -= timedelta(seconds=1)
    assert desk.verify(bank, text)["valid"]
    [told] = desk.get(MINE, person)["items"]
    assert told["state"] == "active"


@pytest.mark.parametrize("change", [lambda t: "x", lambda t: t[1:], lambda t: t + "~", str.lower])
def test_what_is_no_presentation(desk: Desk, change: Callable[[str], str]) -> None:
    person, (audience, bank) = desk.person(), desk.bank()
    text = change(desk.make(person, audience=audience)["presentation"])
    found = desk.verify(bank, text)
    assert found["reason"] in {"malformed", "bad_signature", "no_key_binding"}
    assert found == NOTHING | {"valid": False, "reason": found["reason"]}


def test_other_tokens_of_ours_are_no_credentials(desk: Desk) -> None:
    person, (audience, bank) = desk.person(), desk.bank()
    made = desk.make(person, audience=audience)
    binding = made["presentation"].split("~")[-1]
    lists = desk.client.get(made["status"]["uri"]).get_data(as_text=True)
    for token in (person["Authorization"].split()[1], lists):
        assert desk.verify(bank, f"{token}~{binding}")["reason"] == "malformed"


def test_who_may_ask(desk: Desk) -> None:
    person = desk.person()
    body = {"presentation": "x", "nonce": "n"}
    assert desk.client.post(VERIFY, json=body).status_code == 401
    assert desk.client.post(VERIFY, json=body, headers=person).status_code == 403


# A stranger.


def test_a_library_that_is_not_ours_verifies_it_offline(desk: Desk) -> None:
    person = desk.person()
    made = desk.make(person, "grade", "factor_band", audience="https://stranger.example")
    keys = desk.their_keys()

    def issuer_key(_: str, header: dict[str, Any]) -> Any:
        return keys.get_key(header["kid"])

    found = SDJWTVerifier(
        made["presentation"], issuer_key, "https://stranger.example", NONCE
    ).get_verified_payload()
    assert {name: found[name] for name in ("grade", "factor_band")} == made["claims"]
    assert found["status"]["status_list"] == made["status"]
    assert desk.status(made) == 0
    assert desk.get("/v1/me/disclosures", person)["items"] == [], "nobody learns of it"
    with pytest.raises(ValueError, match="audience"):
        SDJWTVerifier(made["presentation"], issuer_key, "https://other.example", NONCE)


def test_the_example_for_banks_that_are_not_connected(desk: Desk) -> None:
    person = desk.person()
    desk.clock.instant = datetime.now(UTC)  # the example reads the machine's clock
    made = desk.make(person, "grade", audience="bank_of_the_sea")

    def fetch(url: str) -> str:
        return desk.client.get(url).get_data(as_text=True)

    asked = ("http://localhost", "bank_of_the_sea", NONCE, fetch)
    assert verify_attestation.verify(made["presentation"], *asked) == {"grade": "deep"}
    for wrong in ({1: "other"}, {2: "another nonce"}, {0: "https://other.example"}):
        changed = [wrong.get(place, each) for place, each in enumerate(asked)]
        with pytest.raises((verify_attestation.DoesNotHold, verify_attestation.jwt.PyJWTError)):
            verify_attestation.verify(made["presentation"], *changed)
    with pytest.raises(verify_attestation.DoesNotHold):
        verify_attestation.verify(made["credential"] + "e30.e30.e30", *asked)
    desk.client.delete(f"{MINE}/{made['id']}", headers=person)
    with pytest.raises(verify_attestation.DoesNotHold, match="revoked"):
        verify_attestation.verify(made["presentation"], *asked)
