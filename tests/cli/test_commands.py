"""Commands: one line of JSON, and a *no* that says what to do next."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
import sqlalchemy as sa
from click.testing import Result
from cryptography.hazmat.primitives.asymmetric import ed25519
from flask import Flask
from flask.testing import FlaskClient

from app import demo, ledger, webhooks
from app.demo.habits import SOURCES
from app.plumbing import Actor, house
from tests.conftest import bearer

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Runs a command of the application."""
    return lambda *words: app.test_cli_runner().invoke(args=words)


def answer(done: Result) -> dict[str, Any]:
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert len(lines) == 1
    found: dict[str, Any] = json.loads(lines[0])
    return found


def refusal(done: Result) -> str:
    """What a refused command says; never a traceback."""
    assert done.exit_code == 1, done.output
    assert isinstance(done.exception, SystemExit)
    return done.stderr


def test_a_client_is_made_with_a_secret_that_works(run: Run, client: FlaskClient) -> None:
    words = ("--scope", "provider", "--name", "Bus", "--kind", "clearing")
    made = answer(run("client", "create", *words, "--behaviours", "bus_ride, metro_ride"))
    token = client.post(
        "/v1/auth/token",
        json={"grant_type": "client_credentials"},
        auth=(made["client_id"], made["client_secret"]),
    )
    assert token.get_json()["scope"] == "provider"
    assert answer(run("client", "list"))["clients"] == [
        {
            "client_id": made["client_id"],
            "scope": "provider",
            "name": "Bus",
            "kind": "clearing",
            "behaviours": ["bus_ride", "metro_ride"],
            "active": True,
        }
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--scope", "king", "--name", "K"), "provider, merchant, partner, bank, operator"),
        (("--scope", "bank", "--name", "B", "--kind", "bench"), "government, utility"),
        (("--scope", "bank", "--name", " "), "1 to 100 characters"),
        (("--scope", "bank", "--name", "B", "--behaviours", "bus_ride"), "Only providers"),
        (("--scope", "provider", "--name", "P", "--behaviours", "bus,tram"), "bus, tram"),
    ],
)
def test_a_client_that_cannot_be_is_refused(run: Run, words: tuple[str, ...], said: str) -> None:
    assert said in refusal(run("client", "create", *words))


def test_a_bank_is_seated_and_signs_with_keys_of_its_own(
    run: Run, client: FlaskClient, tmp_path: Path
) -> None:
    files = []
    for name in ("first", "second"):
        public = ed25519.Ed25519PrivateKey.generate().public_key()
        jwk = jwt.algorithms.OKPAlgorithm.to_jwk(public, as_dict=True) | {"kid": name}
        files.append(tmp_path / f"{name}.jwk")
        files[-1].write_text(json.dumps(jwk))
    words = ("--scope", "bank", "--name", "Demo City Bank", "--bank", "demo_city_bank")
    made = answer(run("client", "create", *words, "--key", str(files[0])))
    assert made["bank"] == "demo_city_bank"
    assert (made["client_secret"], made["kid"]) == (None, "first")
    bank = made["client_id"]
    both = answer(run("client", "key", bank, str(files[1])))
    assert sorted(both["keys"]) == ["first", "second"]
    assert answer(run("client", "key", bank, "--remove", "first"))["keys"] == ["second"]
    assert "no key" in refusal(run("client", "key", bank, "--remove", "first"))
    alone = answer(run("client", "create", "--scope", "bank", "--name", "Hill Bank"))
    assert alone["bank"] == alone["client_id"]
    assert alone["client_secret"]
    bound = answer(run("client", "bind", alone["client_id"], "--bank", "demo_city_bank"))
    assert bound["bank"] == "demo_city_bank"
    told = answer(run("webhook", "register", bank, "http://127.0.0.1:9/events"))
    assert told["party"] == "demo_city_bank"


def test_an_import_for_nobody_says_who_there_is_to_ask(run: Run) -> None:
    words = ("activities", "import", "night.csv", "--format", "csv", "--provider", "cli_nobody")
    assert "flask client list" in refusal(run(*words))


def test_jobs_are_listed_and_run(run: Run) -> None:
    listed = {each["name"]: each for each in answer(run("jobs", "list"))["jobs"]}
    assert listed["ledger.book_due"]["every_seconds"] == 600
    assert listed["activities.rescore"]["every_seconds"] is None
    assert answer(run("jobs", "run", "ledger.book_due")) == {"job": "ledger.book_due", "done": 0}
    assert "ledger.close_hours" in refusal(run("jobs", "run", "ledger.sleep"))


def test_the_demo_city_is_made_once(app: Flask, run: Run, client: FlaskClient) -> None:
    first = answer(run("demo", "seed"))
    assert first == {
        "residents": 52, "cards": 52, "taps": 320, "credited": 83, "points": first["points"],
    }  # fmt: skip
    assert answer(run("demo", "seed")) == first
    visitor = answer(run("demo", "token"))
    mine = client.get("/v1/me/points", headers=bearer(visitor)).get_json()
    assert mine["available"] != "0.00"
    assert answer(run("ledger", "audit")) == {
        "ok": True, "residents": 52, "issued": first["points"],
    }  # fmt: skip


def test_every_metro_ride_and_bus_tap_of_the_demo_lies_in_the_two_days_before_it_opened(
    app: Flask, run: Run, client: FlaskClient
) -> None:
    answer(run("demo", "seed"))
    here = house(app)
    with here.look(Actor("command")) as work:
        days = {
            entry["earned_on"]
            for resident in demo.residents(work)
            for entry in rides(client, app, resident)
        }
    assert days == {"2026-03-07", "2026-03-08"}


def rides(client: FlaskClient, app: Flask, resident: bytes) -> list[dict[str, Any]]:
    headers = bearer({"access_token": demo.token_of(house(app), resident)})
    items = client.get("/v1/me/activities", headers=headers).get_json()["items"]
    lived = {behaviour for source in SOURCES for behaviour in source.behaviours}
    assert {each["behaviour"] for each in items} <= {"bus_ride", "metro_ride"} | lived
    return [each for each in items if each["behaviour"] not in lived]


def test_a_visitor_without_a_city_is_told_how_to_make_one(run: Run) -> None:
    assert "flask demo seed" in refusal(run("demo", "token"))


def test_the_partner_s_office_comes_with_the_running_city(
    app: Flask, run: Run, client: FlaskClient
) -> None:
    answer(run("demo", "seed"))
    assert "flask up" in refusal(run("demo", "token", "--as", "partner"))
    book = house(app).settings.instance / "partner.sqlite3"
    book.write_text("of a city before")
    seat = demo.take_seat(house(app), "http://127.0.0.1:8100/webhooks")
    assert not book.exists()
    book.write_text("of this one")
    before = answer(run("demo", "token", "--as", "partner"))
    assert before["who"] == seat.client_id
    links = client.get("/v1/partner/links", headers=bearer(before))
    assert links.get_json() == {"items": [], "next_cursor": None}

    again = demo.take_seat(house(app), "http://127.0.0.1:8101/webhooks")
    assert book.read_text() == "of this one"
    assert client.get("/v1/partner/links", headers=bearer(before)).status_code == 403
    keys = {"json": {"grant_type": "client_credentials"}, "auth": (again[0], again[1])}
    assert client.post("/v1/auth/token", **keys).get_json()["scope"] == "partner"
    with house(app).look(Actor("command")) as work:
        told = webhooks.endpoint(work, seat.code)
    assert told is not None
    assert told.url == "http://127.0.0.1:8101/webhooks"


def test_the_audit_names_the_first_difference(app: Flask, run: Run) -> None:
    answer(run("demo", "seed"))
    with house(app).work(Actor("command")) as work:
        work.db.execute(sa.text("UPDATE account SET balance = balance + 1"))
    done = run("ledger", "audit")
    assert "off its transfers by 1" in refusal(done)
    assert json.loads(done.stdout)["ok"] is False


def test_the_audit_scores_again(app: Flask, run: Run) -> None:
    answer(run("demo", "seed"))
    with house(app).work(Actor("command")) as work:
        work.db.execute(sa.text("UPDATE tally SET units = units + 1"))
    assert "the tally of" in refusal(run("ledger", "audit"))


def test_without_tables_every_command_says_how_to_make_them(
    make_app: Callable[..., Flask], empty_database_url: str
) -> None:
    app = make_app(database_url=empty_database_url)
    for words in (("jobs", "list"), ("ledger", "audit"), ("demo", "seed"), ("client", "list")):
        said = refusal(app.test_cli_runner().invoke(args=words))
        assert "flask db upgrade" in said


def test_a_database_that_is_away_is_one_sentence(make_app: Callable[..., Flask]) -> None:
    app = make_app(database_url="postgresql+psycopg://nobody:secret@127.0.0.1:9/none")
    said = refusal(app.test_cli_runner().invoke(args=("client", "list")))
    assert "does not answer" in said
    assert "secret" not in said


def test_issued_points_are_those_of_the_ledger(app: Flask, run: Run) -> None:
    issued = answer(run("demo", "seed"))["points"]
    with house(app).look(Actor("command")) as work:
        debits, credits = ledger.totals(work)[ledger.ISSUANCE]
    assert f"{(debits - credits) // 100}.{(debits - credits) % 100:02d}" == issued
