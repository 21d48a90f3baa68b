"""From an item on the wire to a report, or to the reason why not. Pure."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

from app.activities import evidence as proof
from app.activities import scoring, valuation
from app.activities.evidence import Bad, Form, Hash
from app.activities.model import Act, Rejection, Report
from app.kernel import MILLI, BadQuantity, local_day, measured
from app.rulebook import Behaviour, Rulebook
from app.rulebook.vocabulary import CAP_UNIT_OF_QUANTITY

_LONGEST_PERIOD_DAYS = 400
_LARGEST_HOUSEHOLD = 100
# A ride's own times lie near its instant, so that rides which cross are a day apart at most.
_FARTHEST_SECONDS = 6 * 3600
_WHOLE = {*CAP_UNIT_OF_QUANTITY} - {"km", "kWh", "kg"} | {"step"}
_ENTRY, _EXIT = "entry_station", "exit_station"


class Desk(NamedTuple):
    """Who takes reports in, from whom, by which rules: acts not after `latest`, which count for a
    day from `oldest` to `today`. `hash` and `content` are keyed; `subject` is the kind under which
    this provider's subjects are hashed; `due_days` remembers days by behaviour."""

    rules: Rulebook
    provider: str
    behaviours: frozenset[str] | None
    latest: datetime
    oldest: date
    today: date
    hash: Hash
    content: Callable[[str, bytes], bytes]
    subject: str
    new_id: Callable[[], bytes]
    due_days: dict[tuple[str, date], date]


def desk(
    rules: Rulebook,
    provider: str,
    behaviours: frozenset[str] | None,
    now: datetime,
    keyed: Callable[[str, bytes], bytes],
    new_id: Callable[[], bytes],
) -> Desk:
    """The desk at an instant. It remembers what it has hashed: one is made for each list."""
    today = local_day(now, rules.pack.zone)
    tolerance = rules.pack.count("future_tolerance_minutes", today)
    late = rules.pack.count("late_days", today)
    known: dict[tuple[str, str], bytes] = {}

    def remembering(kind: str, text: str) -> bytes:
        found = known.get((kind, text))
        if found is None:
            found = known[kind, text] = keyed(kind, text.encode())
        return found

    return Desk(
        rules,
        provider,
        behaviours,
        now + timedelta(minutes=tolerance),
        today - timedelta(days=late),
        today,
        remembering,
        keyed,
        f"subject:{provider}",
        new_id,
        {},
    )


def reference_hash(provider: str, reference: str) -> bytes:
    """What a report is found by, and the last word of the canonical order."""
    return sha256(f"{provider}|{reference}".encode()).digest()


def read(desk: Desk, item: Mapping[str, Any]) -> Report | Rejection:
    """One item as a report, its act with an id that is its own should it be stored."""
    form = proof.form(desk.rules, item["behaviour"])
    if form is None:
        return Rejection("unknown_behaviour")
    if desk.behaviours is not None and form.behaviour.code not in desk.behaviours:
        return Rejection("not_permitted", "This client may not report this behaviour.")
    try:
        return _read(desk, form, item)
    except Bad as bad:
        return Rejection(*bad.args)
    except RecursionError:
        return Rejection("bad_evidence", "Evidence is nested too deeply.")


def _read(desk: Desk, form: Form, item: Mapping[str, Any]) -> Report:
    behaviour = form.behaviour
    occurred_at = proof.instant(item["occurred_at"]).astimezone(UTC)
    if occurred_at > desk.latest:
        raise Bad("in_the_future", "It has not happened yet.")
    raw = item.get("evidence") or {}
    evidence = proof.read(form, raw, desk.hash)
    quantity = _quantity(behaviour, item.get("quantity"), item.get("unit"))
    earned_on = _earned_on(desk, behaviour, occurred_at, evidence)
    if earned_on > desk.today:
        raise Bad("in_the_future", f"It counts for {earned_on}, which is still to come.")
    if earned_on < desk.oldest:
        raise Bad("too_old", f"Acts are accepted from {desk.oldest} on.")
    _plausible(form, occurred_at, quantity, evidence, raw)
    act = Act(
        desk.new_id(),
        reference_hash(desk.provider, item["reference"]),
        behaviour.code,
        earned_on,
        occurred_at,
        quantity,
        proof.kept(form, evidence),
    )
    due_on = _due_on(desk, form, act)
    replaces = item.get("replaces") or raw.get("replaces")
    return Report(
        act,
        desk.hash(desk.subject, item["subject"]),
        _content(desk, item, occurred_at),
        due_on,
        reference_hash(desk.provider, replaces) if replaces else None,
    )


def _due_on(desk: Desk, form: Form, act: Act) -> date:
    """The day from which its points can be spent, if its behaviour has a value on its own day."""
    found = desk.due_days.get((act.behaviour, act.earned_on))
    if found is None:
        if not valuation.in_force(desk.rules, act):
            raise Bad("not_in_force", f"{act.behaviour} has no value on {act.earned_on}.")
        found = scoring.due_on(desk.rules, form.behaviour, act.earned_on)
        if not form.behaviour.alternatives:  # of those an act's own words decide
            desk.due_days[act.behaviour, act.earned_on] = found
    return found


def _content(desk: Desk, item: Mapping[str, Any], occurred_at: datetime) -> bytes:
    """A keyed digest of all that the provider said, however it was spelled in JSON."""
    said = [
        item["subject"],
        item["behaviour"],
        item.get("quantity"),
        item.get("unit"),
        item.get("evidence") or None,
        item.get("replaces"),
        occurred_at,
    ]
    try:
        text = orjson.dumps(said, None, orjson.OPT_SORT_KEYS)
    except TypeError:  # a whole number that is too long for it
        text = repr(_plain(said)).encode()
    return desk.content("content", text)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return sorted((key, _plain(below)) for key, below in value.items())
    return [_plain(below) for below in value] if isinstance(value, list) else value


def _quantity(behaviour: Behaviour, text: Any, unit: Any) -> int | None:
    asked = behaviour.quantity
    if text is None:
        if asked is None or not asked.required:
            return int(asked.default * MILLI) if asked and asked.default is not None else None
        raise Bad("bad_quantity", f"A quantity in {asked.unit} is required.")
    if asked is None:
        raise Bad("bad_quantity", "This behaviour takes no quantity.")
    if unit is not None and unit != asked.unit:
        raise Bad("bad_quantity", f"The unit is {asked.unit}.")
    try:
        found = measured(text)
    except BadQuantity:
        raise Bad("bad_quantity", "A plain decimal, at most three places.") from None
    if found <= 0 or (asked.unit in _WHOLE and found % MILLI):
        raise Bad("bad_quantity", f"More than nothing, in whole units where {asked.unit} is one.")
    return found


def _earned_on(
    desk: Desk, behaviour: Behaviour, occurred_at: datetime, evidence: Mapping[str, Any]
) -> date:
    """The day an act counts for: the evidence's own where there is one, else the local day."""
    if behaviour.method == "period_meter":
        first, last = (date.fromisoformat(evidence[n]) for n in ("period_start", "period_end"))
        if not 0 <= (last - first).days < _LONGEST_PERIOD_DAYS:
            raise Bad("bad_evidence", "period_end is on or after period_start, within 400 days.")
        return last
    if "day" in evidence:
        return date.fromisoformat(evidence["day"])
    return local_day(occurred_at, desk.rules.pack.zone)


def _plausible(
    form: Form,
    occurred_at: datetime,
    quantity: int | None,
    evidence: Mapping[str, Any],
    raw: Mapping[str, Any],
) -> None:
    for name, refused in form.behaviour.refuse.items():
        if evidence.get(name) in refused:
            raise Bad("implausible", f"{name} rules this act out.")
    if evidence.get("household_size", 1) > _LARGEST_HOUSEHOLD:
        raise Bad("implausible", "No household is that large.")
    seconds = None
    if form.pair is not None:
        start, end = map(evidence.get, form.pair)
        if start is not None and end is not None:
            seconds = end - start
            _in_time(start, end, occurred_at)
    for name, span in form.behaviour.plausible.items():
        _within(name, span, quantity, seconds, raw)


def _in_time(start: int, end: int, occurred_at: datetime) -> None:
    if end <= start:
        raise Bad("bad_evidence", "The end is not after the start.")
    at = occurred_at.timestamp()
    if abs(start - at) > _FARTHEST_SECONDS or abs(end - at) > _FARTHEST_SECONDS:
        raise Bad("implausible", "Its times lie hours away from when it happened.")


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
    elif name == "same_station_minutes" and raw.get(_ENTRY) == raw.get(_EXIT) is not None:
        value, scale = seconds, 60
    if value is None:
        return
    low, high = span.low, span.high
    if (low is not None and value < low * scale) or (high is not None and value > high * scale):
        raise Bad("implausible", f"{name} lies outside {low or 0} to {high or 'any'}.")
