"""Page sessions: how they begin, how long they last, what ends them, what is kept of them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app import identity
from app.identity import Session
from app.identity.presence import page_session
from app.kernel import FixedClock, Forbidden, Malformed, Refusal, Refused, Unauthorized, from_wire
from app.plumbing import Actor, House
from app.plumbing import house as house_of
from tests.conftest import bearer, sign_in

PHONE, OTHER = "13812345678", "13912345678"
VISITOR = Actor("visitor")
Register = Callable[..., tuple[str, str]]
Begun = tuple[str, Session]


def code_for(client: FlaskClient, phone: str = PHONE) -> str:
    return client.post("/v1/auth/otp", json={"phone": phone}).get_json()["dev_code"]


def other(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def attempt(house: House, code: str, phone: str = PHONE, **more: Any) -> Begun | Refused:
    """As an edge does: what is returned is committed, what is raised is not."""
    with house.work(VISITOR) as work:
        return identity.enter_by_code(work, house.ports["person"], phone, code, **more)


def entered(house: House, client: FlaskClient, phone: str = PHONE, **more: Any) -> Begun:
    found = attempt(house, code_for(client, phone), phone, **more)
    assert not isinstance(found, Refused)
    return found


def refused(house: House, code: str, phone: str = PHONE) -> str:
    found = attempt(house, code, phone)
    assert isinstance(found, Refused)
    return found.refusal.code


def by_secret(house: House, wire: str, secret: str) -> Begun:
    with house.work(VISITOR) as work:
        return identity.enter_by_secret(work, wire, secret)


def seen(house: House, key: str) -> Session | None:
    with house.look(VISITOR) as work:
        return identity.session_of(work, key)


def rows(house: House) -> list[Any]:
    with house.look(VISITOR) as work:
        return list(work.db.execute(sa.select(page_session)).all())


def test_a_code_opens_a_session_and_no_sign_in(house: House, client: FlaskClient) -> None:
    key, session = entered(house, client)
    profile = client.get("/v1/me", headers=bearer(sign_in(client, PHONE))).get_json()
    assert (session.scope, session.wire) == ("resident", profile["id"])
    assert session.subject == from_wire("res", session.wire)
    assert seen(house, key) == session
    with house.look(VISITOR) as work:
        kept = identity.copy_of(work, session.subject)
    assert len(kept["sign_ins"]) == 1  # the one by which the profile was read
    assert len(kept["page_sessions"]) == 1


def test_the_key_is_long_and_kept_nowhere(house: House, client: FlaskClient) -> None:
    key, _ = entered(house, client)
    again, _ = entered(house, client)
    assert key != again
    assert len(key) == 43
    assert {row.digest for row in rows(house)} == {
        sha256(each.encode()).digest() for each in (key, again)
    }
    for wrong in ("", key[:-1], key + "A", again[::-1], "é"):
        assert seen(house, wrong) is None


def test_a_key_is_no_access_token(house: House, client: FlaskClient) -> None:
    key, _ = entered(house, client)
    assert client.get("/v1/me", headers={"Authorization": f"Bearer {key}"}).status_code == 401


def test_a_code_works_once_wherever(house: House, client: FlaskClient) -> None:
    code = code_for(client)
    assert not isinstance(attempt(house, code), Refused)
    assert refused(house, code) == "invalid_grant"
    body = {"grant_type": "otp", "phone": PHONE, "code": code}
    assert client.post("/v1/auth/token", json=body).status_code == 400


def test_wrong_tries_are_counted_together_with_those_for_tokens(
    house: House, client: FlaskClient
) -> None:
    code = code_for(client)
    for _ in range(house.settings.otp_attempts - 1):
        assert refused(house, other(code)) == "invalid_grant"
    body = {"grant_type": "otp", "phone": PHONE, "code": other(code)}
    assert client.post("/v1/auth/token", json=body).get_json()["code"] == "invalid_grant"
    assert refused(house, code) == "invalid_grant"
    body["code"] = code
    assert client.post("/v1/auth/token", json=body).get_json()["code"] == "invalid_grant"
    assert rows(house) == []


def test_a_code_is_old_after_five_minutes(
    house: House, client: FlaskClient, clock: FixedClock
) -> None:
    code = code_for(client)
    clock.instant += timedelta(seconds=house.settings.otp_seconds)
    assert refused(house, code) == "invalid_grant"


def test_eight_entries_at_once_with_one_code_make_one(house: House, client: FlaskClient) -> None:
    code = code_for(client)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: attempt(house, code), range(8)))
    assert sum(not isinstance(each, Refused) for each in found) == 1
    assert len(rows(house)) == 1


def test_what_is_no_number_is_told_so(house: House) -> None:
    for phone, code in (("12", "123456"), (PHONE, "")):
        with pytest.raises(Malformed) as told:
            attempt(house, code, phone)
        assert told.value.code == "invalid_request"


def test_production_opens_no_account_without_acceptance(make_app: Callable[..., Flask]) -> None:
    sent: list[str] = []

    class Sms:
        def send(self, phone: str, code: str) -> None:
            sent.append(code)

    app = make_app(ports={"sms": Sms()}, app_env="production")
    app.test_client().post("/v1/auth/otp", json={"phone": PHONE})
    with pytest.raises(Refusal) as told:
        attempt(house_of(app), sent[0])
    assert told.value.code == "accept_required"
    accept = {"agreement": "2026-01", "notice": "2026-01"}
    assert not isinstance(attempt(house_of(app), sent[0], accept=accept), Refused)


def test_companies_enter_by_their_secret(house: House, register: Register) -> None:
    for scope in ("merchant", "bank", "operator"):
        wire, secret = register(scope, scope.title())
        key, session = by_secret(house, wire, secret)
        assert (session.scope, session.wire) == (scope, wire)
        assert session.subject == from_wire("cli", wire)
        assert seen(house, key) == session


def test_a_wrong_secret_and_a_scope_without_pages_are_refused(
    house: House, register: Register
) -> None:
    wire, secret = register("merchant", "Café")
    for pair in ((wire, secret + "x"), (wire, ""), ("cli_" + "0" * 26, secret), ("", "")):
        with pytest.raises(Unauthorized) as told:
            by_secret(house, *pair)
        assert told.value.code == "invalid_client"
    for scope in ("provider", "partner"):
        with pytest.raises(Forbidden) as other_told:
            by_secret(house, *register(scope, scope.title()))
        assert other_told.value.code == "wrong_scope"
    assert rows(house) == []


@pytest.mark.parametrize(
    ("scope", "hours"), [("resident", 720), ("merchant", 12), ("bank", 8), ("operator", 8)]
)
def test_each_lasts_its_time_however_much_it_is_used(
    house: House, clock: FixedClock, register: Register, scope: str, hours: int
) -> None:
    with house.work(VISITOR) as work:
        subject = identity.demo_resident(work, PHONE)
    if scope != "resident":
        subject = from_wire("cli", register(scope, scope.title())[0]) or b""
    with house.work(VISITOR) as work:
        key, session = identity.enter(work, scope, subject)
    assert session.ends_at == clock.instant + timedelta(hours=hours)
    clock.instant += timedelta(hours=hours) - timedelta(seconds=1)
    assert seen(house, key) == session
    clock.instant += timedelta(seconds=1)
    assert seen(house, key) is None


def test_the_demo_s_door_is_shut_in_production(make_app: Callable[..., Flask]) -> None:
    strict = house_of(make_app(app_env="production"))
    with strict.work(VISITOR) as work, pytest.raises(RuntimeError):
        identity.enter(work, "resident", bytes(16))


def test_leaving_ends_this_session_alone_and_twice_is_nothing(
    house: House, client: FlaskClient, clock: FixedClock
) -> None:
    (key, _), (other_key, _) = entered(house, client), entered(house, client)
    left_at = clock.instant + timedelta(minutes=5)
    for _ in range(2):
        clock.instant += timedelta(minutes=5)
        with house.work(VISITOR) as work:
            identity.leave_session(work, key)
            identity.leave_session(work, "nobody's")
    assert seen(house, key) is None
    assert seen(house, other_key) is not None
    assert left_at in {row.ends_at for row in rows(house)}


def test_closing_the_account_ends_its_sessions(house: House, client: FlaskClient) -> None:
    key, _ = entered(house, client)
    stays, _ = entered(house, client, OTHER)
    headers = bearer(sign_in(client, PHONE))
    assert client.delete("/v1/me?confirm=true", headers=headers).status_code == 200
    assert seen(house, key) is None
    assert seen(house, stays) is not None


def test_a_session_that_began_while_its_account_was_closed_opens_nothing(
    house: House, client: FlaskClient
) -> None:
    _, session = entered(house, client)
    with house.work(VISITOR) as work:
        identity.close(work, session.subject)
        late, _ = identity.enter(work, "resident", session.subject)
    assert seen(house, late) is None


def test_switching_a_client_off_ends_its_sessions(house: House, register: Register) -> None:
    wire, secret = register("merchant", "Café")
    key, session = by_secret(house, wire, secret)
    with house.work(VISITOR) as work:
        identity.switch_off(work, session.subject)
        late, _ = identity.enter(work, "merchant", session.subject)
    assert (seen(house, key), seen(house, late)) == (None, None)
    with pytest.raises(Unauthorized) as told:
        by_secret(house, wire, secret)
    assert told.value.code == "invalid_client"


def test_a_replaced_number_ends_the_sessions_of_before_and_sign_ins(
    house: House, client: FlaskClient
) -> None:
    before, session = entered(house, client, PHONE, proof="Li Hua")
    tokens = sign_in(client, PHONE, proof="Li Hua")
    same, _ = entered(house, client, PHONE, proof="Li Hua")
    assert seen(house, before) is not None
    now, moved = entered(house, client, OTHER, proof="Li Hua")
    assert moved.subject == session.subject
    assert (seen(house, before), seen(house, same)) == (None, None)
    assert seen(house, now) == moved
    renewal = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    assert client.post("/v1/auth/token", json=renewal).status_code == 400
    sign_in(client, PHONE, proof="Li Hua")  # and back: for tokens the same
    assert seen(house, now) is None


def test_what_has_ended_is_kept_as_long_as_sign_ins_are(
    house: House, client: FlaskClient, clock: FixedClock
) -> None:
    _, session = entered(house, client)
    job, _, _ = identity.JOBS["identity.forget_sign_ins"]
    kept = house.rules.privacy.kept_days("sign_ins")
    clock.instant = session.ends_at + timedelta(days=kept or 0)
    with house.work(VISITOR) as work:
        assert job(work) == 0
    clock.instant += timedelta(seconds=1)
    with house.work(VISITOR) as work:
        assert job(work) == 1
        assert job(work) == 0
    assert rows(house) == []


def test_the_export_tells_when_and_never_the_key(house: House, client: FlaskClient) -> None:
    key, _ = entered(house, client)
    headers = bearer(sign_in(client, PHONE))
    answer = client.get("/v1/me/export", headers=headers)
    assert answer.get_json()["sections"]["page_sessions"] == [
        {"began_at": "2026-03-10T12:00:00+08:00", "ends_at": "2026-04-09T12:00:00+08:00"}
    ]
    text = answer.get_data(as_text=True)
    assert key not in text
    assert sha256(key.encode()).hexdigest() not in text
