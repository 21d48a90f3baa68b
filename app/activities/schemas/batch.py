"""Wire shapes of providers: batches, reversals, and what became of them.

A provider's batch is checked by hand, for shape alone: up to a thousand items pass here on the way
of a night's file. What an item means is decided item by item in `intake`, where one bad item does
not fail the others.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import marshmallow as ma

from app.activities.model import REVERSED, STATUSES
from app.plumbing.api import DecimalText

MOST_ITEMS = 1000
LONGEST_NAME = 200
_DEEPEST_EVIDENCE = 4
_CONTAINERS = {dict, list}
_DAY, _TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}", r"[0-9]{2}:[0-9]{2}"
_INSTANT = re.compile(rf"{_DAY}[Tt ]{_TIME}:[0-9]{{2}}(\.[0-9]+)?([Zz]|[+-]{_TIME})")
_NAME = ma.validate.Length(min=1, max=LONGEST_NAME)
_PLAIN = ma.validate.Regexp(r"^[^\x00-\x1f\x7f]+$", error="Control characters are not taken.")
STATES = [status for status in (*STATUSES, REVERSED) if status not in {"duplicate", "rejected"}]


def instant(text: Any) -> datetime | None:
    """An RFC 3339 instant with offset, or None when the text is none."""
    if not isinstance(text, str) or not _INSTANT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        return None


class Instant(ma.fields.AwareDateTime):
    """RFC 3339 with offset."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)


def _too_deep(value: Any, left: int = _DEEPEST_EVIDENCE) -> bool:
    inner = value.values() if type(value) is dict else value
    for each in inner:
        if type(each) in _CONTAINERS and (left == 1 or _too_deep(each, left - 1)):
            return True
    return False


class ActivityIn(ma.Schema):
    """One act as a provider saw it. See `Acts` for how it is read."""

    reference = ma.fields.String(required=True, validate=_NAME)
    subject = ma.fields.String(required=True, validate=_NAME)
    behaviour = ma.fields.String(required=True, validate=_NAME)
    occurred_at = Instant(required=True)
    quantity = ma.fields.String(
        allow_none=True,
        metadata={"description": "A plain decimal; null: the provider measured nothing."},
    )
    unit = ma.fields.String(allow_none=True)
    evidence = ma.fields.Dict(keys=ma.fields.String(), allow_none=True)
    replaces = ma.fields.String(
        allow_none=True,
        validate=_NAME,
        metadata={"description": "An earlier reference that this item corrects."},
    )


_REQUIRED = ("reference", "subject", "behaviour", "occurred_at")
_NAMES = (*_REQUIRED[:3], "replaces")
_OPTIONAL = ("quantity", "unit", "replaces")
_KNOWN = frozenset({*_REQUIRED, *_OPTIONAL, "evidence"})
_MAYBE_TEXT = {str, type(None)}


class Acts(ma.fields.List):
    """The items of a batch, documented as a list of `ActivityIn` and read at a tenth of its cost.

    Loads as new mappings, `occurred_at` as an instant; the body itself stays as it came.
    """

    def __init__(self) -> None:
        super().__init__(
            ma.fields.Nested(ActivityIn),
            required=True,
            validate=ma.validate.Length(min=1, max=MOST_ITEMS),
        )

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        del attr, data, kwargs  # an item is checked by itself
        if type(value) is not list:
            raise self.make_error("invalid")
        if len(value) > MOST_ITEMS:  # said by the validator; nothing of it is read
            return value
        errors: dict[int, Any] = {}
        read = []
        for position, item in enumerate(value):
            found, wrong = _read(item)
            if wrong:
                errors[position] = wrong
            read.append(found)
        if errors:
            raise ma.ValidationError(errors)
        return read


def _read(item: Any) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """One item with its instant, or what is wrong with it, by field."""
    if type(item) is not dict:
        return {}, {"_schema": ["Invalid input type."]}
    told = item.get
    found = instant(told("occurred_at"))
    replaces, evidence = told("replaces"), told("evidence")
    well = (
        found is not None
        and item.keys() <= _KNOWN
        and _is_name(told("reference"))
        and _is_name(told("subject"))
        and _is_name(told("behaviour"))
        and (replaces is None or _is_name(replaces))
        and type(told("quantity")) in _MAYBE_TEXT
        and type(told("unit")) in _MAYBE_TEXT
        and (evidence is None or (type(evidence) is dict and not _too_deep(evidence)))
    )
    if not well:
        return {}, _wrong(item, found)
    return item | {"occurred_at": found}, {}


def _is_name(value: Any) -> bool:
    return type(value) is str and 0 < len(value) <= LONGEST_NAME


def _wrong(item: Mapping[str, Any], found: datetime | None) -> dict[str, list[str]]:
    """The slow way, for an item that is wrong: every fault with its field."""
    wrong: dict[str, list[str]] = {name: ["Unknown field."] for name in item.keys() - _KNOWN}
    for name in (*_REQUIRED, *_OPTIONAL):
        value = item.get(name)
        if name in _REQUIRED and name not in item:
            wrong[name] = ["Missing data for required field."]
        elif not isinstance(value, str) and (name in _REQUIRED or value is not None):
            wrong[name] = ["Not a valid string."]
        elif name in _NAMES and value is not None and not 0 < len(value) <= LONGEST_NAME:
            wrong[name] = [f"Length must be between 1 and {LONGEST_NAME}."]
    if found is None and "occurred_at" not in wrong:
        wrong["occurred_at"] = ["Not an RFC 3339 instant with offset."]
    evidence = item.get("evidence")
    if evidence is not None and not isinstance(evidence, dict):
        wrong["evidence"] = ["Not a valid mapping type."]
    elif evidence is not None and _too_deep(evidence):
        wrong["evidence"] = [f"Nested deeper than {_DEEPEST_EVIDENCE} levels."]
    return wrong


class BatchIn(ma.Schema):
    """Acts to take in; the whole list in one transaction."""

    activities = Acts()


_BATCH = BatchIn()


def batch_items(body: Any) -> list[dict[str, Any]] | None:
    """The items of a well-shaped batch; None for any other body."""
    try:
        found: list[dict[str, Any]] = _BATCH.load(body)["activities"]
    except ma.ValidationError:
        return None
    return found


class ResultOut(ma.Schema):
    """What became of one item."""

    reference = ma.fields.String(required=True)
    id = ma.fields.String(required=True, allow_none=True)
    status = ma.fields.String(required=True, metadata={"enum": list(STATUSES)})
    reason = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "Names the cap, the group, or why it is rejected or worth nothing."
        },
    )
    reduction_g = DecimalText(places=3, required=True)
    points = DecimalText(places=2, required=True)
    rulebook = ma.fields.String(
        required=True, metadata={"description": "Digest of the edition that scored it."}
    )
    state = ma.fields.String(
        metadata={"enum": STATES, "description": "Of a duplicate: the first one's present status."}
    )


class CountsOut(ma.Schema):
    """How many items came to each status."""

    credited = ma.fields.Integer(required=True)
    pending = ma.fields.Integer(required=True)
    capped = ma.fields.Integer(required=True)
    duplicate = ma.fields.Integer(required=True)
    overlapped = ma.fields.Integer(required=True)
    rejected = ma.fields.Integer(required=True)


class ResultsOut(ma.Schema):
    """The answers, and how many of each."""

    results = ma.fields.List(
        ma.fields.Nested(ResultOut), required=True, metadata={"description": "In the order sent."}
    )
    counts = ma.fields.Nested(CountsOut, required=True)


class ReversalIn(ma.Schema):
    """A report to undo, and why."""

    reference = ma.fields.String(required=True, validate=_NAME)
    reason = ma.fields.String(required=True, validate=[_NAME, _PLAIN])


class ReversalsIn(ma.Schema):
    """Reports to undo."""

    reversals = ma.fields.List(
        ma.fields.Nested(ReversalIn),
        required=True,
        validate=ma.validate.Length(min=1, max=MOST_ITEMS),
    )


class UndoneOut(ma.Schema):
    """What became of one reversal."""

    reference = ma.fields.String(required=True)
    status = ma.fields.String(required=True, metadata={"enum": [REVERSED, "unknown", "already"]})
    debt = DecimalText(
        places=2,
        required=True,
        metadata={"description": "Points already spent; the next earnings pay them."},
    )


class UndoneListOut(ma.Schema):
    """The answers, in the order sent."""

    results = ma.fields.List(ma.fields.Nested(UndoneOut), required=True)


class ReasonOut(ma.Schema):
    """How often one reason for a rejection was given."""

    reason = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)
    share = DecimalText(places=3, required=True)


class SharesOut(ma.Schema):
    """Parts of all items, rounded down to three places."""

    credited = DecimalText(places=3, required=True)
    pending = DecimalText(places=3, required=True)
    capped = DecimalText(places=3, required=True)
    duplicate = DecimalText(places=3, required=True)
    overlapped = DecimalText(places=3, required=True)
    rejected = DecimalText(places=3, required=True)


class QualityQuery(ma.Schema):
    """How many days to look back."""

    days = ma.fields.Integer(load_default=30, validate=ma.validate.Range(1, 90))


class QualityOut(ma.Schema):
    """What a provider sent in some days, and what became of it."""

    since = ma.fields.Date(data_key="from", required=True)
    until = ma.fields.Date(data_key="to", required=True)
    batches = ma.fields.Integer(required=True)
    items = ma.fields.Integer(required=True)
    counts = ma.fields.Nested(CountsOut, required=True)
    shares = ma.fields.Nested(SharesOut, required=True)
    rejections = ma.fields.List(ma.fields.Nested(ReasonOut), required=True)
    first_at = Instant(required=True, allow_none=True)
    last_at = Instant(required=True, allow_none=True)


class ScoreOut(ma.Schema):
    """What an act is worth now."""

    status = ma.fields.String(required=True, metadata={"enum": STATES})
    reason = ma.fields.String(required=True, allow_none=True)
    reduction_g = DecimalText(places=3, required=True)
    points = DecimalText(places=2, required=True)


class ReportedOut(ScoreOut):
    """A report as its provider sees it."""

    reference = ma.fields.String(required=True)
    id = ma.fields.String(required=True)
    behaviour = ma.fields.String(required=True)
    occurred_at = Instant(required=True)
    earned_on = ma.fields.Date(required=True)
    recorded_at = Instant(required=True)
    rulebook = ma.fields.String(required=True)
