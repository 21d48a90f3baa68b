"""Figures and the table they are printed in."""

import json
import os
import platform
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

_BEGAN = time.perf_counter()


@dataclass(frozen=True)
class Figure:
    """One measured number beside its floor, both in `unit`.

    `ratio` is product to floor; `least` and `most` are the bar that the ratio must keep, and
    `same` says that another measure of the same figure keeps it anyway.
    """

    name: str
    unit: str
    product: float
    floor: float
    floor_is: str
    least: float | None = None
    most: float | None = None
    same: bool = False

    @property
    def ratio(self) -> float:
        return self.product / self.floor if self.floor else float("nan")

    @property
    def bar(self) -> str:
        if self.least is not None:
            return f"at least {self.least:g}"
        return "" if self.most is None else f"at most {self.most:g}"

    @property
    def met(self) -> bool | None:
        """None where a figure has no bar."""
        if self.least is not None:
            return self.ratio >= self.least
        return None if self.most is None else self.same or self.ratio <= self.most


def say(text: str) -> None:
    """One line of progress, with the seconds since the start."""
    print(f"{time.perf_counter() - _BEGAN:6.0f} s  {text}", file=sys.stderr, flush=True)


def show(figures: list[Figure], scale: float) -> None:
    """Print the table."""
    table = Table(title=f"Benchmarks, BENCH_SCALE={scale:g}, {_machine()}", title_justify="left")
    for name in ("figure", "product", "floor", "unit", "ratio", "bar", "met", "the floor is"):
        table.add_column(name, justify="right" if name in {"product", "floor", "ratio"} else "left")
    for each in figures:
        met = {True: "yes", False: "no", None: ""}[each.met]
        numbers = (_number(each.product), _number(each.floor), each.unit, f"{each.ratio:.2f}")
        table.add_row(each.name, *numbers, each.bar, met, each.floor_is)
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def write(path: Path, figures: list[Figure], scale: float) -> None:
    """Write the figures as JSON."""
    rows: list[dict[str, Any]] = [
        asdict(each) | {"ratio": round(each.ratio, 4), "met": each.met} for each in figures
    ]
    whole = {"scale": scale, "machine": _machine(), "figures": rows}
    path.write_text(json.dumps(whole, indent=2) + "\n")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def _machine() -> str:
    return f"{os.cpu_count()} cores, Python {platform.python_version()}"
