"""`make run`: a living demo city from nothing, and nothing left of it after a signal."""

import json
import re
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path

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
    with running(empty, tmp_path / "first.log", *UP) as first:
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
        assert len(first.group()) == 4  # up, scheduler, server and its worker
        first.tell_group(signal.SIGTERM)
        assert first.popen.wait(60) == 0
        until(lambda: not first.group(), first.group)

    with running(empty, tmp_path / "second.log", *UP) as second:
        second.wait_for(LAST_WORDS)
        assert summary(second) == summary(first)
        assert curls(second)[1]["available"] == "9.00"
        subprocess.run(["kill", "-9", scheduler_of(second)], check=True)
        assert second.popen.wait(60) == 1
        assert "The scheduler has ended with -9" in second.said
        until(lambda: not second.group(), second.group)


def coffee(process: Process) -> tuple[dict[str, str], list[str]]:
    """What the terminal was answered, and the lines of the file, once the block was pasted."""
    block = process.said.partition("From points")[2].partition("The token is")[0]
    lines = re.findall(r"^ {2}(\S.*)$", block, re.MULTILINE)
    assert len(lines) == 7
    said = subprocess.check_output(["bash", "-e", "-c", "\n".join(lines)], text=True)
    told, _, table = said.partition("redemption,kind,")
    return json.loads(told.splitlines()[-1]), table.splitlines()[1:]


def scheduler_of(process: Process) -> str:
    """The number of the scheduler in the group."""
    listed = subprocess.check_output(["ps", "-eo", "pid=,pgid=,args="], text=True).splitlines()
    rows = [line.split(None, 2) for line in listed]
    return next(
        pid for pid, group, words in rows
        if group == str(process.popen.pid) and words.endswith(" scheduler")
    )  # fmt: skip


def summary(process: Process) -> str:
    found = re.search(r"^\d+ residents, .* credited", process.said, re.MULTILINE)
    assert found is not None
    return found[0]


def test_up_says_that_a_port_is_taken(empty: Environ, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", int(empty["PORT"]))):
        done = flask(empty, "up")
    assert done.returncode == 1
    assert f"Port {empty['PORT']} of 127.0.0.1 cannot be had" in done.stderr


def test_up_and_its_demo_refuse_production(empty: Environ) -> None:
    assert flask(empty, "db", "upgrade").returncode == 0
    for command in (("up",), ("demo", "seed"), ("demo", "token")):
        done = flask(empty | {"APP_ENV": "production"}, *command)
        assert done.returncode == 1
        assert "for development" in done.stderr
        assert "Traceback" not in done.stderr
