"""Short names of what answers carry as codes: states, reasons, units, kinds.

Where the API itself gives titles, these are taken. Each label has its kind as its context, so that
the same English word may have another Chinese one elsewhere.
"""

from collections.abc import Mapping

from flask_babel import pgettext
from flask_babel.speaklater import LazyString

from app.pages.labels import account, acts, desks

__all__ = ["KINDS", "label"]

KINDS: Mapping[str, Mapping[str, LazyString]] = {**acts.LABELS, **account.LABELS, **desks.LABELS}
_CAP = "per_"


def label(kind: str, code: object) -> str:
    """The name of a code of a kind, in the visitor's language; "" of None.

    A code that has none is shown itself, readable. Raises KeyError for a kind that is not there.
    """
    if code is None or code == "":
        return ""
    text = str(code).lower() if isinstance(code, bool) else str(code)
    found = KINDS[kind].get(text)
    if found is not None:
        return str(found)
    if kind == "reason" and text.startswith(_CAP):
        return _cap(text.removeprefix(_CAP))
    return text.replace("_", " ")


def _cap(name: str) -> str:
    """A cap by its name without `per_`: `day_km`, `day_kg_steel_aluminium`."""
    period, _, rest = name.partition("_")
    unit, _, narrowed = rest.partition("_")
    told = label("unit", unit)
    if narrowed:
        materials = "/".join(label("choice", each) for each in narrowed.split("_"))
        told = pgettext("cap", "%(unit)s of %(what)s", unit=told, what=materials)
    whole = pgettext("cap", "%(period)s: %(unit)s", period=label("period", period), unit=told)
    return str(whole)
