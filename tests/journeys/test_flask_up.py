"""`make run`: a living demo city from nothing, and nothing left of it after a signal."""

import json
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.settings import Settings
from tests.journeys.live import Environ, Process, environment, flask, free_port, running, until

UP = (sys.executable, "-m", "flask", "up")
LAST_WORDS = "Ctrl-C stops everything."


@pytest.fixture
def empty(tmp_path: Path) -> Environ:
    """A machine on which nothing was ever made."""
    folder = tmp_path / "instance"
    settings = Settings(
        database_url=f"sqlite:///{folder / 'weitan.db'}",
        signing_keys=folder / "signing-keys",
        data_keys=folder / "data-keys",
        instance=folder,
    )
    return environment(settings, PORT=str(free_port()), WEB_PROCESSES="1")


def curls(process: Process) -> list[dict[str, object]]:
    """The answers to the three printed lines, pasted as they are."""
    lines = re.findall(r"^ +(curl .*)$", process.said.partition("From points")[0], re.MULTILINE)
    assert len(lines) == 3
    return [
        httpx.Response(200, content=subprocess.check_output(shlex.split(line))).json()
        for line in lines
    ]


def test_up_makes_a_city_once_and_lives_and_dies_with_its_processes(
    empty: Environ, tmp_path: Path
) -> None:
    beside = int(empty["PORT"]) + 100
    with taken(beside), running(empty, tmp_path / "first.log", *UP) as first:
        first.wait_for(LAST_WORDS)
        catalogue, points, activities = curls(first)
        assert catalogue["code"] == "bus_ride"
        assert points["available"] > "0.00"
        rides = activities["items"]
        assert isinstance(rides, list)
        assert {ride["status"] for ride in rides} == {"credited"}
        done, file = coffee(first)
        assert (done["status"], done["benefit"]) == ("redeemed", "own_cup_coffee")
        assert [row.split(",")[1] for row in file] == ["redemption"] * 5 + ["void"]
        docs = f"http://127.0.0.1:{empty['PORT']}/docs"
        assert httpx.get(docs, follow_redirects=True).status_code == 200
        ended = exchange(first)
        assert ended == {"linked": "active", "gets": "65", "status": "confirmed", "units": "226"}
        assert lent(first) == {"grade": "deep", "limit": "180000.00", "saves": "1080.00"}
        assert f"127.0.0.1:{beside}" not in first.said
        assert len(first.group()) == 5  # up, scheduler, server and its worker, partner
        assert not re.search("whsec_|secret", " ".join(first.group()))
        first.tell_group(signal.SIGTERM)
        assert first.popen.wait(60) == 0
        until(lambda: not first.group(), first.group)

    with running(empty, tmp_path / "second.log", *UP) as second:
        second.wait_for(LAST_WORDS)
        assert summary(second) == summary(first)
        had = Decimal(str(points["available"]))
        assert curls(second)[1]["available"] == str(had - 17)  # a coffee, and what was sent
        assert exchange(second) == ended | {"units": "252"}
        assert curls(second)[1]["available"] == str(had - 19)
        subprocess.run(["kill", "-9", partner_of(second)], check=True)
        assert second.popen.wait(60) == 1
        assert "The partner has ended with -9" in second.said
        until(lambda: not second.group(), second.group)


def coffee(process: Process) -> tuple[dict[str, str], list[str]]:
    """What the terminal was answered, and the lines of the file, once the block was pasted."""
    lines = pasted(process, "From points", "The same resident")
    assert len(lines) == 7
    told, _, table = paste(lines).partition("redemption,kind,")
    return json.loads(told.splitlines()[-1]), table.splitlines()[1:]


def exchange(process: Process) -> dict[str, str]:
    """What the lines that go on with the partner say in the end."""
    lines = pasted(process, "The same resident", "What the last quarter")
    assert len(lines) == 6
    names = pasted(process, "From points", "The same resident")[:3]
    said = paste(names + [f"{line}; echo" for line in lines]).splitlines()
    links, quote, asked, newest, theirs = [json.loads(line) for line in said if line]
    ended = newest["items"][0]
    assert ended["id"] == asked["id"]
    assert [each["state"] for each in theirs["exchanges"] if each["id"] == asked["id"]] == ["done"]
    # It asks for events now and then, too: what was fetched first and sent after is a duplicate.
    assert [each for each in theirs["refusals"] if each["kind"] != "duplicate"] == []
    return {
        "linked": only(links["items"])["status"],
        "gets": quote["gets"]["amount"],
        "status": ended["status"],
        "units": only(theirs["balances"].values()),
    }


def lent(process: Process) -> dict[str, str]:
    """What the bank was told, once resident and bank have agreed on what was asked."""
    names = pasted(process, "From points", "The same resident")[:3]
    lines = pasted(process, "What the last quarter", "The token is")
    assert len(lines) == 6
    said = paste(names + [f"{line}; echo" for line in lines]).splitlines()
    grade, consent, answer, log, ended = [line for line in said if line]
    told, seen = json.loads(answer), json.loads(log)["items"][0]
    assert told["grade"] == json.loads(grade)["grade"]["code"]
    assert told["jws"].count(".") == 2
    assert (seen["consent"], seen["about"], seen["why"]) == (consent, told["inquiry_id"], "pricing")
    assert json.loads(ended)["state"] == "revoked"
    terms = told["terms"]
    return {"grade": told["grade"], "limit": terms["limit"], "saves": terms["yearly_saving"]}


def pasted(process: Process, first: str, last: str) -> list[str]:
    """The indented lines between two sentences."""
    block = process.said.partition(first)[2].partition(last)[0]
    return re.findall(r"^ {2}(\S.*)$", block, re.MULTILINE)


def paste(lines: list[str]) -> str:
    return subprocess.check_output(["bash", "-e", "-c", "\n".join(lines)], text=True, timeout=90)


def only(found: Any) -> Any:
    [one] = found
    return one


@contextmanager
def taken(port: int) -> Iterator[None]:
    with socket.create_server(("127.0.0.1", port)):
        yield


def partner_of(process: Process) -> str:
    """The number of the partner in the group."""
    listed = subprocess.check_output(["ps", "-eo", "pid=,pgid=,args="], text=True).splitlines()
    rows = [line.split(None, 2) for line in listed]
    return next(
        pid for pid, group, words in rows
        if group == str(process.popen.pid) and "examples/partner" in words
    )  # fmt: skip


def summary(process: Process) -> str:
    found = re.search(r"^\d+ residents, .* credited", process.said, re.MULTILINE)
    assert found is not None
    return found[0]


@pytest.mark.parametrize("setting", ["PORT", "PARTNER_PORT"])
def test_up_says_that_a_port_is_taken(empty: Environ, setting: str) -> None:
    port = free_port()
    with taken(port):
        done = flask(empty | {setting: str(port)}, "up")
    assert done.returncode == 1
    assert f"Port {port} of 127.0.0.1 cannot be had" in done.stderr
    assert f"make run {setting}=" in done.stderr


def test_up_and_its_demo_refuse_production(empty: Environ) -> None:
    assert flask(empty, "db", "upgrade").returncode == 0
    for command in (("up",), ("demo", "seed"), ("demo", "token", "--as", "partner")):
        done = flask(empty | {"APP_ENV": "production"}, *command)
        assert done.returncode == 1
        assert "for development" in done.stderr
        assert "Traceback" not in done.stderr
