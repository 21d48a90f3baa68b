"""The import contract catches what it is there to catch: each rule is broken on purpose."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.architecture.sources import ROOT


class Violation(NamedTuple):
    """A line added to a module, and the import or module the linter must then name."""

    why: str
    module: str
    line: str
    named: str


VIOLATIONS = [
    Violation(
        "the kernel looks up",
        "app/kernel/clock.py",
        "from app import rulebook",
        "app.kernel.clock -> app.rulebook",
    ),
    Violation(
        "the rulebook knows plumbing",
        "app/rulebook/model.py",
        "from app.plumbing import work",
        "app.rulebook.model -> app.plumbing.work",
    ),
    Violation(
        "plumbing knows a room",
        "app/plumbing/work.py",
        "from app import ledger",
        "app.plumbing.work -> app.ledger",
    ),
    Violation(
        "a foundation knows another",
        "app/ledger/service.py",
        "from app import identity",
        "app.ledger.service -> app.identity",
    ),
    Violation(
        "a foundation knows the floor above",
        "app/consent/service.py",
        "from app import activities",
        "app.consent.service -> app.activities",
    ),
    Violation(
        "a room knows an edge of the whole",
        "app/activities/service.py",
        "from app import cli",
        "app.activities.service -> app.cli",
    ),
    Violation(
        "a store calls its service",
        "app/identity/store.py",
        "from app.identity import service",
        "app.identity.store -> app.identity.service",
    ),
    Violation(
        "wire shapes call the service",
        "app/ledger/schemas.py",
        "from app.ledger import service",
        "app.ledger.schemas -> app.ledger.service",
    ),
    Violation(
        "a model knows the database",
        "app/activities/model.py",
        "import sqlalchemy",
        "app.activities.model -> sqlalchemy",
    ),
    Violation(
        "arithmetic knows the web",
        "app/activities/scoring.py",
        "from flask import request",
        "app.activities.scoring -> flask",
    ),
    Violation(
        "a service writes SQL",
        "app/consent/service.py",
        "from sqlalchemy import select",
        "app.consent.service -> sqlalchemy",
    ),
    Violation(
        "a service knows the request",
        "app/identity/service.py",
        "from flask import g",
        "app.identity.service -> flask",
    ),
    Violation(
        "a view writes SQL",
        "app/activities/api.py",
        "import sqlalchemy as sa",
        "app.activities.api -> sqlalchemy",
    ),
    Violation(
        "a store shapes the wire",
        "app/ledger/store.py",
        "import marshmallow",
        "app.ledger.store -> marshmallow",
    ),
    Violation(
        "a room entered by the window",
        "app/activities/service.py",
        "from app.ledger import store as tables",
        "app.activities.service -> app.ledger.store",
    ),
    Violation(
        "an edge entering by the window",
        "app/scheduler.py",
        "import app.consent.service",
        "app.scheduler -> app.consent.service",
    ),
    Violation("a module nobody planned", "app/helpers.py", "", "app.helpers"),
    Violation("a room's module nobody planned", "app/ledger/utils.py", "", "app.ledger.utils"),
]


def test_each_rule_of_the_contract_catches_its_violation(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for violation in VIOLATIONS:
        with (tmp_path / violation.module).open("a", encoding="utf-8") as module:
            module.write(f"\n{violation.line}\n")

    report = lint(tmp_path)

    missed = [v.why for v in VIOLATIONS if not _names(report, v.named)]
    assert missed == [], report
    assert "0 broken" not in report


def lint(folder: Path) -> str:
    """What import-linter says about the tree in `folder`, on one line."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-logo", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return " ".join(done.stdout.split())


def _names(report: str, named: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(named)}(?![\w.])", report) is not None
