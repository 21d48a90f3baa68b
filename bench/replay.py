"""The floor of a use case: the very statements it sent, sent again by pgbench.

One rehearsal of the requests notes every statement with its parameters written out; a copy of the
database as it was before gets them from as many pgbench clients as the product had connections,
each request's in one transaction. So pgbench does what the database must do, and nothing else.
"""

import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from struct import unpack_from
from typing import Any

import psycopg
from sqlalchemy import event

from bench.place import Base
from tests.postgres import packaged_programs

Statements = list[str]


@contextmanager
def _noted(base: Base) -> Iterator[Statements]:
    """The statements that the product's connections send while the block lasts."""
    told: Statements = []
    engine = base.house.engine
    with base.session() as db:
        spell = psycopg.ClientCursor(db)

        def keep(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            plain = {name: _plain(value) for name, value in dict(parameters).items()}
            told.append(" ".join(spell.mogrify(statement, plain).split()) + ";")

        event.listen(engine, "before_cursor_execute", keep)
        try:
            yield told
        finally:
            event.remove(engine, "before_cursor_execute", keep)


_READ: dict[int, Callable[[bytes], Any]] = {
    17: bytes,
    20: lambda raw: int.from_bytes(raw, signed=True),
    25: bytes.decode,
    1082: lambda raw: date(2000, 1, 1) + timedelta(int.from_bytes(raw, signed=True)),
}


def _plain(value: Any) -> Any:
    """A list that the product had packed for the server, as a list again."""
    packed = getattr(value, "data", None)
    if not isinstance(packed, bytes):
        return value
    dimensions, _, element = unpack_from("!iii", packed)
    found: list[Any] = []
    at = 20
    while dimensions and at < len(packed):
        (size,) = unpack_from("!i", packed, at)
        at += 4
        found.append(None if size < 0 else _READ[element](packed[at : at + size]))
        at += max(size, 0)
    return found


def rehearse(base: Base, requests: Sequence[Callable[[], Any]]) -> list[Statements]:
    """The statements of each request, in the order of the requests."""
    found = []
    for request in requests:
        with _noted(base) as told:
            request()
        found.append(list(told))
    return found


def replay(base: Base, every: Sequence[Statements], clients: int, folder: Path) -> float:
    """Requests a second, each a transaction; the clients share them evenly."""
    address = base.url.replace("+psycopg", "", 1)
    commands = []
    for number in range(clients):
        script = folder / f"client{number}.sql"
        mine = every[number::clients]
        lines = [line for told in mine for line in ("BEGIN;", *told, "COMMIT;")]
        script.write_text("\n".join(lines) + "\n")
        program = packaged_programs() / "pgbench"
        words = ("--no-vacuum", "--client=1", "--transactions=1", "--file", str(script), address)
        commands.append([str(program), *words])
    began = time.perf_counter()
    running = [
        subprocess.Popen(each, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for each in commands
    ]
    said = [each.communicate()[0] for each in running]
    took = time.perf_counter() - began
    for process, text in zip(running, said, strict=True):
        if process.returncode or "ERROR" in text:
            raise RuntimeError(f"pgbench failed:\n{text[-2000:]}")
    return len(every) / took
