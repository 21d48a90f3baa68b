"""Processes that live and die together with the command that started them."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from types import TracebackType

import click

from app.settings import ROOT

_TICK_MS = 100
_PATIENCE = 40  # seconds; the server itself lets requests end for 25


class Children:
    """A block of child processes: leaving it stops all that still run.

    SIGTERM and SIGINT end `wait`; the end of any child does, too, and is an error.
    """

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._told = False

    def __enter__(self) -> "Children":
        for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(each, self._stop)
        return self

    def _stop(self, number: int, frame: object) -> None:
        del number, frame
        self._told = True

    def start(self, name: str, *command: str, **more: str) -> None:
        """Start one more, in the project's folder; unless a stop has been asked for already.

        `more` are variables of its environment beside ours; nobody else can read them there.
        """
        if not self._told:
            around = {**os.environ, **more}
            self._running[name] = subprocess.Popen(command, cwd=ROOT, env=around)  # noqa: S603 - our own words

    def wait(self, until: Callable[[], bool], seconds: int | None = None) -> bool:
        """Wait until something holds (True) or a stop is asked for (False).

        Raises ClickException when a child has ended, and after `seconds`.
        """
        ticks = 0
        while not self._told:
            for name, child in self._running.items():
                if child.poll() is not None and not self._told:
                    raise click.ClickException(
                        f"The {name} has ended with {child.returncode}; stopping everything."
                    )
            if until():
                return True
            ticks += 1
            if seconds is not None and ticks * _TICK_MS > seconds * 1000:
                raise click.ClickException(f"Nothing answers after {seconds} seconds; stopping.")
            time.sleep(_TICK_MS / 1000)
        return False

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        del kind, error, trace
        for child in self._running.values():
            if child.poll() is None:
                child.terminate()
        for child in self._running.values():
            try:
                child.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
