"""Names of what the API's answers hold as codes, as the visitor reads."""

import re
from typing import Any

from app.pages import asking
from app.pages.labels import KINDS, label
from app.pages.language import in_words

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


def catalogue() -> dict[str, dict[str, Any]]:
    """Every behaviour that earns, by its code, in the order of the catalogue."""
    return {each["code"]: each for each in asking.get("/v1/behaviours")["items"]}


def titles() -> dict[str, str]:
    """The names of behaviours by their codes."""
    return {code: in_words(each) for code, each in catalogue().items()}


def title(code: str, known: dict[str, str]) -> str:
    """The name of a behaviour; of one that earns no more its code, readable."""
    return known.get(code) or code.replace("_", " ")


def key_name(by: str, key: str, known: dict[str, str]) -> str:
    """The name of a key of sums by behaviour, category or dimension."""
    return title(key, known) if by == "behaviour" else label(by, key)


def is_instant(value: str | None) -> bool:
    """Whether a piece of evidence is an instant."""
    return bool(value and _INSTANT.match(value))


def choice(value: str) -> str:
    """A piece of evidence in words where it is one of a few, else as it was sent."""
    return label("choice", value) if value in KINDS["choice"] else value
