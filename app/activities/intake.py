"""From an item on the wire to a report, or to the reason why not. Pure.

The rule file says which evidence a behaviour takes and what is kept of it: identifiers become
keyed hashes here, what is only needed to check plausibility is dropped here, and nothing else of
a provider's words survives.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from app.activities import scoring, valuation
from app.activities.model import Act, Rejection, Report
from app.kernel import MILLI, BadQuantity, local_day, measured
from app.rulebook import Behaviour, Field, Rulebook
from app.rulebook.vocabulary import CAP_UNIT_OF_QUANTITY

Hash = Callable[[str, str], bytes]
EVIDENCE_BYTES = 2048
_YEARS = range(2000, 2100)
_LARGEST_COUNT = 1_000_000
_LONGEST_TEXT = 500
_LONGEST_PERIOD_DAYS = 400
_LARGEST_HOUSEHOLD = 100
_WHOLE = {*CAP_UNIT_OF_QUANTITY} - {"km", "kWh", "kg"} | {"step"}
_PAIRS = (("entry_time", "exit_time"), ("unlock_time", "lock_time"))
_STATIONS = ("entry_station", "exit_station")


class Desk(NamedTuple):
    """Who takes reports in, from whom, when, and by which rules."""

    rules: Rulebook
    provider: str
    behaviours: frozenset[str] | None
    now: datetime
    today: date
    hash: Hash


class _Bad(Exception):
    """An item that cannot be understood; args are reason and detail."""


def reference_hash(provider: str, reference: str) -> bytes:
    """What a report is found by, and the last word of the canonical order."""
    return sha256(f"{provider}|{reference}".encode()).digest()


def subject_hash(keyed: Hash, provider: str, subject: str) -> bytes:
    """A provider's own id of a person, as a binding keeps it."""
    return keyed(f"subject:{provider}", subject)


def read(desk: Desk, item: Mapping[str, Any]) -> Report | Rejection:
    """One item as a report. Its act has no id yet; that is given when it is stored."""
    behaviour = desk.rules.behaviours.get(item["behaviour"])
    if behaviour is None:
        return Rejection("unknown_behaviour")
    if desk.behaviours is not None and behaviour.code not in desk.behaviours:
        return Rejection("not_permitted", "This client may not report this behaviour.")
    try:
        return _read(desk, behaviour, item)
    except _Bad as bad:
        return Rejection(*bad.args)


def _read(desk: Desk, behaviour: Behaviour, item: Mapping[str, Any]) -> Report:
    occurred_at = instant(item["occurred_at"])
    late = desk.rules.pack.count("late_days", desk.today)
    tolerance = desk.rules.pack.count("future_tolerance_minutes", desk.today)
    if occurred_at > desk.now + timedelta(minutes=tolerance):
        raise _Bad("in_the_future", "It has not happened yet.")
    raw = item.get("evidence") or {}
    evidence = _evidence(desk, behaviour, raw)
    quantity = _quantity(behaviour, item.get("quantity"), item.get("unit"))
    earned_on = _earned_on(desk, behaviour, occurred_at, evidence)
    if earned_on > desk.today:
        raise _Bad("in_the_future", f"It counts for {earned_on}, which is still to come.")
    if earned_on < desk.today - timedelta(days=late):
        raise _Bad("too_old", f"Acts are accepted up to {late} days late.")
    _plausible(behaviour, quantity, evidence, raw)
    reference = reference_hash(desk.provider, item["reference"])
    act = Act(
        b"",
        reference,
        behaviour.code,
        earned_on,
        occurred_at,
        quantity,
        _kept(desk.rules, behaviour, evidence),
    )
    if not valuation.in_force(desk.rules, act):
        raise _Bad("not_in_force", f"{behaviour.code} has no value on {earned_on}.")
    replaces = item.get("replaces") or raw.get("replaces")
    return Report(
        act,
        subject_hash(desk.hash, desk.provider, item["subject"]),
        _content(desk, item),
        scoring.due_on(desk.rules, behaviour, earned_on),
        reference_hash(desk.provider, replaces) if replaces else None,
    )


def _content(desk: Desk, item: Mapping[str, Any]) -> bytes:
    """A keyed digest of all that the provider said, however it was spelled in JSON."""
    parts = [
        repr(_plain(item.get(name)))
        for name in ("subject", "behaviour", "quantity", "unit", "evidence", "replaces")
    ]
    parts.append(instant(item["occurred_at"]).astimezone(UTC).isoformat())
    return desk.hash("content", "\x1f".join(parts))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return sorted((key, _plain(below)) for key, below in value.items())
    return [_plain(below) for below in value] if isinstance(value, list) else value


def instant(value: str | datetime) -> datetime:
    """An RFC 3339 instant with offset, in a year that a day can be named in."""
    if isinstance(value, datetime):
        found = value
    else:
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            raise _Bad("bad_occurred_at", "An instant is RFC 3339 with offset.") from None
    if found.tzinfo is None:
        raise _Bad("bad_occurred_at", "An instant needs its offset.")
    if found.year not in _YEARS:
        raise _Bad("too_old" if found.year < _YEARS.start else "in_the_future", "")
    return found


def _quantity(behaviour: Behaviour, text: Any, unit: Any) -> int | None:
    asked = behaviour.quantity
    if text is None:
        if asked is None or not asked.required:
            return int(asked.default * MILLI) if asked and asked.default is not None else None
        raise _Bad("bad_quantity", f"A quantity in {asked.unit} is required.")
    if asked is None:
        raise _Bad("bad_quantity", "This behaviour takes no quantity.")
    if unit is not None and unit != asked.unit:
        raise _Bad("bad_quantity", f"The unit is {asked.unit}.")
    try:
        found = measured(text)
    except BadQuantity:
        raise _Bad("bad_quantity", "A plain decimal, at most three places.") from None
    if found <= 0 or (asked.unit in _WHOLE and found % MILLI):
        raise _Bad("bad_quantity", f"More than nothing, in whole units where {asked.unit} is one.")
    return found


def _evidence(desk: Desk, behaviour: Behaviour, raw: Mapping[str, Any]) -> dict[str, Any]:
    if raw and len(repr(raw).encode()) > EVIDENCE_BYTES:
        raise _Bad("bad_evidence", f"Evidence is at most {EVIDENCE_BYTES} bytes.")
    found = {}
    for name, field in desk.rules.fields(behaviour.code).items():
        value = raw.get(name)
        if value is not None:
            try:
                found[name] = _READERS[field.type](desk, field, value)
            except (_Bad, ValueError, TypeError, OverflowError):
                raise _Bad("bad_evidence", f"{name} is not a {field.type}.") from None
    for name, field in behaviour.evidence.items():
        if name not in found and _is_required(field, found):
            raise _Bad("bad_evidence", f"{name} is required.")
    return found


def _is_required(field: Field, found: Mapping[str, Any]) -> bool:
    return field.required or any(
        found.get(name) in values for name, values in field.required_when.items()
    )


def _read_text(_desk: Desk, _field: Field, value: Any) -> str:
    if not isinstance(value, str) or not value or len(value) > _LONGEST_TEXT:
        raise ValueError
    return value


def _read_identifier(desk: Desk, field: Field, value: Any) -> str:
    return desk.hash(field.name, _read_text(desk, field, value)).hex()


def _read_instant(_desk: Desk, _field: Field, value: Any) -> int:
    if not isinstance(value, str):
        raise TypeError
    return int(instant(value).timestamp())


def _read_day(_desk: Desk, _field: Field, value: Any) -> str:
    found = date.fromisoformat(value)
    if value != found.isoformat() or found.year not in _YEARS:
        raise ValueError
    return str(value)


def _read_month(desk: Desk, field: Field, value: Any) -> str:
    _read_day(desk, field, f"{value}-01")
    return str(value)


def _read_decimal(_desk: Desk, _field: Field, value: Any) -> int:
    found = measured(value)
    if found < 0:
        raise ValueError
    return found


def _read_count(_desk: Desk, _field: Field, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= _LARGEST_COUNT:
        raise ValueError
    return value


def _read_bool(_desk: Desk, _field: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _read_choice(_desk: Desk, field: Field, value: Any) -> str:
    if value not in field.choices:
        raise ValueError
    return str(value)


_READERS: dict[str, Callable[[Desk, Field, Any], Any]] = {
    "text": _read_text,
    "identifier": _read_identifier,
    "instant": _read_instant,
    "day": _read_day,
    "month": _read_month,
    "decimal": _read_decimal,
    "count": _read_count,
    "bool": _read_bool,
    "choice": _read_choice,
}


def _kept(rules: Rulebook, behaviour: Behaviour, evidence: dict[str, Any]) -> dict[str, Any]:
    fields = rules.fields(behaviour.code)
    return {name: value for name, value in evidence.items() if fields[name].keep != "drop"}


def _earned_on(
    desk: Desk, behaviour: Behaviour, occurred_at: datetime, evidence: Mapping[str, Any]
) -> date:
    """The day an act counts for: the evidence's own where there is one, else the local day."""
    if behaviour.method == "period_meter":
        first, last = (date.fromisoformat(evidence[n]) for n in ("period_start", "period_end"))
        if not 0 <= (last - first).days < _LONGEST_PERIOD_DAYS:
            raise _Bad("bad_evidence", "period_end is on or after period_start, within 400 days.")
        return last
    if "day" in evidence:
        return date.fromisoformat(evidence["day"])
    return local_day(occurred_at, desk.rules.pack.zone)


def _plausible(
    behaviour: Behaviour,
    quantity: int | None,
    evidence: Mapping[str, Any],
    raw: Mapping[str, Any],
) -> None:
    for name, refused in behaviour.refuse.items():
        if evidence.get(name) in refused:
            raise _Bad("implausible", f"{name} rules this act out.")
    if evidence.get("household_size", 1) > _LARGEST_HOUSEHOLD:
        raise _Bad("implausible", "No household is that large.")
    pair = next((p for p in _PAIRS if p[0] in evidence and p[1] in evidence), None)
    seconds = evidence[pair[1]] - evidence[pair[0]] if pair else None
    if seconds is not None and seconds <= 0:
        raise _Bad("bad_evidence", "The end is not after the start.")
    for name, span in behaviour.plausible.items():
        _within(name, span, quantity, seconds, raw)


def _within(
    name: str, span: Any, quantity: int | None, seconds: int | None, raw: Mapping[str, Any]
) -> None:
    """Compare in integers: both sides of the range are multiplied, nothing is divided."""
    value, scale = None, 1
    if name == "quantity" and quantity is not None:
        value, scale = quantity, MILLI
    elif name == "minutes" and seconds is not None:
        value, scale = seconds, 60
    elif name == "speed_kmh" and quantity is not None and seconds is not None:
        value, scale = quantity * 3600, seconds * MILLI
    elif name == "same_station_minutes" and seconds is not None:
        stations = {raw.get(station) for station in _STATIONS}
        if len(stations) == 1 and None not in stations:
            value, scale = seconds, 60
    if value is None:
        return
    low, high = span.low, span.high
    if (low is not None and value < low * scale) or (high is not None and value > high * scale):
        raise _Bad("implausible", f"{name} lies outside {low or 0} to {high or 'any'}.")
