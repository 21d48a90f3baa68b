"""The migrations make, from nothing and on both databases, exactly what the code declares."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from app.plumbing import house as house_of
from app.plumbing.db import metadata
from tests import postgres
from tests.conftest import WORKER

ROOT = Path(__file__).resolve().parents[2]
MIGRATIONS = ROOT / "migrations"


@pytest.fixture
def database_url(empty_database_url: str) -> str:
    return empty_database_url


@pytest.fixture
def migrated(app: Flask) -> Flask:
    with app.app_context():
        flask_migrate.upgrade()
    return app


def test_the_application_starts_before_there_is_a_table(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["checks"]["migrations"] is False


def test_after_the_migrations_the_service_is_ready(migrated: Flask) -> None:
    assert migrated.test_client().get("/readyz").get_json()["status"] == "ready"


def test_migrated_again_nothing_happens(migrated: Flask) -> None:
    before = everything(migrated)
    with migrated.app_context():
        flask_migrate.upgrade()
    assert everything(migrated) == before


def test_alembic_finds_no_difference(migrated: Flask) -> None:
    with house_of(migrated).engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_what_is_migrated_is_what_is_declared(
    migrated: Flask, make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    """Alembic compares no CHECK and no index method: so everything is compared, as SQL has it."""
    made = everything(migrated)
    with declared(make_app, house_of(migrated).engine.dialect.name, tmp_path) as other:
        metadata.create_all(house_of(other).engine)
        told = everything(other)
    assert {k for k in made if k[1] == "alembic_version"} == set(made) - set(told)
    assert {key: made.get(key) for key in told} == told


def test_two_machines_that_migrate_at_once_do_not_meet(app: Flask, settings: Any) -> None:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
    environ = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "SIGNING_KEYS": str(settings.signing_keys),
        "DATA_KEYS": str(settings.data_keys),
        "INSTANCE_FOLDER": str(settings.instance),
    }
    both = [
        subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [each.communicate(timeout=60)[1] for each in both]
    assert [each.returncode for each in both] == [0, 0], said
    assert sorted("Running upgrade  -> 0001" in each for each in said) == [False, True]


def test_a_migration_that_fails_leaves_nothing_behind(app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    head = ScriptDirectory(str(folder)).get_current_head()
    broken = (
        f'revision = "bad"\ndown_revision = "{head}"\ndef upgrade():\n    raise KeyError("bad")\n'
    )
    (folder / "versions" / "bad.py").write_text(broken)
    with app.app_context(), pytest.raises(KeyError):
        flask_migrate.upgrade(directory=str(folder))
    assert everything(app) == {}


def test_there_is_one_line_of_revisions_and_it_goes_forward_only() -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    revisions = list(script.walk_revisions())
    assert len(script.get_heads()) == 1
    assert [each.revision for each in revisions if hasattr(each.module, "downgrade")] == []


@contextmanager
def declared(make_app: Callable[..., Flask], kind: str, folder: Path) -> Iterator[Flask]:
    """An application on one more empty database of the same kind."""
    if kind == "sqlite":
        yield make_app(database_url=f"sqlite:///{folder / 'declared.db'}")
    else:
        name = f"declared_{WORKER}"
        yield make_app(database_url=postgres.create_database(name))
        postgres.drop_database(name)


def everything(app: Flask) -> dict[tuple[str, ...], Any]:
    """All that a database knows of its schema, each thing by (kind, table, name)."""
    with house_of(app).engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            return _postgresql(connection)
        return _sqlite(connection)


def _sqlite(connection: sa.Connection) -> dict[tuple[str, ...], Any]:
    looked = sa.inspect(connection)
    found: dict[tuple[str, ...], Any] = {}
    for table in looked.get_table_names():
        for column in connection.exec_driver_sql(f"PRAGMA table_xinfo({table})"):
            found["column", table, column.name] = tuple(column)[1:]  # a late one stands last
        for check in looked.get_check_constraints(table):
            found["check", table, str(check["name"])] = check["sqltext"]
        for unique in looked.get_unique_constraints(table):
            found["unique", table, str(unique["name"])] = unique["column_names"]
    named = "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    for row in connection.exec_driver_sql(named):
        found["index", row.tbl_name, row.name] = row.sql
    return found


def _postgresql(connection: sa.Connection) -> dict[tuple[str, ...], Any]:
    statements = {
        "column": "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod),"
        " a.attnotnull FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind = 'r'"
        " AND c.relnamespace = 'public'::regnamespace",
        "constraint": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
        " FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
        "index": "SELECT tablename, indexname, indexdef FROM pg_indexes"
        " WHERE schemaname = 'public'",
    }
    return {
        (kind, row[0], row[1]): tuple(row[2:])
        for kind, statement in statements.items()
        for row in connection.exec_driver_sql(statement)
    }
