"""What a rule file asks to be told with an act, read and kept as it says. Pure.

Identifiers become keyed hashes here, what is only needed to judge plausibility is dropped here,
and nothing else of a provider's words survives.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

import orjson

from app.kernel import measured
from app.rulebook import Behaviour, Field, Rulebook

Hash = Callable[[str, str], bytes]
EVIDENCE_BYTES = 2048
YEARS = range(2000, 2100)
_LARGEST_COUNT = 1_000_000
_LONGEST_TEXT = 500
_PAIRS = (("entry_time", "exit_time"), ("unlock_time", "lock_time"))


class Bad(Exception):
    """An item that cannot be understood; args are reason and detail."""


class Form(NamedTuple):
    """A behaviour's fields, each with how it is read, and which of them must come."""

    behaviour: Behaviour
    readers: Mapping[str, tuple[Callable[[Hash, Field, Any], Any], Field]]
    required: tuple[str, ...]
    conditional: tuple[Field, ...]
    dropped: frozenset[str]
    # The names of the instants at which a ride begins and ends, where it has them.
    pair: tuple[str, str] | None


_FORMS: dict[tuple[str, str], Form] = {}


def form(rules: Rulebook, code: str) -> Form | None:
    """The form of a behaviour; None for one that the rules do not know."""
    found = _FORMS.get((rules.digest, code))
    if found is None and code in rules.behaviours:
        found = _FORMS[rules.digest, code] = _form(rules, rules.behaviours[code])
    return found


def _form(rules: Rulebook, behaviour: Behaviour) -> Form:
    fields = rules.fields(behaviour.code)
    own = behaviour.evidence.values()
    return Form(
        behaviour,
        {name: (_READERS[field.type], field) for name, field in fields.items()},
        tuple(field.name for field in own if field.required),
        tuple(field for field in own if field.required_when),
        frozenset(name for name, field in fields.items() if field.keep == "drop"),
        next((pair for pair in _PAIRS if fields.keys() >= set(pair)), None),
    )


def read(asked: Form, raw: Mapping[str, Any], hashed: Hash) -> dict[str, Any]:
    """All that was understood. Raises `Bad`."""
    found: dict[str, Any] = {}
    if raw:
        if len(_spelled(raw)) > EVIDENCE_BYTES:
            raise Bad("bad_evidence", f"Evidence is at most {EVIDENCE_BYTES} bytes.")
        readers = asked.readers
        for name, value in raw.items():
            if value is not None and name in readers:
                reader, field = readers[name]
                try:
                    found[name] = reader(hashed, field, value)
                except (Bad, ValueError, TypeError, OverflowError):
                    raise Bad("bad_evidence", f"{name} is not a {field.type}.") from None
    for name in asked.required:
        if name not in found:
            raise Bad("bad_evidence", f"{name} is required.")
    for field in asked.conditional:
        if field.name not in found and any(
            found.get(other) in values for other, values in field.required_when.items()
        ):
            raise Bad("bad_evidence", f"{field.name} is required.")
    return found


def _spelled(raw: Mapping[str, Any]) -> bytes:
    """Evidence as JSON."""
    try:
        return orjson.dumps(raw)
    except TypeError:  # a whole number that is too long for it
        return repr(raw).encode()


def kept(asked: Form, found: dict[str, Any]) -> dict[str, Any]:
    """What of it is stored with the act."""
    if asked.dropped.isdisjoint(found):
        return found
    return {name: value for name, value in found.items() if name not in asked.dropped}


def instant(value: str | datetime) -> datetime:
    """An RFC 3339 instant with offset, in a year that a day can be named in. Raises `Bad`."""
    if isinstance(value, datetime):
        found = value
    else:
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            raise Bad("bad_occurred_at", "An instant is RFC 3339 with offset.") from None
    if found.tzinfo is None:
        raise Bad("bad_occurred_at", "An instant needs its offset.")
    if found.year not in YEARS:
        raise Bad("too_old" if found.year < YEARS.start else "in_the_future", "")
    return found


def _read_text(_hashed: Hash, _field: Field, value: Any) -> str:
    if not isinstance(value, str) or not value or len(value) > _LONGEST_TEXT:
        raise ValueError
    return value


def _read_identifier(hashed: Hash, field: Field, value: Any) -> str:
    return hashed(field.name, _read_text(hashed, field, value)).hex()


def _read_instant(_hashed: Hash, _field: Field, value: Any) -> int:
    if not isinstance(value, str):
        raise TypeError
    return int(instant(value).timestamp())


def _read_day(_hashed: Hash, _field: Field, value: Any) -> str:
    found = date.fromisoformat(value)
    if value != found.isoformat() or found.year not in YEARS:
        raise ValueError
    return str(value)


def _read_month(hashed: Hash, field: Field, value: Any) -> str:
    _read_day(hashed, field, f"{value}-01")
    return str(value)


def _read_decimal(_hashed: Hash, _field: Field, value: Any) -> int:
    found = measured(value)
    if found < 0:
        raise ValueError
    return found


def _read_count(_hashed: Hash, _field: Field, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= _LARGEST_COUNT:
        raise ValueError
    return value


def _read_bool(_hashed: Hash, _field: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _read_choice(_hashed: Hash, field: Field, value: Any) -> str:
    if value not in field.choices:
        raise ValueError
    return str(value)


_READERS: dict[str, Callable[[Hash, Field, Any], Any]] = {
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
