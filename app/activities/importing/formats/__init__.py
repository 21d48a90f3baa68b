"""How files are read: one small module a format, all of one shape (`shape.Format`)."""

from collections.abc import Mapping

from app.activities.importing.formats import csv_file, json_lines, parquet_file, shenzhen_tong
from app.activities.importing.formats.shape import Format

FORMATS: Mapping[str, Format] = {
    "csv": csv_file.FORMAT,
    "jsonl": json_lines.FORMAT,
    "parquet": parquet_file.FORMAT,
    "shenzhen-tong": shenzhen_tong.FORMAT,
}

__all__ = ["FORMATS"]
