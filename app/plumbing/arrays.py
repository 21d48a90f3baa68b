"""Long lists as PostgreSQL's binary arrays: a few thousand ids go to the server in one piece.

The driver's own way spells out every element as text, which costs more than the query it is for.
"""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import chain, repeat
from struct import pack
from typing import Any, NamedTuple

import psycopg
import sqlalchemy as sa
from psycopg.adapt import Buffer, Dumper
from psycopg.pq import Format
from psycopg.types.string import BytesBinaryDumper

_NULL = pack("!i", -1)
# PostgreSQL counts days from the first of January 2000.
_EPOCH = date(2000, 1, 1).toordinal()


class _Packed:
    """An array as the server reads it."""

    def __init__(self, data: bytes) -> None:
        self.data = data


class _PackedBytes(_Packed):
    pass


class _PackedDays(_Packed):
    pass


class _PackedIntegers(_Packed):
    pass


class _PackedTexts(_Packed):
    pass


class _PackedDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Any) -> Buffer | None:
        found: bytes = obj.data
        return found


def _dumper(array_oid: int) -> type[Dumper]:
    return type("_Dumper", (_PackedDumper,), {"oid": array_oid})


_Spell = Callable[[Sequence[Any]], bytes]


class _Kind(NamedTuple):
    """A column's type, the class that carries arrays of it, the numbers of the array's type and
    of its elements' (as in pg_type), and how elements are spelled."""

    column: type[sa.types.TypeEngine[Any]]
    carrier: type[_Packed]
    array: int
    element: int
    spell: _Spell


def _spell_bytes(values: Sequence[Any]) -> bytes:
    sizes = {*map(len, values)}
    if len(sizes) == 1:  # ids and hashes are all of one length
        head = pack("!i", sizes.pop())
        return head + head.join(values)
    return b"".join([pack("!i", len(value)) + value for value in values])


def _spell_texts(values: Sequence[Any]) -> bytes:
    return _spell_bytes([value.encode() for value in values])


def _spell_integers(values: Sequence[Any]) -> bytes:
    return pack("!" + "iq" * len(values), *chain.from_iterable(zip(repeat(8), values)))


def _spell_days(values: Sequence[Any]) -> bytes:
    days = [value.toordinal() - _EPOCH for value in values]
    return pack("!" + "ii" * len(days), *chain.from_iterable(zip(repeat(4), days)))


_KINDS = (
    _Kind(sa.LargeBinary, _PackedBytes, 1001, 17, _spell_bytes),
    _Kind(sa.Date, _PackedDays, 1182, 1082, _spell_days),
    _Kind(sa.Integer, _PackedIntegers, 1016, 20, _spell_integers),
    _Kind(sa.String, _PackedTexts, 1009, 25, _spell_texts),
)
for _kind in _KINDS:
    psycopg.adapters.register_dumper(_kind.carrier, _dumper(_kind.array))
# Of several dumpers of one type a binary COPY takes the last; that is otherwise a slow one.
psycopg.adapters.register_dumper(bytes, BytesBinaryDumper)


def packed(kind: sa.types.TypeEngine[Any], values: list[Any]) -> Any:
    """A list of values of a column's type, ready for the driver; of rare types the list itself."""
    for each in _KINDS:
        if isinstance(kind, each.column):
            return each.carrier(_spelled(values, each.element, each.spell))
    return values


def _spelled(values: list[Any], element: int, spell: _Spell) -> bytes:
    if not values:
        return pack("!iii", 0, 0, element)
    head = pack("!iiIii", 1, int(None in values), element, len(values), 1)
    if None not in values:
        return head + spell(values)
    return head + b"".join([_NULL if value is None else spell([value]) for value in values])
