"""Composition root: `create_app`. The only module that knows every room."""

import importlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_migrate import Migrate

from app import clearing as clearing  # it has no api; its tables belong to the metadata
from app import rulebook
from app.kernel import Clock, SystemClock
from app.plumbing import api as http
from app.plumbing import idempotency as idempotency  # its table belongs to the metadata
from app.plumbing import jobs as jobs  # so does this one's
from app.plumbing import limits, observing
from app.plumbing.db import db, engine_options, prepare_engine
from app.plumbing.keys import DataKeys, SigningKeys, first_signing_key, make_data_keys
from app.plumbing.work import House
from app.settings import Settings

VERSION = "1.0.0"
ROOMS = (
    "identity",
    "consent",
    "ledger",
    "approvals",
    "webhooks",
    "merchants",
    "activities",
    "settlement",
    "redemption",
    "recognition",
    "grades",
    "credit",
    "attestations",
    "objections",
    "reports",
)
_MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def create_app(
    settings: Settings | None = None,
    clock: Clock | None = None,
    ports: Mapping[str, Any] | None = None,
) -> Flask:
    """The application of one deployment. Raises `BadSetting` or `BadRule` rather than start ill.

    `ports` replaces adapters by name (`sms`, `person`, `ownership`); the development ones are
    the default outside production.
    """
    settings = settings or Settings.from_env()
    app = Flask(__name__)
    app.config |= {
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url, settings.database_pool),
        "MAX_CONTENT_LENGTH": settings.body_bytes,
        "MAX_FORM_MEMORY_SIZE": settings.body_bytes,
    }
    if settings.database_url.startswith("sqlite:///"):
        Path(settings.database_url.removeprefix("sqlite:///")).parent.mkdir(
            parents=True, exist_ok=True
        )
    db.init_app(app)
    Migrate(app, db, directory=str(_MIGRATIONS), render_as_batch=True)
    here = _open_house(app, settings, clock or SystemClock(), ports or {})
    app.extensions["weitan"] = here
    app.config["SECRET_KEY"] = here.data_keys.secret("cookies")  # every process has the same
    observing.init(app, lambda: _ready(app))  # first: whatever refuses a request names its id
    api = http.init(app, VERSION)
    _open_rooms(api)
    _open_pages(app, settings)
    limits.init(app, settings)
    from app import cli

    cli.init(app)
    return app


def _open_house(app: Flask, settings: Settings, clock: Clock, ports: Mapping[str, Any]) -> House:
    if not settings.production:
        make_data_keys(settings.data_keys)
        first_signing_key(settings.signing_keys)
    with app.app_context():
        engine = prepare_engine(db.engine)
    return House(
        engine=engine,
        clock=clock,
        rules=rulebook.load(settings.pack_folder),
        data_keys=DataKeys(settings.data_keys),
        signing_keys=SigningKeys(settings.signing_keys),
        settings=settings,
        ports={**_ports(settings), **ports},
    )


def _ports(settings: Settings) -> dict[str, Any]:
    """What rooms are given of each other: adapters, books, kinds of approval."""
    from app import (
        activities,
        consent,
        credit,
        identity,
        merchants,
        objections,
        recognition,
        redemption,
        settlement,
    )

    found = (
        identity.default_ports(settings)
        | consent.default_ports(settings)
        | activities.default_ports(settings)
        | recognition.default_ports(settings)
    )
    books = {book.name: book for room in (redemption, recognition) for book in room.BOOKS}
    kinds = [
        *settlement.approvals(books),
        *(
            kind
            for room in (merchants, redemption, recognition, objections)
            for kind in room.APPROVALS
        ),
    ]
    found |= {"recipients": credit.recipient, "revoked": credit.revoked}
    return found | {"books": books, "approvals": {kind.name: kind for kind in kinds}}


def _open_rooms(api: http.Api) -> None:
    for room in ROOMS:
        for blueprint in importlib.import_module(f"app.{room}.api").blueprints:
            api.register_blueprint(blueprint)


def _open_pages(app: Flask, settings: Settings) -> None:
    from app import demo, pages

    pages.init(app, settings)
    if settings.demo:
        app.register_blueprint(demo.doors)


def _ready(app: Flask) -> dict[str, Any]:
    """Database answers, migrations are at head, the rulebook is the one that was loaded."""
    here: House = app.extensions["weitan"]
    checks = {"database": False, "migrations": False}
    with suppress(sa.exc.DBAPIError), here.engine.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
        checks["database"] = True
        found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
        checks["migrations"] = found == _head()
    return {"checks": checks, "rulebook": here.rules.digest, "version": VERSION}


def _head() -> str | None:
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(_MIGRATIONS)).get_current_head()
