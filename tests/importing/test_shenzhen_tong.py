"""The Shenzhen Tong feed: what proves a ride, which gates belong together, what a tap is called."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.activities.importing import FORMATS, ImportReport
from app.activities.importing.formats.shape import Skip
from app.activities.model import Rejection
from app.plumbing import House
from tests.importing.conftest import bind, kept

DATA = Path(__file__).parent / "data"
SZT = FORMATS["shenzhen-tong"]
HEAD = "card_no,deal_date,deal_type,deal_money,deal_value,equ_no,station,car_no,conn_mark"
# From 1 September 2018 to 5 March 2026, when rules are in force.
DAYS = 2742
BUS, IN, OUT = "巴士", "地铁入站", "地铁出站"


def line(time: str, kind: str, station: str = "", card: str = "AAA", device: str = "1") -> str:
    return f"{card},2018-09-01 {time},{kind},0,0,{device},{station},car1,0"


def read(path: Path, *lines: str) -> dict[int, Any]:
    """What each line, counted from 1 after the header, is worth telling."""
    path.write_text("\n".join([HEAD, *lines]) + "\n", "utf-8")
    feed = SZT.feed(path)
    found = list(SZT.entries(feed.head, [(row.number, row.raw) for row in feed.rows]))
    assert sorted(number for number, _ in found) == [n + 2 for n in range(len(lines))]
    return {number - 1: each for number, each in found}


@pytest.fixture
def feed(tmp_path: Path) -> Callable[..., dict[int, Any]]:
    return lambda *lines: read(tmp_path / "feed.csv", *lines)


Feed = Callable[..., dict[int, Any]]
ALONE, PAIRED, NOWHERE = Skip("not_a_ride"), Skip("gate_in_of_a_ride"), Skip("same_station")


def test_a_bus_tap_is_a_ride_whose_station_is_its_line(feed: Feed) -> None:
    found = feed(line("08:00:00", BUS, "M506"))[1]
    assert found == {
        "reference": found["reference"],
        "subject": "AAA",
        "behaviour": "bus_ride",
        "occurred_at": "2018-09-01T08:00:00+08:00",
        "quantity": None,
        "unit": None,
        "evidence": {"line": "M506", "vehicle": "car1"},
    }
    assert found["reference"].startswith("szt-")
    assert len(found["reference"]) == len("szt-") + 32


def test_a_missing_station_is_no_fault(feed: Feed) -> None:
    assert feed(line("08:00:00", BUS))[1]["evidence"] == {"vehicle": "car1"}


def test_the_gate_out_proves_the_ride_and_the_gate_in_tells_its_origin(feed: Feed) -> None:
    found = feed(line("08:40:00", OUT, "西乡"), line("08:00:00", IN, "布吉"))
    assert found[2] == PAIRED
    assert found[1]["behaviour"] == "metro_ride"
    assert found[1]["occurred_at"] == "2018-09-01T08:40:00+08:00"
    assert found[1]["evidence"] == {
        "entry_station": "布吉",
        "entry_time": "2018-09-01T08:00:00+08:00",
        "exit_station": "西乡",
        "exit_time": "2018-09-01T08:40:00+08:00",
    }


def test_a_gate_out_alone_is_a_ride_and_a_gate_in_alone_is_none(feed: Feed) -> None:
    found = feed(line("08:00:00", OUT, "布吉"), line("09:00:00", IN, "布吉"))
    assert found[1]["evidence"] == {
        "exit_station": "布吉",
        "exit_time": "2018-09-01T08:00:00+08:00",
    }
    assert found[2] == ALONE


def test_gates_pair_once_and_the_latest_first(feed: Feed) -> None:
    found = feed(
        line("08:00:00", IN, "布吉"),
        line("08:10:00", IN, "长龙"),
        line("08:30:00", OUT, "西乡"),
        line("08:45:00", OUT, "坪洲"),
    )
    assert (found[1], found[2]) == (ALONE, PAIRED)
    assert found[3]["evidence"]["entry_station"] == "长龙"
    assert "entry_station" not in found[4]["evidence"]


def test_blanks_around_a_card_make_it_no_other(tmp_path: Path) -> None:
    path = tmp_path / "feed.csv"
    lines = [HEAD, line("08:00:00", IN, card=" AAA"), line("08:30:00", OUT, card='"AAA"')]
    path.write_text("\n".join(lines), "utf-8")
    assert [row.person for row in SZT.feed(path).rows] == [b"AAA", b"AAA"]


def test_gates_of_other_cards_and_of_the_morning_before_do_not_pair(feed: Feed) -> None:
    found = feed(
        line("08:00:00", IN, "布吉", card="BBB"),
        line("02:00:00", IN, "布吉"),
        line("08:30:00", OUT, "西乡"),
    )
    assert (found[1], found[2]) == (ALONE, ALONE)
    assert "entry_station" not in found[3]["evidence"]


def test_leaving_where_one_entered_is_no_ride(feed: Feed) -> None:
    found = feed(line("08:00:00", IN, "布吉"), line("08:30:00", OUT, "布吉"))
    assert (found[1], found[2]) == (PAIRED, NOWHERE)
    nameless = feed(line("08:00:00", IN), line("08:30:00", OUT))
    assert nameless[2]["behaviour"] == "metro_ride"


def test_changing_trains_outside_is_two_rides(feed: Feed) -> None:
    found = feed(
        line("08:00:00", IN, "布吉"),
        line("08:30:00", IN, "老街", device="2"),
        line("08:30:00", OUT, "老街"),
        line("08:50:00", OUT, "罗湖"),
    )
    assert found[3]["evidence"]["entry_station"] == "布吉"
    assert found[4]["evidence"]["entry_station"] == "老街"


def test_a_tap_told_twice_is_one(feed: Feed) -> None:
    found = feed(
        line("08:00:00", IN, "布吉"),
        line("08:40:00", OUT, "西乡"),
        line("08:40:00", OUT, "西乡"),
        line("08:40:00", OUT, "西乡", device="2"),
    )
    assert found[2] == found[3]
    assert found[4]["reference"] != found[2]["reference"]


@pytest.mark.parametrize(
    "broken",
    [
        "AAA,2018-09-01,巴士,0,0,1,,,0",
        "AAA,2018-02-30 08:00:00,巴士,0,0,1,,,0",
        "AAA,2018-09-01T08:00:00,巴士,0,0,1,,,0",
        "AAA,2018-09-01 08:00:00,轮渡,0,0,1,,,0",
        ",2018-09-01 08:00:00,巴士,0,0,1,,,0",
        "AAA,2018-09-01 08:00:00,巴士,0,0,,,,0",
        "AAA,2018-09-01 08:00:00",
    ],
)
def test_what_cannot_be_read_is_a_bad_line(feed: Feed, broken: str) -> None:
    found = feed(line("08:00:00", BUS), broken)
    assert isinstance(found[2], Rejection)
    assert found[2].reason == "bad_line"
    assert isinstance(found[1], dict)


def test_real_feeds_with_their_columns_in_another_order(
    house: House, carrier: str, take: Callable[..., ImportReport]
) -> None:
    cards = set()
    for name in ("morning", "evening"):
        feed = SZT.feed(DATA / f"{name}.csv")
        cards |= {row.person.decode().strip('"') for row in feed.rows}
    strangers = sorted(cards)[::10]
    bind(house, carrier, cards.difference(strangers))
    morning = take(DATA / "morning.csv", "shenzhen-tong", shift_days=DAYS)
    evening = take(DATA / "evening.csv", "shenzhen-tong", shift_days=DAYS)
    assert (morning.lines, evening.lines) == (300, 120)
    assert morning.counts | {"credited": 0, "overlapped": 0} == {
        "credited": 0, "overlapped": 0, "rejected": 27, "skipped": 49,
    }  # fmt: skip
    assert morning.rejected == {"unknown_subject": 27}
    assert evening.reasons["skipped"].keys() >= {"gate_in_of_a_ride", "not_a_ride"}
    assert morning.rejected_file is None
    stored = kept(house)
    assert stored.acts == sum(
        report.counts.get(status, 0)
        for report in (morning, evening)
        for status in ("credited", "overlapped", "capped")
    )
    again = take(DATA / "morning.csv", "shenzhen-tong", shift_days=DAYS, again=True)
    assert again.counts["duplicate"] == sum(
        morning.counts.get(status, 0) for status in ("credited", "overlapped", "capped")
    )
    assert kept(house) == stored
