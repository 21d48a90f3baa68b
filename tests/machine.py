"""A database server that a test may pull out and put back."""

import shlex
from pathlib import Path

from tests import postgres


class Machine:
    """A PostgreSQL of this test's own, which may be pulled out and put back."""

    def __init__(self, address: str) -> None:
        self.url = address
        self.folder = Path(address.partition("host=")[2])
        line = shlex.split((self.folder / "data" / "postmaster.opts").read_text())
        self._program, self._options = Path(line[0]).with_name("pg_ctl"), shlex.join(line[1:])

    def pull(self) -> None:
        self._control("-m", "immediate", "stop")

    def put_back(self) -> None:
        self._control("-l", self.folder / "log", "-o", self._options, "start")

    def _control(self, *words: object) -> None:
        postgres.as_server(self._program, "-D", self.folder / "data", "-w", *words)
