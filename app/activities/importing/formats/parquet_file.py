"""Parquet with the fields of an act as columns. Read batch by batch; each row travels on as JSON.

Quantities are text, integers or decimals, never binary fractions; instants are text with an
offset or timestamps with a zone; evidence is JSON text, a struct or a map.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson

from app.activities.importing.formats import json_lines
from app.activities.importing.formats.shape import FIELDS, NEEDED, BadFile, Feed, Format, Row

_BATCH_ROWS = 4096


def _feed(path: Path) -> Feed:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise BadFile("Parquet needs pyarrow: pip install pyarrow, or send CSV.") from None
    try:
        file = parquet.ParquetFile(path)
    except pa.ArrowException as error:
        raise BadFile(f"{path.name} is no Parquet file ({error}).") from None
    names = tuple(file.schema_arrow.names)
    _check(path, pa, file.schema_arrow)
    read = [0]
    return Feed(
        names, _rows(file, read), file.metadata.num_rows, file.metadata.num_rows, lambda: read[0]
    )


def _check(path: Path, pa: Any, schema: Any) -> None:
    missing = [name for name in NEEDED if name not in schema.names]
    unknown = [name for name in schema.names if name not in FIELDS]
    if missing or unknown:
        raise BadFile(
            f"{path.name}: missing columns: {', '.join(missing) or 'none'}; "
            f"unknown ones: {', '.join(unknown) or 'none'}."
        )
    if "quantity" in schema.names and pa.types.is_floating(schema.field("quantity").type):
        raise BadFile(f"{path.name}: write quantity as text or decimal; a float is not exact.")
    at = schema.field("occurred_at").type
    if pa.types.is_timestamp(at) and at.tz is None:
        raise BadFile(f"{path.name}: occurred_at needs its time zone.")


def _rows(file: Any, read: list[int]) -> Iterator[Row]:
    with file:
        for batch in file.iter_batches(_BATCH_ROWS):
            for found in batch.to_pylist():
                read[0] += 1
                yield Row(read[0], str(found["subject"]).encode(), _line(found))


def _line(found: dict[str, Any]) -> bytes:
    """A row as a line of JSON Lines; what cannot be written down is a bad line later."""
    row = {name: value for name, value in found.items() if value is not None}
    if isinstance(row.get("quantity"), int | Decimal):
        row["quantity"] = _plain(row["quantity"])
    try:
        if "evidence" in row:
            row["evidence"] = _evidence(row["evidence"])
        return orjson.dumps(row, _wire, orjson.OPT_PASSTHROUGH_DATETIME)
    except (TypeError, ValueError):
        return repr(row).encode("utf-8", "backslashreplace")


def _evidence(value: Any) -> Any:
    if isinstance(value, str):
        return orjson.loads(value)
    pairs = value.items() if isinstance(value, dict) else value
    return {name: below for name, below in pairs if below is not None}


def _wire(value: Any) -> str:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return _plain(value)
    raise TypeError(type(value).__name__)


def _plain(value: int | Decimal) -> str:
    """7.300 → "7.3", without an exponent."""
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


FORMAT = Format(_feed, json_lines.FORMAT.entries)
