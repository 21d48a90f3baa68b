"""Formulas and examples of the API, which are in English, as the visitor reads.

They are made of numbers, units and a few phrases. What is not known here stays as it came.
"""

import re
from collections.abc import Mapping

from flask_babel import lazy_pgettext as _p
from flask_babel.speaklater import LazyString

from app.pages.labels import label

_WORDS: Mapping[str, LazyString] = {
    "gCO2": _p("formula", "g CO₂"),
    "gCO2e": _p("formula", "g CO₂e"),
    "g": _p("formula", "g"),
    "kg": _p("formula", "kg"),
    "km": _p("formula", "km"),
    "person-km": _p("formula", "person-km"),
    "person-day": _p("formula", "person-day"),
    "person-month": _p("formula", "person-month"),
    "persons": _p("formula", "persons"),
    "kWh": _p("formula", "kWh"),
    "kW": _p("formula", "kW"),
    "m3": _p("formula", "m³"),
    "L": _p("formula", "L"),
    "h": _p("formula", "h"),
    "day": _p("formula", "day"),
    "days": _p("formula", "days"),
    "trip": _p("formula", "trip"),
    "ride": _p("formula", "ride"),
    "pass": _p("formula", "toll pass"),
    "step": _p("formula", "step"),
    "steps": _p("formula", "steps"),
    "block": _p("formula", "block"),
    "use": _p("formula", "use"),
    "visit": _p("formula", "visit"),
    "case": _p("formula", "case"),
    "item": _p("formula", "item"),
    "presentation": _p("formula", "showing"),
    "sheet": _p("formula", "sheet"),
    "statement": _p("formula", "statement"),
    "card": _p("formula", "card"),
    "transaction": _p("formula", "transfer"),
    "application": _p("formula", "application"),
    "payment": _p("formula", "payment"),
    "bill": _p("formula", "bill"),
    "invoice": _p("formula", "invoice"),
    "device": _p("formula", "device"),
    "box": _p("formula", "box"),
    "order": _p("formula", "order"),
    "cup": _p("formula", "cup"),
    "act": _p("formula", "act"),
}
_EXAMPLES: Mapping[str, LazyString] = {
    "1 kWh below the baseline on a day, 3 persons": _p(
        "example", "1 kWh below the baseline on a day, 3 persons"
    ),
    "1 m3 less than in the same period of last year": _p(
        "example", "1 m³ less than in the same period of last year"
    ),
    "1 refrigerator that saves 100 kWh a year, released over it": _p(
        "example", "1 refrigerator that saves 100 kWh a year, released over it"
    ),
    "1 device of grade 1, 3 persons, released over a year": _p(
        "example", "1 device of grade 1, 3 persons, released over a year"
    ),
    "1 case handled fully online": _p("example", "1 case handled fully online"),
    "1 kg of plastic": _p("example", "1 kg of plastic"),
}
_PHRASES: tuple[tuple[re.Pattern[str], LazyString], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (
            r"(?P<n>[\d.]+) kWh as the mean of (?P<days>\d+) days before",
            _p("formula", "%(n)s kWh as the mean of %(days)s days before"),
        ),
        (
            r"(?P<n>[\d.]+) (?P<unit>kWh|m3) paid with a device",
            _p("formula", "%(n)s %(unit)s paid with a device"),
        ),
        (r"(?P<n>[\d.]+) whole blocks", _p("formula", "%(n)s whole blocks")),
        (r"(?P<n>[\d.]+) kWh of a car", _p("formula", "%(n)s kWh of a car")),
        (
            r"(?P<n>[\d.]+) m3 on this meter a year before",
            _p("formula", "%(n)s m3 on this meter a year before"),
        ),
        (r"(?P<n>[\d.]+) m3 a year before", _p("formula", "%(n)s m3 a year before")),
        (r"nothing saved, (?P<n>[\d.]+) g", _p("formula", "nothing saved, %(n)s g")),
    )
)
_OUTCOMES: tuple[tuple[re.Pattern[str], LazyString], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (
            r"(?P<reason>\w+) leaves (?P<n>[\d.]+) g",
            _p("formula", "%(reason)s; %(n)s g of it are counted."),
        ),
        (
            r"not paid here, a partner platform pays this act",
            _p("formula", "A partner platform gives the points for this act, not the city."),
        ),
        (
            r"not paid here, another report holds this act \((?P<reason>\w+)\)",
            _p("formula", "%(reason)s, so this one earns nothing more."),
        ),
        (r"reversed", _p("formula", "It was taken back later.")),
    )
)
_TOKEN = re.compile(r"(?<![A-Za-z])[A-Za-z][A-Za-z0-9]*(?:-[a-z]+)?")
_EMPTY_PLACES = re.compile(r"\.0+(?!\d)|(?<=\.)(\d*[1-9])0+(?!\d)")
_WHY = re.compile(r" \((?P<reason>[A-Za-z_]+)\)$")


def measured(text: str) -> str:
    """Numbers with units: `80 gCO2/trip`, `2.5 km`."""
    return _TOKEN.sub(lambda word: str(_WORDS.get(word[0], word[0])), _short(text))


def example(text: str) -> str:
    """What a typical act is: `1 trip`, `500 steps`."""
    return str(_EXAMPLES[text]) if text in _EXAMPLES else measured(text)


def formula(numbers: str) -> tuple[str, str]:
    """The formula with an act's numbers, and what became of its value ("" for all of it paid)."""
    worked, _, outcome = numbers.partition("; ")
    return _worked(worked), _outcome(outcome)


def _worked(text: str) -> str:
    why = _WHY.search(text)
    if why is not None:
        return f"{measured(text[: why.start()])} · {label('reason', why['reason'])}"
    for pattern, words in _PHRASES:
        found = pattern.search(text)
        if found is not None:
            told = str(words) % found.groupdict()
            text = text[: found.start()] + told + text[found.end() :]
    return measured(text)


def _outcome(text: str) -> str:
    for pattern, words in _OUTCOMES:
        found = pattern.fullmatch(text)
        if found is not None:
            told = found.groupdict()
            if "n" in told:
                told["n"] = _short(told["n"])
            if "reason" in told:
                told["reason"] = label("reason", told["reason"])
            return str(words) % told
    return text


def _short(text: str) -> str:
    """Numbers without zeros at their end."""
    return _EMPTY_PLACES.sub(lambda found: found[1] or "", text)
