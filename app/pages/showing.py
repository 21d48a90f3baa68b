"""How figures, days and words of the API's answers are written on a page."""

import secrets
from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Blueprint, g, request
from flask_babel import get_locale
from flask_babel import gettext as _

from app.kernel import local_day
from app.pages import language
from app.pages.assets import asset
from app.pages.labels import label
from app.pages.refusals import faults, sentence
from app.plumbing import house

_KILO, _TONNE = 1000, 1_000_000
_THEMES, _SIZES = ("light", "dark"), ("large",)


def number(value: str | int | Decimal | None, places: int = 2) -> str:
    """A number with the reader's separators and so many places, rounded down; – for None."""
    if value is None:
        return "–"
    pattern = "#,##0." + "0" * places if places else "#,##0"
    return format_decimal(_cut(value, places), pattern, locale=get_locale())


def plain(value: str | int | Decimal | None, places: int = 2) -> str:
    """As `number`, without zeros at the end: points, counts."""
    if value is None:
        return "–"
    exact = _cut(value, places)
    return format_decimal(exact, locale=get_locale(), decimal_quantization=False)


def _cut(value: str | int | Decimal, places: int) -> Decimal:
    return Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_DOWN)


def mass(grams: str | None) -> str:
    """Grams as a person would say them: g, kg or t."""
    if grams is None:
        return "–"
    exact = Decimal(grams)
    if abs(exact) < _KILO:
        words, shown = _("%(n)s g"), plain(exact, 1)
    elif abs(exact) < _TONNE:
        words, shown = _("%(n)s kg"), plain(exact / _KILO)
    else:
        words, shown = _("%(n)s t"), plain(exact / _TONNE)
    return str(words % {"n": shown})


def money(yuan: str | None) -> str:
    """Yuan and fen."""
    return "–" if yuan is None else f"¥{number(yuan)}"


def rate(bp: int | None) -> str:
    """Basis points as a rate of interest."""
    return "–" if bp is None else f"{number(Decimal(bp) / 100)}%"


def day(text: str | None) -> str:
    """A day; the year only where it is not this one."""
    if not text:
        return "–"
    found = date.fromisoformat(text[:10])
    same = found.year == today().year
    return _date(found, _("MMM d") if same else _("MMM d, y"))


def month(text: str) -> str:
    """A month, `2026-11`."""
    return _date(date.fromisoformat(f"{text}-01"), _("MMM y"))


def quarter(text: str | None) -> str:
    """A quarter, `2026Q3`."""
    if not text:
        return "–"
    return str(_("Q%(n)s %(year)s", n=text[-1], year=text[:4]))


def instant(text: str | None) -> str:
    """An instant, in the city's time."""
    if not text:
        return "–"
    found = datetime.fromisoformat(text).astimezone(house().rules.pack.zone)
    same = found.year == today().year
    pattern = _("MMM d, HH:mm") if same else _("MMM d, y, HH:mm")
    return format_datetime(found, pattern, tzinfo=found.tzinfo, locale=get_locale())


def _date(found: date, pattern: str) -> str:
    return format_date(found, pattern, locale=get_locale())


def today() -> date:
    """The city's calendar day."""
    here = house()
    return local_day(here.clock.now(), here.rules.pack.zone)


def missing(price: str, available: str) -> Decimal | None:
    """How many points somebody is short of a price; None for enough."""
    short = Decimal(price) - Decimal(available)
    return short if short > 0 else None


_FILTERS: dict[str, Callable[..., str]] = {
    "number": number,
    "plain": plain,
    "mass": mass,
    "money": money,
    "rate": rate,
    "day": day,
    "month": month,
    "quarter": quarter,
    "instant": instant,
    "sentence": sentence,
    "titled": language.in_words,
}


def init(pages: Blueprint) -> None:
    """Give the templates their filters and the few names that every page uses."""
    for name, filter_ in _FILTERS.items():
        pages.add_app_template_filter(filter_, name)
    pages.context_processor(_names)


def _names() -> dict[str, Any]:
    theme = request.cookies.get("theme")
    size = request.cookies.get("text")
    return {
        "asset": asset,
        "faults": faults,
        "label": label,
        "missing": missing,
        "once_key": lambda: secrets.token_urlsafe(16),
        "language": language.chosen(),
        "language_tag": language.tag(),
        "theme": theme if theme in _THEMES else "auto",
        "text_size": size if size in _SIZES else "usual",
        "demo": house().settings.demo,
        "production": house().settings.production,
        "page_session": g.get("page_session"),
        "page_scope": g.get("page_scope"),
        "today": today(),
        "here": request.full_path.rstrip("?"),
    }
