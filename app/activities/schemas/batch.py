"""Wire shapes of what providers send: batches of acts.

A provider's batch is checked by hand, for shape alone: up to a thousand items pass here on the way
of a night's file. What an item means is decided item by item in `intake`, where one bad item does
not fail the others.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import marshmallow as ma

from app.plumbing import Whole

MOST_ITEMS = 1000
LONGEST_NAME = 200
_DEEPEST_EVIDENCE = 4
_CONTAINERS = {dict, list}
_DAY, _TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}", r"[0-9]{2}:[0-9]{2}"
_INSTANT = re.compile(rf"{_DAY}[Tt ]{_TIME}:[0-9]{{2}}(\.[0-9]+)?([Zz]|[+-]{_TIME})")
NAME = ma.validate.Length(min=1, max=LONGEST_NAME)
PLAIN = Whole(r"^[^\x00-\x1f\x7f]+$", error="Control characters are not taken.")


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

    reference = ma.fields.String(required=True, validate=NAME)
    subject = ma.fields.String(required=True, validate=NAME)
    behaviour = ma.fields.String(required=True, validate=NAME)
    occurred_at = Instant(required=True)
    quantity = ma.fields.String(
        allow_none=True,
        metadata={"description": "A plain decimal; null: the provider measured nothing."},
    )
    unit = ma.fields.String(allow_none=True)
    evidence = ma.fields.Dict(keys=ma.fields.String(), allow_none=True)
    replaces = ma.fields.String(
        allow_none=True,
        validate=NAME,
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
