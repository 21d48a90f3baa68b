"""The service as it runs: commands and servers in processes of their own, on free ports."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flask_migrate
import httpx
from flask import Flask

from app import create_app
from app.plumbing.db import db
from app.settings import Settings
from tests.architecture.sources import ROOT

PATIENCE_S = 90
Environ = dict[str, str]


def environment(settings: Settings, **more: str) -> Environ:
    """This machine's environment with one deployment's settings in it."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("FLASK_", "PROMETHEUS"))}
    return inherited | {
        "DATABASE_URL": settings.database_url,
        "SIGNING_KEYS": str(settings.signing_keys),
        "DATA_KEYS": str(settings.data_keys),
        "INSTANCE_FOLDER": str(settings.instance),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        **more,
    }


@contextmanager
def _inside(settings: Settings) -> Iterator[Flask]:
    """The application in this process: its commands, without the start of one more."""
    app = create_app(settings)
    yield app
    with app.app_context():
        db.engine.dispose()


def migrate(settings: Settings) -> None:
    """What `flask db upgrade` does."""
    with _inside(settings) as app, app.app_context():
        flask_migrate.upgrade()


def told(environ: Environ, *words: str) -> str:
    """What a command prints that ends well."""
    with _inside(Settings.from_env(environ)) as app:
        done = app.test_cli_runner().invoke(args=words)
    assert done.exit_code == 0, done.output
    return done.stdout


def client_of(environ: Environ, scope: str, name: str) -> tuple[str, str]:
    """A new client's id and secret."""
    made = json.loads(told(environ, "client", "create", "--scope", scope, "--name", name))
    return made["client_id"], made["client_secret"]


def flask(environ: Environ, *words: str) -> subprocess.CompletedProcess[str]:
    """A command run to its end."""
    return subprocess.run(
        [sys.executable, "-m", "flask", *words],
        cwd=ROOT, env=environ, capture_output=True, text=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip


def answer_of(environ: Environ, *words: str) -> dict[str, Any]:
    """The one line of JSON that a command prints."""
    done = flask(environ, *words)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Process:
    """A process that leads its own group; `said` is all it has written."""

    popen: subprocess.Popen[bytes]
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for(self, text: str) -> None:
        """Wait until it has written this."""
        until(lambda: text in self.said, lambda: self.said, self.alive)

    def alive(self) -> bool:
        return self.popen.poll() is None

    def tell(self, number: int) -> None:
        """A signal to this process alone."""
        os.kill(self.popen.pid, number)

    def tell_group(self, number: int) -> None:
        os.killpg(self.popen.pid, number)

    def group(self) -> list[str]:
        """Command lines of what still runs in its group."""
        listed = subprocess.run(
            ["ps", "-eo", "pgid=,stat=,args="], capture_output=True, text=True, check=True
        ).stdout.splitlines()
        rows = [line.split(None, 2) for line in listed]
        return [r[2] for r in rows if int(r[0]) == self.popen.pid and not r[1].startswith("Z")]


def until(done: Any, explain: Any = str, alive: Any = lambda: True) -> None:
    """Wait until something holds, at most `PATIENCE_S` seconds and while `alive`."""
    deadline = time.monotonic() + PATIENCE_S
    while not done():
        assert alive(), explain()
        assert time.monotonic() < deadline, explain()
        time.sleep(0.05)


@contextmanager
def running(environ: Environ, log: Path, *command: str) -> Iterator[Process]:
    """A process in a group of its own; whatever of the group is left dies with the block."""
    with log.open("wb") as out:
        popen = subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=out, stderr=out, start_new_session=True
        )
    process = Process(popen, log)
    try:
        yield process
    finally:
        if process.group():
            process.tell_group(signal.SIGKILL)
        popen.wait()


@contextmanager
def serving(environ: Environ, folder: Path) -> Iterator[tuple[Process, httpx.Client]]:
    """The real server on a free port, ready, and somebody who calls it."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py"]
    bound = ["--bind", f"127.0.0.1:{port}", "wsgi:application"]
    with (
        running(
            environ | {"WEB_PROCESSES": "1"}, folder / "server.log", *command, *bound
        ) as server,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=40) as http,
    ):
        until(lambda: answers(http, "/healthz"), lambda: server.said, server.alive)
        yield server, http


def answers(http: httpx.Client, path: str) -> bool:
    try:
        return http.get(path).status_code == 200
    except httpx.TransportError:
        return False
