"""What a resident gets: exactly what was chosen, for so long, and nothing that leads back."""

import base64
import json
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from app.attestations import sdjwt
from app.attestations.tables import attestation
from app.kernel import from_wire, to_wire
from app.plumbing.idempotency import table as answers
from tests.attestations.desk import ALL, CARD, COMMAND, MINE, NONCE, QUARTER, Desk, body_of, instant
from tests.attestations.forge import jwk
from tests.merchants.test_qr import read

SAYS = {"grade": "deep", "quarter": QUARTER, "factor_band": "500-749", "scorecard": CARD}
SUBSETS = [each for size in range(1, 5) for each in combinations(ALL, size)]


def everything_in(text: str) -> str:
    """All that a credential or a presentation says, with every part decoded."""
    parts = text.replace("~", ".").split(".")
    found = [base64.urlsafe_b64decode(each + "=" * (-len(each) % 4)) for each in parts if each]
    return " ".join([text, *(each.decode("latin-1") for each in found)])


def test_it_says_what_was_chosen_and_nothing_else_in_any_form(desk: Desk) -> None:
    person, (audience, bank) = desk.person(), desk.bank()
    for names in SUBSETS:
        made = desk.make(person, *names, audience=audience)
        assert made["claims"] == {name: SAYS[name] for name in names}
        verdict = desk.verify(bank, made["presentation"])
        assert verdict["claims"] == made["claims"]
        whole = everything_in(made["presentation"])
        assert [name for name in ALL if f'"{name}"' in whole] == list(names)
        assert [name for name in ALL if SAYS[name] in whole] == list(names)
        assert "640" not in json.dumps(body_of(made["credential"])), "never the exact factor"
        end = desk.get(f"{MINE}?limit=1", person)["items"][0]["id"]
        assert desk.client.delete(f"{MINE}/{end}", headers=person).status_code == 204


def test_how_many_were_chosen_does_not_show(desk: Desk) -> None:
    person = desk.person()
    counts = {len(body_of(desk.make(person, *names)["credential"])["_sd"]) for names in SUBSETS}
    assert len(counts) == 1


def test_nothing_in_it_leads_to_the_resident_or_to_another_one(desk: Desk) -> None:
    person = desk.person()
    one, two = desk.make(person), desk.make(person)
    who = to_wire("res", desk.id_of(person))
    for made in (one, two):
        whole = everything_in(made["presentation"])
        assert who not in whole
        assert made["id"] not in whole
        assert body_of(made["credential"]).keys() == {
            *("_sd", "_sd_alg", "iss", "iat", "exp", "vct", "cnf", "status")
        }
    bodies = [body_of(made["credential"]) for made in (one, two)]
    assert not {*bodies[0]["_sd"]} & {*bodies[1]["_sd"]}
    salts = [{*made["credential"].rstrip("~").split("~")[1:]} for made in (one, two)]
    assert not salts[0] & salts[1]
    assert bodies[0]["cnf"] != bodies[1]["cnf"]
    assert one["status"]["idx"] != two["status"]["idx"]


def test_nothing_of_it_is_kept_but_a_few_words(desk: Desk) -> None:
    person = desk.person()
    made = desk.make(person, audience="bank_of_the_sea")
    with desk.house.look(COMMAND) as work:
        row = work.db.execute(sa.select(attestation)).one()
        kept = work.db.scalars(sa.select(answers.c.answer)).all()
    assert row.claims == "grade,quarter,factor_band,scorecard"
    values = " ".join(map(str, row))
    assert not [each for each in ("bank_of_the_sea", "deep", "500-749", CARD) if each in values]
    # The answer that is kept for who asks again is sealed.
    assert not [each for each in kept if each and made["credential"].encode() in each]
    [told] = desk.get(MINE, person)["items"]
    assert told == {
        "id": made["id"],
        "claims": list(ALL),
        "quarter": QUARTER,
        "state": "active",
        "issued_at": "2026-03-10T12:00:00+08:00",
        "expires_at": "2026-03-10T12:15:00+08:00",
        "ended_at": None,
        "why": None,
    }


def test_asked_again_it_is_the_same_one(desk: Desk) -> None:
    person = desk.person()
    body = {"claims": ["grade"], "audience": "anybank", "nonce": NONCE}
    first, again = (desk.post(MINE, person, body, "one key") for _ in range(2))
    assert first.get_json() == again.get_json()
    assert len(desk.get(MINE, person)["items"]) == 1


@pytest.mark.parametrize(
    ("factor", "band"),
    [
        *((0, "0-249"), (249, "0-249"), (250, "250-499"), (749, "500-749")),
        *((750, "750-1000"), (1000, "750-1000")),
    ],
)
def test_bands_of_the_factor(desk: Desk, factor: int, band: str) -> None:
    made = desk.make(desk.person(factor=factor), "factor_band")
    assert made["claims"] == {"factor_band": band}


def test_for_how_long(desk: Desk) -> None:
    person = desk.person()
    for minutes, asked in ((15, {}), (1, {"minutes": 1}), (1440, {"minutes": 1440})):
        made = desk.make(person, **asked)
        end = instant(made["expires_at"])
        assert end - desk.clock.now() == timedelta(minutes=minutes)
        body = body_of(made["credential"])
        assert body["exp"] - body["iat"] == minutes * 60
        assert body["exp"] == int(end.timestamp())
    for minutes in (0, -1, 1441):
        body = {"claims": ["grade"], "audience": "b", "nonce": NONCE, "minutes": minutes}
        assert desk.post(MINE, person, body).status_code == 422


def test_with_a_key_of_ones_own_the_service_binds_nothing(desk: Desk) -> None:
    person, (audience, bank) = desk.person(), desk.bank()
    for key in (ec.generate_private_key(ec.SECP256R1()), ed25519.Ed25519PrivateKey.generate()):
        told = jwk(key.public_key())
        made = desk.make(person, "grade", holder_key=told | {"kid": "my phone"})
        assert "presentation" not in made
        holder = body_of(made["credential"])["cnf"]["jwk"]
        assert holder == {name: told[name] for name in told if name in ("kty", "crv", "x", "y")}
        assert desk.verify(bank, made["credential"])["reason"] == "no_key_binding"
        if "y" in holder:
            shown = sdjwt.bind(made["credential"], key, audience, NONCE, desk.clock.now())
            assert desk.verify(bank, shown)["claims"] == {"grade": "deep"}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/claims"),
        ({"claims": []}, "/claims"),
        ({"claims": ["grade", "grade"], "audience": "b", "nonce": NONCE}, "/claims"),
        ({"claims": ["factor"]}, "/claims"),
        ({"claims": ["grade"], "nonce": NONCE}, "/audience"),
        ({"claims": ["grade"], "audience": "b"}, "/nonce"),
        ({"claims": ["grade"], "audience": "b", "nonce": "short"}, "/nonce"),
        ({"claims": ["grade"], "audience": "b" * 121, "nonce": NONCE}, "/audience"),
        ({"claims": ["grade"], "audience": "银行", "nonce": NONCE}, "/audience"),
        ({"claims": ["grade"], "holder_key": {}, "audience": "b"}, "/audience"),
        ({"claims": ["grade"], "holder_key": {}}, "/holder_key"),
        ({"claims": ["grade"], "holder_key": {"kty": "oct", "k": "YQ"}}, "/holder_key"),
    ],
)
def test_what_cannot_be_asked_for(desk: Desk, body: dict[str, Any], pointer: str) -> None:
    answer = desk.post(MINE, desk.person(), body)
    assert answer.status_code == 422
    assert pointer in json.dumps(answer.get_json()["errors"])


def test_a_private_key_is_not_taken(desk: Desk) -> None:
    key = jwk(ed25519.Ed25519PrivateKey.generate().public_key()) | {"d": "c2VjcmV0"}
    answer = desk.post(MINE, desk.person(), {"claims": ["grade"], "holder_key": key})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "bad_holder_key")


def test_without_a_grade_there_is_nothing_to_say(desk: Desk) -> None:
    body = {"claims": ["grade"], "audience": "anybank", "nonce": NONCE}
    nobody = desk.person()
    desk.graded(nobody, None, 0, version=2)
    answer = desk.post(MINE, nobody, body)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "no_grade")
    assert desk.get(MINE, nobody)["items"] == []


def test_there_is_an_end_to_how_many(desk: Desk) -> None:
    person = desk.person()
    for _ in range(20):
        desk.make(person, "grade")
    body = {"claims": ["grade"], "audience": "anybank", "nonce": NONCE}
    answer = desk.post(MINE, person, body)
    assert answer.get_json()["code"] == "too_many_attestations"
    desk.clock.instant += timedelta(minutes=15)
    desk.make(person, "grade")


def test_as_a_picture(desk: Desk) -> None:
    person = desk.person()
    longest = desk.make(person, audience="a" * 120, nonce="n" * 120)
    assert read(longest["svg"]) == longest["presentation"]
    key = jwk(ec.generate_private_key(ec.SECP256R1()).public_key())
    held = desk.make(person, holder_key=key)
    assert read(held["svg"]) == held["credential"]


def test_everything_about_me_has_them(desk: Desk) -> None:
    from app import attestations

    person = desk.person()
    made = desk.make(person, "grade", "quarter")
    with desk.house.look(COMMAND) as work:
        [told] = attestations.copy_of(work, desk.id_of(person))["attestations"]
    assert (told["id"], told["claims"], told["idx"]) == (
        *(made["id"], ["grade", "quarter"], made["status"]["idx"]),
    )
    assert from_wire("stl", told["status_list"])
