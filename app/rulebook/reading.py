"""Reading a TOML table with every fault named by file and key.

A `Table` hands out typed members, notes what is wrong in the list of faults it shares with its
parents, and goes on with a harmless stand-in, so that one look at a pack shows all its faults. A
pack with faults is never used, so the stand-ins never leave the loader.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import product
from typing import Any, Protocol

from app.rulebook.model import BadRule

Faults = list[BadRule]
_PLAIN_NUMBER = re.compile(r"[+-]?\d+\.\d{1,9}")
NO_DAY = date.min


class _OddNumber(str):
    """A number written in a way that rules may not use (nan, inf, exponent, too many places)."""

    __slots__ = ()


def _plain_number(text: str) -> Decimal | _OddNumber:
    return Decimal(text) if _PLAIN_NUMBER.fullmatch(text) else _OddNumber(text)


def parse(file: str, content: bytes, faults: Faults) -> Table | None:
    """The top table of a file, or None (and a fault) when it is not TOML in UTF-8."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        faults.append(BadRule(file, "-", f"not UTF-8 at byte {error.start}"))
        return None
    try:
        return Table(tomllib.loads(text, parse_float=_plain_number), file, "", faults)
    except tomllib.TOMLDecodeError as error:
        faults.append(BadRule(file, "-", f"not TOML: {error}"))
        return None


class Coded(Protocol):
    """What stands in a file of its own under a code."""

    @property
    def code(self) -> str: ...


def twins(each_of: Iterable[Coded], keys: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Code, key and fault of each that says under one of `keys` what an earlier one says."""
    seen: dict[tuple[str, object], str] = {}
    for each, key in product(each_of, keys):
        said = getattr(each, key)
        first = seen.setdefault((key, said), each.code)
        if first != each.code and said:
            yield each.code, key, f"{said} is that of {first}, too"


class Table:
    """One table of a file; `done` reports the keys that nobody asked for."""

    def __init__(self, data: dict[str, Any], file: str, key: str, faults: Faults) -> None:
        self.file = file
        self.key = key
        self._data = data
        self._faults = faults
        self._unread = set(data)

    def digest(self, *without: str) -> str:
        """SHA-256 (hex) of all that it says, but for these members."""
        said = {name: self._data[name] for name in self._data if name not in without}
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()

    def _path(self, name: str) -> str:
        return f"{self.key}.{name}" if self.key and name else self.key or name

    def wrong(self, name: str, message: str) -> None:
        """Note a fault of one member ("" for the table itself)."""
        self._faults.append(BadRule(self.file, self._path(name) or "-", message))

    def names(self) -> tuple[str, ...]:
        return tuple(self._data)

    def has(self, name: str) -> bool:
        return name in self._data

    def done(self) -> None:
        for name in sorted(self._unread):
            self.wrong(name, "unknown key")

    def _take(self, name: str, required: bool) -> Any:
        self._unread.discard(name)
        if required and name not in self._data:
            self.wrong(name, "missing")
        return self._data.get(name)

    def text(self, name: str) -> str:
        """A text that says something; missing or empty is a fault."""
        return self.maybe_text(name, required=True) or ""

    def maybe_text(self, name: str, required: bool = False) -> str | None:
        found = self._take(name, required)
        if found is None:
            return None
        if not isinstance(found, str) or isinstance(found, _OddNumber) or not found.strip():
            self.wrong(name, "must be a text")
            return None
        return found

    def word(self, name: str, known: Iterable[str]) -> str:
        """A text out of a closed set."""
        found = self.maybe_text(name, required=True)
        if found is not None and found not in (choices := sorted(known)):
            self.wrong(name, f"unknown {found!r}, expected one of {', '.join(choices)}")
        return found or ""

    def words(self, name: str, known: Iterable[str] | None = None) -> tuple[str, ...]:
        """A list of different texts, empty when absent; out of a closed set where one is given."""
        found = self._take(name, required=False)
        if found is None:
            return ()
        if not isinstance(found, list) or not all(isinstance(each, str) and each for each in found):
            self.wrong(name, "must be a list of texts")
            return ()
        if len(set(found)) < len(found):
            self.wrong(name, "says the same twice")
        for each in found if known is not None else ():
            if each not in (choices := sorted(known or ())):
                self.wrong(name, f"unknown {each!r}, expected one of {', '.join(choices)}")
        return tuple(found)

    def flag(self, name: str, required: bool = True) -> bool:
        found = self._take(name, required)
        if found is not None and not isinstance(found, bool):
            self.wrong(name, "must be true or false")
        return found is True

    def number(self, name: str) -> Decimal:
        """An exact number, zero or more."""
        return self.maybe_number(name, required=True) or Decimal(0)

    def maybe_number(self, name: str, required: bool = False) -> Decimal | None:
        found = self._take(name, required)
        if found is None:
            return None
        return self.as_number(name, found)

    def as_number(self, name: str, found: object) -> Decimal | None:
        """`found` as an exact number, zero or more; None and a fault otherwise."""
        if isinstance(found, _OddNumber):
            self.wrong(name, f"{found} is no plain decimal of at most nine places")
        elif isinstance(found, bool) or not isinstance(found, int | Decimal):
            self.wrong(name, "must be a number")
        elif found < 0:
            self.wrong(name, "is negative")
        else:
            return Decimal(found)
        return None

    def count(self, name: str) -> int:
        """A whole number above zero."""
        return self.maybe_count(name, required=True) or 0

    def maybe_count(self, name: str, required: bool = False) -> int | None:
        found = self._take(name, required)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int) or found < 1:
            self.wrong(name, "must be a whole number above zero")
            return None
        return found

    def whole(self, name: str, least: int, most: int) -> int:
        """A whole number between two others, which belong to it."""
        found = self._take(name, required=False)
        if isinstance(found, bool) or not isinstance(found, int) or not least <= found <= most:
            self.wrong(name, f"must be a whole number from {least} to {most}")
            return least
        return found

    def day(self, name: str) -> date:
        found = self._take(name, required=True)
        if isinstance(found, date) and not isinstance(found, datetime):
            return found
        if found is not None:
            self.wrong(name, "must be a day such as 2026-01-01")
        return NO_DAY

    def raw(self, name: str) -> Any:
        """A member of any kind, for callers that check it themselves; absent is None."""
        return self._take(name, required=False)

    def table(self, name: str, required: bool = False) -> Table | None:
        found = self._take(name, required)
        if found is None:
            return None
        if not isinstance(found, dict):
            self.wrong(name, "must be a table")
            return None
        return Table(found, self.file, self._path(name), self._faults)

    def tables(self, name: str) -> list[Table]:
        """The members of a table that holds tables, under their names; none when absent."""
        outer = self.table(name)
        inner = [outer.table(each) for each in outer.names()] if outer else []
        return [each for each in inner if each]

    def rows(self, name: str, required: bool = False) -> list[Table]:
        """A list of tables, each with its position as its name; none when absent."""
        found = self._take(name, required)
        if found is None:
            return []
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            self.wrong(name, "must be a list of tables")
            return []
        path = self._path(name)
        return [
            Table(each, self.file, f"{path}[{position}]", self._faults)
            for position, each in enumerate(found)
        ]

    @property
    def name(self) -> str:
        """The last part of the key: the name under which the table stands."""
        return self.key.rpartition(".")[2]
