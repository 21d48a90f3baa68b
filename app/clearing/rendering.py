"""A file as bytes: CSV and JSON of the same lines. The same lines give the same bytes, always."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from hashlib import sha256
from typing import Any

import orjson

from app.clearing.model import Line, Shape, Sum, Totals
from app.kernel import yuan


@dataclass(frozen=True, slots=True)
class Rendered:
    """Both representations and their SHA-256."""

    csv: bytes
    json: bytes
    csv_sha256: bytes
    json_sha256: bytes


def render(
    book: str,
    party: str,
    day: date,
    lines: Sequence[Line],
    totals: Totals,
    shape: Shape,
    zone: tzinfo,
) -> Rendered:
    """The file of a party and day; `lines` in their order, instants in the city's zone."""
    rows = [_row(line, shape, zone) for line in lines]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(shape.head)
    writer.writerows(rows)
    table = text.getvalue().encode()
    digest = sha256(table)
    told = {
        "book": book,
        "party": party,
        "day": day,
        "lines": [dict(zip(shape.head, row, strict=True)) for row in rows],
        "totals": shown(totals),
        "sha256": digest.hexdigest(),
    }
    document = orjson.dumps(told)
    return Rendered(table, document, digest.digest(), sha256(document).digest())


def _row(line: Line, shape: Shape, zone: tzinfo) -> list[Any]:
    at = line.at.astimezone(zone).isoformat()
    told = [line.told.get(column) for column in shape.columns]
    return [shape.name(line), line.kind, at, line.day.isoformat(), yuan(line.amount), *told]


def shown(totals: Totals) -> dict[str, Any]:
    """Totals as on the wire: `{count, amount, by_kind: {void: {count, amount}}, by_funder: …}`."""
    split = {
        f"by_{column}": {value: _sum(one) for value, one in sums.items()}
        for column, sums in totals.by.items()
    }
    return _sum(totals.all) | split


def _sum(one: Sum) -> dict[str, Any]:
    return {"count": one.lines, "amount": yuan(one.amount)}
