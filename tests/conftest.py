"""Fixtures for all rooms: the application on both databases, its clock, and who calls it.

A test that asks for `database_url` (by way of `app`, `client`, `house` …) runs twice: on a SQLite
file copied from a template, and in its worker's PostgreSQL database, empty for each.
"""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

import app as weitan
from app import identity
from app.kernel import FixedClock
from app.plumbing import Actor, House
from app.plumbing import house as house_of
from app.plumbing.db import db, metadata, prepare_engine
from app.plumbing.keys import first_signing_key, make_data_keys
from app.settings import Settings
from tests import postgres
from tests.emptied import Emptied

NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)  # noon of the day in the city
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
ROOT = Path(__file__).resolve().parents[1]

# Where Python is told to keep nothing it has compiled, each of the many commands and servers of a
# run would compile the whole house anew: they keep it apart, with what pytest keeps.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
    os.environ["PYTHONPYCACHEPREFIX"] = str(ROOT / ".pytest_cache" / "compiled")

Headers = dict[str, str]


def pytest_collection_finish() -> None:
    """What is there before the first test stays: the collector need not walk it again and again."""
    gc.collect()
    gc.freeze()


def make_tables(url: str) -> str:
    for room in weitan.ROOMS:
        import_module(f"app.{room}")
    engine = prepare_engine(sa.create_engine(url))
    metadata.create_all(engine)
    engine.dispose()
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "weitan.db"
    make_tables(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Emptied]:
    database = Emptied(make_tables(postgres.create_database(f"test_{WORKER}")))
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database with all tables."""
    if request.param == "sqlite":
        copy = tmp_path / "weitan.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), copy)
        yield f"sqlite:///{copy}"
    else:
        database: Emptied = request.getfixturevalue("postgresql")
        yield database.url
        database.empty()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table, for those who migrate it themselves."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        name = f"empty_{WORKER}"
        yield postgres.create_database(name)
        postgres.drop_database(name)


@pytest.fixture(scope="session")
def key_folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Signing keys and data keys, shared by all tests that do not rotate them."""
    folder = tmp_path_factory.mktemp("keys")
    first_signing_key(folder / "signing")
    make_data_keys(folder / "data")
    return folder / "signing", folder / "data"


@pytest.fixture
def settings(database_url: str, key_folders: tuple[Path, Path], tmp_path: Path) -> Settings:
    signing, data = key_folders
    return Settings(
        database_url=database_url, signing_keys=signing, data_keys=data, instance=tmp_path
    )


@pytest.fixture
def clock() -> FixedClock:
    """A clock that a test may set forward."""
    return FixedClock(NOON)


@pytest.fixture
def make_app(settings: Settings, clock: FixedClock) -> Iterator[Callable[..., Flask]]:
    """Makes applications on this test's database: settings by name, `ports` as in create_app."""
    made: list[Flask] = []

    def make(ports: dict[str, Any] | None = None, **changes: Any) -> Flask:
        made.append(weitan.create_app(replace(settings, **changes), clock, ports))
        return made[-1]

    yield make
    for each in made:
        with each.app_context():
            db.engine.dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def house(app: Flask) -> House:
    return house_of(app)


def sign_in(client: FlaskClient, phone: str = "13800000001", **more: Any) -> dict[str, Any]:
    """Sign in by one-time code, as a resident does; the answer of the token endpoint."""
    code = client.post("/v1/auth/otp", json={"phone": phone}).get_json()["dev_code"]
    body = {"grant_type": "otp", "phone": phone, "code": code} | more
    answer = client.post("/v1/auth/token", json=body)
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def bearer(token: dict[str, Any]) -> Headers:
    return {"Authorization": f"Bearer {token['access_token']}"}


@pytest.fixture
def resident(client: FlaskClient) -> Headers:
    """The headers of a signed-in resident."""
    return bearer(sign_in(client))


@pytest.fixture
def register(app: Flask) -> Callable[..., tuple[str, str]]:
    """Registers clients: `register("provider", "Bus", …)` → id and secret."""

    def make(scope: str = "provider", name: str = "Bus", **more: Any) -> tuple[str, str]:
        with house_of(app).work(Actor("command")) as work:
            return identity.create_client(work, scope, name, **more)

    return make


@pytest.fixture
def provider(client: FlaskClient, register: Callable[..., tuple[str, str]]) -> Headers:
    """The headers of a provider."""
    body = {"grant_type": "client_credentials"}
    return bearer(client.post("/v1/auth/token", json=body, auth=register()).get_json())
