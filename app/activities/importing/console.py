"""What the person before the screen sees, on stderr: bars on a terminal, now and then a line in a
log, a table in the end."""

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
from rich.table import Table

from app.activities.importing.report import ImportReport

_LINE_EVERY_NS = 5_000_000_000

Tick = Callable[[int], None]


class Screen:
    """Where progress is told."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._console = Console(file=out or sys.stderr, highlight=False)

    def note(self, text: str) -> None:
        """One sentence."""
        self._console.print(text, markup=False)

    @contextmanager
    def bar(self, what: str, total: int) -> Iterator[Tick]:
        """A bar to be told how much of `total` is done."""
        if not self._console.is_terminal:
            yield self._lines(what, total)
            return
        columns = (
            TextColumn("{task.description:<10}"), BarColumn(None), TaskProgressColumn(),
            MofNCompleteColumn(), TimeRemainingColumn(),
        )  # fmt: skip
        with Progress(*columns, console=self._console) as progress:
            task = progress.add_task(what, total=total)
            yield lambda done: progress.update(task, completed=done)

    def _lines(self, what: str, total: int) -> Tick:
        told = [monotonic_ns()]

        def tick(done: int) -> None:
            if monotonic_ns() - told[0] >= _LINE_EVERY_NS:
                told[0] = monotonic_ns()
                self.note(f"{what}: {done * 100 // max(total, 1)} % ({done} of {total})")

        return tick

    def table(self, report: ImportReport) -> None:
        """Lines by status, and by reason where there is one."""
        table = Table("status", "reason", "lines")
        table.columns[2].justify = "right"
        for status, count in report.counts.items():
            reasons = report.reasons.get(status, {})
            table.add_row(status, "", str(count), style="bold" if reasons else None)
            for reason, part in reasons.items():
                table.add_row("", reason, str(part))
        table.add_section()
        table.add_row("all", "", str(report.lines))
        self._console.print(table)
        if report.rejected_file:
            self.note(f"Rejected lines, with reasons: {report.rejected_file}")
