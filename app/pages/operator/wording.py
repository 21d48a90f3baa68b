"""What an approval would change, in the officers' words: the API tells it as a name and two values.

Names are of a few shapes (`points of act_…`, `less_is_more.stores.main.state`, `stock_total`), and
what has no shape here is shown as the API says it.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from app.pages.labels import label
from app.pages.operator.naming import name_of
from app.pages.showing import mass, money, plain, quarter

_AMOUNT = re.compile(r"-?\d+\.\d{2}")
_WRITTEN = {"answer", "note", "name", "name_en", "code"}  # by people, so it stays as it is
_MASS = re.compile(r"\d+\.\d{3}")


class Row(NamedTuple):
    """One thing that would be different; "" for nothing there."""

    name: str
    before: str
    after: str


def rows(approval: Mapping[str, Any], grades: Mapping[str, str]) -> list[Row]:
    """The differences of an approval as the API tells it; `grades` are the names of grades."""
    kind = str(approval["kind"])
    found = []
    for each in approval["difference"]:
        before, after = (_valued(kind, each["field"], each[side]) for side in ("before", "after"))
        found.append(Row(_named(each["field"]), grades.get(before, before), after))
    return found


def subject(approval: Mapping[str, Any]) -> str:
    """What an approval is about, in a word: what is done about an objection, else its first
    difference."""
    for each in approval["difference"]:
        if each["field"] == "remedy":
            return label("remedy", each["after"])
    return _named(approval["difference"][0]["field"]) if approval["difference"] else ""


def contested(approval: Mapping[str, Any]) -> str | None:
    """The objection that an approval would answer."""
    for each in approval["difference"]:
        found = re.fullmatch(r"objection (obj_\w+)", each["field"])
        if found:
            return found[1]
    return None


def row(kind: str, found: Mapping[str, Any]) -> str:
    """An alert, a difference or a payout of its list, in a word."""
    whose = name_of(found.get("merchant") or found["partner"])
    if kind == "payout_payment":
        is_money = "merchant" in found
        what = money(found["amount"]) if is_money else _("%(n)s points", n=plain(found["amount"]))
    elif kind == "alert_closing":
        what = label("alert", found["kind"])
    else:
        what = label("difference_desk", found["type"])
    return str(_("%(what)s: %(whose)s", what=what, whose=whose))


# Names.


def _alert(found: re.Match[str]) -> str:
    return str(_("%(what)s: %(whose)s", what=label("alert", found[1]), whose=name_of(found[2])))


def _parked(found: re.Match[str]) -> str:
    return str(_("%(what)s: %(whose)s", what=label("difference_desk", found[1]), whose=found[2]))


def _payment(found: re.Match[str]) -> str:
    amount = money(found[1]) if found[2] == "yuan" else _("%(n)s points", n=plain(found[1]))
    payee = _("the city") if found[3] == "the city" else name_of(found[3])
    return str(_("%(amount)s to %(payee)s", amount=amount, payee=payee))


def _exchange(found: re.Match[str]) -> str:
    moved = {"n": plain(found[1]), "partner": name_of(found[3])}
    if found[2] == "to":
        return str(_("%(n)s points to %(partner)s", **moved))
    return str(_("%(n)s points from %(partner)s", **moved))


def _grade(found: re.Match[str]) -> str:
    return str(_("Grade of %(when)s", when=quarter(found[1])))


def _of_merchant(found: re.Match[str]) -> str:
    return str(_("%(what)s: %(whose)s", what=label("change", found[2]), whose=name_of(found[1])))


def _of_store(found: re.Match[str]) -> str:
    return str(_("Store %(store)s", store=found[2]))


_PLAIN: Mapping[str, LazyString] = {
    r"objection obj_\w+": lazy_gettext("The objection"),
    r"points of act_\w+": lazy_gettext("Points of the act"),
    r"grams of act_\w+": lazy_gettext("Carbon of the act"),
    r"answer of inq_\w+": lazy_gettext("Answer to the bank"),
    r"the partner's reference": lazy_gettext("The partner's reference"),
    r"remedy": lazy_gettext("What is done"),
    r"answer": lazy_gettext("Answer to the resident"),
    r"note": lazy_gettext("Note"),
    r"owed to the merchant": lazy_gettext("Owed to the merchant"),
    r"owed to the partner": lazy_gettext("Owed to the partner"),
}
_FILLED: Mapping[str, Callable[[re.Match[str]], str]] = {
    r"(repeat_pair|night_burst|device|above_usual|twice) at (\w+)": _alert,
    r"(long|short|amount|state|duplicate) (\S+)": _parked,
    r"(-?[\d.]+) (yuan|points) to (the city|\w+)": _payment,
    r"([\d.]+) points (to|from) (\w+)": _exchange,
    r"grade of (\w+)": _grade,
    r"(\w+\.)?stores\.(\w+)(\.state)?": _of_store,
    r"(\w+)\.(state|stock_total|paused)": _of_merchant,
}


def _named(field: str) -> str:
    for shape, words in _PLAIN.items():
        if re.fullmatch(shape, field):
            return str(words)
    for shape, told in _FILLED.items():
        found = re.fullmatch(shape, field)
        if found:
            return told(found)
    return label("change", field)


# Values.


def _valued(kind: str, field: str, text: str | None) -> str:
    """A value in words: an amount, a state, whatever was written."""
    if text is None:
        return ""
    if field in _WRITTEN:
        return text
    if field.startswith(("owed to the partner", "points of")) or field.endswith("stock_total"):
        return plain(text)
    if field.startswith("owed to") and _AMOUNT.fullmatch(text):
        return money(text)
    if field.startswith("grams of") and _MASS.fullmatch(text):
        return mass(text)
    return _word(kind, field, text)


def _word(kind: str, field: str, text: str) -> str:
    if field == "remedy":
        return label("remedy", text)
    if field.startswith("answer of"):
        return label("status", text) if text == "valid" else label("remedy", "withdraw")
    if field.endswith("paused"):
        return label("choice", text)
    if field == "checks":
        return " · ".join(label("check", each) for each in text.split(", "))
    closed = re.fullmatch(r"closed: (\w+)", text)
    if closed:
        return str(_("Closed: %(how)s", how=label("resolution", closed[1])))
    paid = re.fullmatch(r"paid: (.+)", text)
    if paid:
        return str(_("Paid, transfer %(transfer)s", transfer=paid[1]))
    late = re.fullmatch(r"computed again(?: with (\d+) late acts)?", text)
    if late:
        return _again(late[1])
    return _state(kind, text)


def _again(acts: str | None) -> str:
    if acts is None:
        return str(_("Computed again"))
    return str(_("Computed again with %(n)s late acts", n=acts))


_WORDS_OF = {
    "alert_closing": "difference_state",
    "difference_resolution": "difference_state",
    "payout_payment": "payout",
    "exchange_correction": "exchange",
    "merchant_onboarding": "merchant",
    "merchant_suspension": "merchant",
    "merchant_resumption": "merchant",
    "merchant_closing": "merchant",
    "store_closing": "store",
    "objection_upheld": "objection",
}


def _state(kind: str, text: str) -> str:
    """A state by the vocabulary of its kind of change; anything else as it is."""
    known = label(_WORDS_OF[kind], text) if kind in _WORDS_OF else text
    return known if text.isascii() and text.islower() and text.isalpha() else text
