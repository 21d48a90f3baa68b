"""The Shenzhen Tong feed: taps of one card company, dirty as published.

Source: Shenzhen municipal open data platform, data set 29200_00403601 (深圳通刷卡数据).

A bus tap is a ride. A metro ride is proven by the gate out, where the fare is taken; the gate in
before it, where the feed has it, tells the origin. There is no transaction number: the reference
is made of card, time and device as they stand in the file, so the same tap has it every time.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from app.activities.importing.formats.lines import Text, field, fields, header
from app.activities.importing.formats.shape import (
    Entry,
    Feed,
    Format,
    Item,
    Line,
    Row,
    Skip,
    bad_line,
)
from app.activities.model import Rejection

BUS, GATE_IN, GATE_OUT = "巴士", "地铁入站", "地铁出站"
_KINDS = {BUS, GATE_IN, GATE_OUT}
_NEEDED = ("card_no", "deal_date", "deal_type", "equ_no", "station", "car_no")
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
_OFFSET = "+08:00"
# Longer than anybody may stay behind the gates: an older gate in belongs to no ride.
_LONGEST_STAY = timedelta(hours=6)
_LONGEST_TEXT = 200

_ALONE = Skip("not_a_ride")
_PAIRED = Skip("gate_in_of_a_ride")
_NOWHERE = Skip("same_station")


class Tap(NamedTuple):
    """A line of the feed; `time` is local, as it stands there."""

    card: str
    at: datetime
    kind: str
    number: int
    time: str
    device: str
    station: str
    vehicle: str


def _feed(path: Path) -> Feed:
    text = Text(path)
    lines = text.lines()
    names = header(path, lines, _NEEDED)
    card = names.index("card_no")
    rows = (Row(number, field(line, card).strip(), line) for number, line in lines)
    return Feed(names, rows, text.size, text.guess, text.position)


def _entries(head: Sequence[str], lines: Iterable[Line]) -> Iterator[Entry]:
    columns = [head.index(name) for name in _NEEDED]
    by_card: dict[str, list[Tap]] = {}
    for number, line in lines:
        tap = _tap(columns, len(head), number, line)
        if isinstance(tap, Tap):
            by_card.setdefault(tap.card, []).append(tap)
        else:
            yield number, tap
    for taps in by_card.values():
        yield from _rides(taps)


def _tap(columns: Sequence[int], width: int, number: int, line: bytes) -> Tap | Rejection:
    try:
        values = fields(line.decode())
    except UnicodeDecodeError:
        return bad_line("not UTF-8")
    except ValueError as error:
        return bad_line(str(error))
    if len(values) != width:
        return bad_line(f"{len(values)} fields instead of {width}")
    card, time, kind, device, station, vehicle = (values[index].strip() for index in columns)
    at = _instant(time)
    if not 0 < len(card) <= _LONGEST_TEXT or not device or kind not in _KINDS or at is None:
        return bad_line("card_no, equ_no, deal_type or deal_date is none that can be read")
    return Tap(card, at, kind, number, time, device, station, vehicle)


def _instant(local: str) -> datetime | None:
    try:
        return datetime.fromisoformat(local + _OFFSET) if _TIME.fullmatch(local) else None
    except ValueError:
        return None


def _rides(taps: list[Tap]) -> Iterator[Entry]:
    """What one card's taps are worth telling, in the order of time; a tap told twice is one."""
    # At one instant the gate out comes first: whoever changes trains leaves before entering.
    taps.sort(key=lambda tap: (tap.at, tap.kind == GATE_IN, tap.number))
    told: dict[tuple[str, str], Item | Skip] = {}
    entered: Tap | None = None
    for tap in taps:
        key = (tap.time, tap.device)
        if key in told:
            yield tap.number, told[key]
            continue
        if tap.kind == GATE_IN:
            told[key] = _ALONE
            if entered:
                yield entered.number, _ALONE
            entered = tap
            continue
        told[key] = _bus_ride(tap)
        if tap.kind == GATE_OUT:
            pair = entered if entered and _is_pair(entered, tap) else None
            told[key] = _metro_ride(pair, tap)
            if entered:
                yield entered.number, _PAIRED if pair else _ALONE
            entered = None
        yield tap.number, told[key]
    if entered:
        yield entered.number, _ALONE


def _is_pair(entered: Tap, left: Tap) -> bool:
    return timedelta(0) < left.at - entered.at <= _LONGEST_STAY


def _bus_ride(tap: Tap) -> Item:
    named = {"line": tap.station, "vehicle": tap.vehicle}
    return _item(tap, "bus_ride", named)


def _metro_ride(entered: Tap | None, left: Tap) -> Item | Skip:
    if entered is None:
        return _item(left, "metro_ride", {"exit_station": left.station, "exit_time": _wire(left)})
    if entered.station and entered.station == left.station:
        return _NOWHERE
    told = {
        "entry_station": entered.station,
        "entry_time": _wire(entered),
        "exit_station": left.station,
        "exit_time": _wire(left),
    }
    return _item(left, "metro_ride", told)


def _item(tap: Tap, behaviour: str, evidence: dict[str, str]) -> Item:
    named = f"{tap.card}|{tap.time}|{tap.device}"
    return {
        "reference": f"szt-{sha256(named.encode()).hexdigest()[:32]}",
        "subject": tap.card,
        "behaviour": behaviour,
        "occurred_at": _wire(tap),
        "quantity": None,
        "unit": None,
        "evidence": {name: value[:_LONGEST_TEXT] for name, value in evidence.items() if value},
    }


def _wire(tap: Tap) -> str:
    return tap.time.replace(" ", "T") + _OFFSET


FORMAT = Format(_feed, _entries)
