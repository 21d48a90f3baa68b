"""What the person before the screen sees of a long task, on stderr: bars on a terminal, now and
then a line in a log."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic_ns
from typing import TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

_LINE_EVERY_NS = 5_000_000_000

Tick = Callable[[int], None]


class Screen:
    """Where progress is told."""

    def __init__(self, out: TextIO | None = None) -> None:
        self.console = Console(file=out or sys.stderr, highlight=False)

    def note(self, text: str) -> None:
        """One sentence."""
        self.console.print(text, markup=False)

    @contextmanager
    def bar(self, what: str, total: int) -> Iterator[Tick]:
        """A bar to be told how much of `total` is done."""
        if not self.console.is_terminal:
            yield self._lines(what, total)
            return
        columns = (
            TextColumn("{task.description:<10}"), BarColumn(None), TaskProgressColumn(),
            MofNCompleteColumn(), TimeRemainingColumn(),
        )  # fmt: skip
        with Progress(*columns, console=self.console) as progress:
            task = progress.add_task(what, total=total)
            yield lambda done: progress.update(task, completed=done)

    def _lines(self, what: str, total: int) -> Tick:
        told = [monotonic_ns()]

        def tick(done: int) -> None:
            if monotonic_ns() - told[0] >= _LINE_EVERY_NS:
                told[0] = monotonic_ns()
                self.note(f"{what}: {done * 100 // max(total, 1)} % ({done} of {total})")

        return tick
