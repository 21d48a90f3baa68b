"""Dependencies: each one used, each use declared, each one pinned with its reason."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, modules, tree

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

# Declared though no module names it.
USED_UNSEEN = {
    "psycopg": "loaded by SQLAlchemy from the database's address",
    "gunicorn": "a command",
    "tzdata": "read by zoneinfo",
}
# Named though not declared: part of what is.
COMES_WITH = {
    "werkzeug": "flask",
    "click": "flask",
    "alembic": "flask-migrate",
    "babel": "flask-babel",
}


def test_every_dependency_is_used_and_every_use_is_declared() -> None:
    declared = _names(PROJECT["project"]["dependencies"]) | _names(
        PROJECT["project"]["optional-dependencies"]["bulk"]
    )
    used = _distributions_imported(modules("app", "migrations", "wsgi.py"))
    used = {COMES_WITH.get(name, name) for name in used}
    assert used - declared == set()
    assert declared - used - set(USED_UNSEEN) == set()


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_and_says_why(file: str) -> None:
    pin = re.compile(r"^[A-Za-z0-9-]+==[\w.]+( ; [^#]+)? +# \S.*$")
    lines = (ROOT / file).read_text().splitlines()
    assert lines[0].startswith("# ")
    assert [line for line in lines[1:] if not pin.match(line)] == []


def test_what_is_declared_is_pinned() -> None:
    runtime, developing = (
        _names((ROOT / file).read_text().splitlines()[1:])
        for file in ("requirements.txt", "requirements-dev.txt")
    )
    bulk = PROJECT["project"]["optional-dependencies"]["bulk"]
    assert _names([*PROJECT["project"]["dependencies"], *bulk]) <= runtime
    assert _names(PROJECT["dependency-groups"]["dev"]) <= developing


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9-]", line, maxsplit=1)[0].lower() for line in requirements}


def _distributions_imported(files: list[Path]) -> set[str]:
    owners = packages_distributions()
    found = set()
    for file in files:
        for node in ast.walk(tree(file)):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            for top in {name.partition(".")[0] for name in names}:
                if top not in sys.stdlib_module_names and top not in {"app", "migrations"}:
                    found.add(owners.get(top, [top])[0].lower().replace("_", "-"))
    return found
