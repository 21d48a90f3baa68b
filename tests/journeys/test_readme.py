"""The README is true: its examples are run, its numbers counted."""

import json
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask

from app import rulebook
from app.settings import Settings
from tests.architecture.sources import ROOT
from tests.journeys.live import Environ, environment, free_port, running

README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"<!-- run -->\n```console\n(.*?)```", README, re.DOTALL)
# What no two runs have in common: instants, days, ids, cursors, digests, and what the demo's
# residents have earned until now.
VOLATILE = re.compile(
    r"\d{4}-\d\d-\d\d(T[\d:.]+(\+\d\d:\d\d|Z))?|\b[a-z]{3}_[0-9a-z]{26}\b|\b[0-9a-f]{64}\b"
    r'|(?<="next_cursor":")[^"]+|(?<="available":")[0-9.]+|(?<=-[0-9]{2}","points":")[0-9.]+'
)


class Step(NamedTuple):
    command: str
    printed: str


def steps(example: str) -> Iterator[Step]:
    for part in re.split(r"^\$ ", example, flags=re.MULTILINE)[1:]:
        command, _, printed = part.partition("\n")
        yield Step(command, printed)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Environ]:
    """A city as `make run` makes it."""
    folder = tmp_path / "instance"
    settings = Settings(
        database_url=f"sqlite:///{folder / 'weitan.db'}",
        signing_keys=folder / "signing-keys",
        data_keys=folder / "data-keys",
        instance=folder,
    )
    environ = environment(settings, PORT=str(free_port()), WEB_PROCESSES="1")
    with running(environ, tmp_path / "up.log", sys.executable, "-m", "flask", "up") as process:
        process.wait_for("Ctrl-C stops everything.")
        yield environ
        process.tell(signal.SIGTERM)  # the one process told, its children end as well
        assert process.popen.wait(60) == 0
        assert process.group() == []


def test_every_example_answers_what_it_says(city: Environ) -> None:
    every = [step for example in EXAMPLES for step in steps(example)]
    assert len(every) > 10
    script = "".join(f"{step.command}\necho '=== end'\n" for step in every)
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", here(script, city)],
        cwd=ROOT, env=city, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    printed = done.stdout.split("=== end\n")[:-1]
    assert [still(each) for each in printed] == [still(step.printed) for step in every]


def here(script: str, city: Environ) -> str:
    """The same lines for this test's port and interpreter."""
    flask = f"{sys.executable} -m flask"
    return script.replace(":8000", f":{city['PORT']}").replace(".venv/bin/flask", flask)


def still(text: str) -> Any:
    """Without what changes from run to run; JSON whatever its spaces."""
    kept = VOLATILE.sub("…", text.strip())
    return json.loads(kept) if kept.startswith("{") else kept


def test_the_counts_of_confidence_are_those_of_the_rules() -> None:
    book = rulebook.load(ROOT / "rules" / "weihai")
    counted = Counter(v.confidence for each in book.parameters() for v in each.values)
    told = dict(re.findall(r"^\| `(seen|unverified|assumption)` \| (\d+) \|", README, re.MULTILINE))
    assert {word: int(number) for word, number in told.items()} == counted
    assert f"{len(book.behaviours)} behaviours" in README
    offers = book.offers
    values = sum(len(each.values) for each in offers.every_parameter)
    told = f"{len(offers.benefits)} benefits, {len(offers.funders)} funders and the rules"
    platforms = book.recognition.every_parameter
    rates = sum(len(each.values) for each in platforms)
    assert len(book.recognition.platforms) == 3
    rest = f"of redemption ({values} values), and three partner platforms ({rates}): all"
    assert f"{told} {rest}" in " ".join(README.split())
    words = {v.confidence for each in (*offers.every_parameter, *platforms) for v in each.values}
    assert words == {"assumption"}
    lent = [v.confidence for each in book.credit.every_parameter for v in each.values]
    told = f"So has credit ({len(lent)} values): {lent.count('seen')} were seen"
    assert told in " ".join(README.split())


def test_the_demo_is_as_large_as_it_says() -> None:
    data = ROOT / "app" / "demo" / "data"
    taps = sum(len((data / f).read_text().splitlines()) - 1 for f in ("evening.csv", "morning.csv"))
    cards = len((data / "cards.txt").read_text().split())
    assert f"makes {cards} residents for the cards of {taps} real taps" in " ".join(README.split())


def test_every_path_it_names_is_there() -> None:
    linked = re.findall(r"\]\(([^)#:]+)\)", README)
    assert linked
    assert [path for path in linked if not (ROOT / path).exists()] == []


def test_every_make_target_it_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE))
    assert {"run", "test", "check", "serve"} <= named <= targets


def test_every_command_it_names_is_made(app: Flask) -> None:
    named = re.findall(r"(?:`|\.venv/bin/)flask ([a-z]+)(?: ([a-z]+))?", README)
    assert len(named) > 5
    for first, second in named:
        command = app.cli.commands[first]
        assert not second or second in getattr(command, "commands", {}), (first, second)


def test_the_environment_it_names_is_known() -> None:
    known = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    named = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)[`=]", README))
    book = rulebook.load(ROOT / "rules" / "weihai")
    families = {name for each in book.behaviours.values() for name in each.overlap_groups}
    assert named - families <= known
    assert {"PARTNER_PORT", "RATE_LIMIT_STORAGE"} <= named
