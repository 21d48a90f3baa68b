"""Each format says the same; what cannot be read is named, and stops nothing or says what to do."""

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from app.activities.importing import FORMATS, ImportReport
from app.activities.importing.formats.shape import BadFile
from app.activities.importing.report import write_rejected
from app.activities.model import Rejection
from tests.importing.conftest import COLUMNS, Row, tap, write_csv

RIDE = {"entry_time": "2026-03-09T08:00:00+08:00", "exit_time": "2026-03-09T08:30:00+08:00"}
AT = datetime(2026, 3, 9, 0, 30, tzinfo=UTC)
ROWS = [
    tap(1, "card1", AT, evidence={"line": "102路", "vehicle": "鲁K 0001"}),
    tap(2, "card2", AT, behaviour="metro_ride", quantity="7.3", unit="km", evidence=RIDE),
    tap(3, 'a "quoted, card"', AT),
]


def read(path: Path, name: str) -> list[Any]:
    layout = FORMATS[name]
    feed = layout.feed(path)
    lines = [(row.number, row.raw) for row in feed.rows]
    return [found for _, found in layout.entries(feed.head, lines)]


def plain(row: Row) -> Row:
    return {name: value for name, value in row.items() if value is not None}


def write_lines(path: Path, rows: list[Row]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def write_parquet(path: Path, rows: list[Row], **columns: pa.DataType) -> Path:
    names = dict.fromkeys(name for row in rows for name in row)
    table = {name: pa.array([row.get(name) for row in rows], columns.get(name)) for name in names}
    parquet.write_table(pa.table(table), path)
    return path


def test_every_format_says_the_same(tmp_path: Path) -> None:
    texts = [row | {"evidence": json.dumps(row["evidence"])} if "evidence" in row else row
             for row in ROWS]  # fmt: skip
    assert read(write_csv(tmp_path / "a.csv", ROWS), "csv") == ROWS
    assert read(write_lines(tmp_path / "a.jsonl", ROWS), "jsonl") == ROWS
    assert read(write_parquet(tmp_path / "a.parquet", texts), "parquet") == ROWS


def test_a_row_is_told_by_its_person(tmp_path: Path) -> None:
    for name, path in (
        ("csv", write_csv(tmp_path / "a.csv", ROWS)),
        ("jsonl", write_lines(tmp_path / "a.jsonl", ROWS)),
        ("parquet", write_parquet(tmp_path / "a.parquet", ROWS)),
    ):
        persons = [row.person.decode() for row in FORMATS[name].feed(path).rows]
        assert persons == [row["subject"] for row in ROWS], name


def test_columns_of_a_csv_come_in_any_order_and_a_mark_before_them(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS, reversed(COLUMNS))
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read(path, "csv") == ROWS


def test_parquet_takes_times_decimals_and_structs(tmp_path: Path) -> None:
    row = {
        **ROWS[1],
        "occurred_at": AT,
        "quantity": Decimal("7.300"),
        "evidence": {"entry_time": "2026-03-09T08:00:00+08:00", "exit_station": None},
    }
    path = write_parquet(tmp_path / "a.parquet", [row], occurred_at=pa.timestamp("us", "UTC"))
    told = {"entry_time": "2026-03-09T08:00:00+08:00"}
    assert read(path, "parquet") == [
        ROWS[1] | {"occurred_at": AT.isoformat(), "quantity": "7.3", "evidence": told}
    ]


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"quantity": [1.5]}, "a float is not exact"),
        ({"occurred_at": pa.array([AT], pa.timestamp("us"))}, "needs its time zone"),
        ({"colour": ["red"]}, "unknown ones: colour"),
    ],
)
def test_parquet_with_unfit_columns_is_refused(
    tmp_path: Path, columns: dict[str, Any], says: str
) -> None:
    whole = {name: [value] for name, value in plain(ROWS[2]).items()} | columns
    parquet.write_table(pa.table(whole), tmp_path / "a.parquet")
    with pytest.raises(BadFile, match=says):
        read(tmp_path / "a.parquet", "parquet")


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_file_in_another_encoding_says_how_to_convert_it(tmp_path: Path, name: str) -> None:
    path = tmp_path / "file"
    path.write_text("card_no,地铁入站\n" * 3, "gb18030")
    with pytest.raises(BadFile) as refused:
        read(path, name)
    assert ("iconv" in refused.value.detail) == (name != "parquet")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("csv", "", "needs a first line"),
        ("csv", "reference,subject\n", "missing: behaviour, occurred_at"),
        ("csv", "reference,subject,subject,behaviour,occurred_at\n", "each once"),
        ("csv", "reference,subject,behaviour,occurred_at,colour\n", "colour"),
        ("shenzhen-tong", "card_no,deal_date\n", "missing: deal_type, equ_no, station, car_no"),
        ("parquet", "reference", "no Parquet file"),
    ],
)
def test_a_file_of_the_wrong_shape_says_what_is_wrong(
    tmp_path: Path, name: str, content: str, says: str
) -> None:
    (tmp_path / "file").write_text(content)
    with pytest.raises(BadFile, match=says):
        read(tmp_path / "file", name)


BAD_LINES = {
    'x,card1,bus_ride,"2026': "end",
    "x,card1,bus_ride": "3 fields instead of 7",
    "x,card1,bus_ride,2026-03-09T09:00:00+08:00,,,{": "evidence is no JSON",
    "x,card1,bus_ride,2026-03-09T09:00:00+08:00,,,[1]": "evidence is no object",
    ",card1,bus_ride,2026-03-09T09:00:00+08:00,,,": "reference is missing",
    f"x,{'c' * 201},bus_ride,2026-03-09T09:00:00+08:00,,,": "subject is no text of at most",
}


def test_a_broken_line_of_a_csv_spoils_no_other(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [ROWS[0]])
    broken = "\n".join(BAD_LINES).encode() + b"\nx,\xff\xfe,bus_ride,2026-03-09T09:00:00+08:00,,,"
    good = path.read_bytes().splitlines()[1]
    path.write_bytes(path.read_bytes() + broken + b"\n\n" + good + b"\n")
    first, *found, last = read(path, "csv")
    assert first == last == ROWS[0]
    for (line, says), answer in zip(BAD_LINES.items(), found, strict=False):
        assert isinstance(answer, Rejection), line
        assert answer.reason == "bad_line", line
        assert says in answer.detail, line
    assert found[-1] == Rejection("bad_line", "not UTF-8")


def test_broken_json_lines_are_rejected(tmp_path: Path) -> None:
    unfit = [tap(1, "c") | {"quantity": 3}, tap(2, "c") | {"colour": "red"}]
    path = write_lines(tmp_path / "a.jsonl", [ROWS[0], *unfit])
    path.write_bytes(path.read_bytes() + b'{"subject": \n[1]\n"\xff"\n')
    first, *found = read(path, "jsonl")
    assert first == ROWS[0]
    assert [each.detail for each in found] == [
        "quantity is no text of at most 200 characters",
        "unknown field colour",
        "no JSON in UTF-8",
        "no JSON object",
        "no JSON in UTF-8",
    ]


def test_a_line_without_end_is_one_bad_line(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [ROWS[0]])
    path.write_bytes(path.read_bytes() + b"x" * (3 << 20) + b"\n" + path.read_bytes()[-10:])
    found = read(path, "csv")
    assert [type(each) for each in found] == [dict, Rejection, Rejection]


def test_a_file_is_imported_from_every_format(
    tmp_path: Path, take: Callable[..., ImportReport]
) -> None:
    for n, (name, write) in enumerate(
        {"csv": write_csv, "jsonl": write_lines, "parquet": write_parquet}.items()
    ):
        rows = [tap(30 * n + k, f"card{k}") for k in range(8)]
        report = take(write(tmp_path / f"file.{name}", rows), name)
        assert report.counts == {"credited": 8}, name
        assert report.lines == 8


def test_lines_may_be_rejected_for_as_many_reasons_as_there_are_lines(tmp_path: Path) -> None:
    numbers = range(1, 70_001)
    source = tmp_path / "a.jsonl"
    source.write_text("".join(f"{{{n}\n" for n in numbers))
    kept = [{f"reason {n}": [n]} for n in numbers if n % 7]
    write_rejected(tmp_path / "rejected.csv", source, FORMATS["jsonl"], lambda: kept)
    with (tmp_path / "rejected.csv").open(encoding="utf-8", newline="") as file:
        told = list(csv.reader(file))
    assert told[1:] == [[str(n), f"reason {n}", f"{{{n}"] for n in numbers if n % 7]


def test_rejected_lines_are_written_beside_the_file(
    tmp_path: Path, take: Callable[..., ImportReport]
) -> None:
    rows = [
        tap(1, "card1"),
        tap(2, "card2", quantity="0", unit="km"),
        tap(3, "nobody's"),
        tap(4, "card4", behaviour="flying"),
    ]
    path = write_csv(tmp_path / "night.csv", rows)
    path.write_bytes(path.read_bytes() + b"no line\n")
    report = take(path)
    assert report.counts == {"credited": 1, "rejected": 4}
    assert report.rejected == {
        "bad_line": 1, "bad_quantity": 1, "unknown_behaviour": 1, "unknown_subject": 1,
    }  # fmt: skip
    assert report.rejected_file == tmp_path / "night.csv.rejected.csv"
    with report.rejected_file.open(encoding="utf-8", newline="") as file:
        told = list(csv.reader(file))
    lines = path.read_text().splitlines()
    assert told == [
        ["line", "reason", "raw"],
        ["3", "bad_quantity", lines[2]],
        ["5", "unknown_behaviour", lines[4]],
        ["6", "bad_line: 1 fields instead of 7", "no line"],
    ]
