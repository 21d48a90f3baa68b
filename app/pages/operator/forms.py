"""What is asked of an officer who proposes a change, by its kind.

An input is named by its place in the API's payload (`stores.0.code`), so a payload is put together
from a form, and a fault is found in it, without a word about each.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from app.pages.screens import whole

LINE, LONG, NUMBER, TICK, ACTS = "line", "long", "number", "tick", "acts"
BENEFITS, FUNDERS, REMEDIES, RESOLUTIONS = "benefits", "funders", "remedies", "resolutions"


class Input(NamedTuple):
    """One thing to type or choose."""

    name: str
    words: LazyString
    shape: str = LINE
    hint: LazyString | None = None
    needed: bool = True


class Form(NamedTuple):
    """One kind of change: what a yes does, what is asked, and the page that it came from."""

    effect: LazyString
    inputs: tuple[Input, ...]
    origin: str


_BENEFIT = Input("benefit", _("Benefit"), BENEFITS)
_MERCHANT = Input("merchant", _("Merchant"))
_CODE_HINT = _("Small letters, digits and _, 2 to 40 of them")


def _place(path: str, code: str) -> tuple[Input, ...]:
    return (
        Input(f"{path}{code}", _("Code of the store"), hint=_CODE_HINT),
        Input(f"{path}name", _("Name of the store")),
        Input(f"{path}district", _("District")),
        Input(f"{path}address", _("Address")),
    )


def _of_merchant(effect: LazyString) -> Form:
    return Form(effect, (_MERCHANT,), "merchants")


FORMS: Mapping[str, Form] = {
    "alert_closing": Form(
        _("The alert is closed. If it was the last one of its merchant, what is held is paid."),
        (
            Input("alert", _("Alert")),
            Input("note", _("What you found out"), LONG),
        ),
        "alerts",
    ),
    "difference_resolution": Form(
        _("The difference is closed. Where their count stands, a later file makes up for it."),
        (
            Input("difference", _("Difference")),
            Input("resolution", _("How it is closed"), RESOLUTIONS),
            Input(
                "funder",
                _("Who pays"),
                FUNDERS,
                _("Only if their count stands and we have no line of it"),
                needed=False,
            ),
        ),
        "differences",
    ),
    "payout_payment": Form(
        _("The payout is noted as paid. No money is moved here: the transfer has been made."),
        (
            Input("payout", _("Payout")),
            Input("transfer", _("The bank's number of the transfer")),
        ),
        "payouts",
    ),
    "objection_upheld": Form(
        _("The resident gets your answer, and what was wrong is put right."),
        (
            Input("objection", _("Objection")),
            Input("remedy", _("What is done"), REMEDIES),
            Input(
                "admit",
                _("Late acts that are let in"),
                ACTS,
                _("Their numbers (act_…), only where late acts are let in"),
                needed=False,
            ),
            Input("answer", _("Answer to the resident"), LONG),
            Input("role", _("Your office, as the resident will read it")),
        ),
        "objections",
    ),
    "exchange_correction": Form(
        _("The exchange is taken back on both sides; what is spent by now becomes a debt."),
        (
            Input("exchange", _("Exchange")),
            Input("reason", _("What the partner and the resident are told"), LONG),
        ),
        "differences",
    ),
    "benefit_stock": Form(
        _("So many more can be taken."),
        (_BENEFIT, Input("extra", _("How many more"), NUMBER)),
        "benefits",
    ),
    "benefit_pause": Form(
        _("Nobody can take it until it goes on. What was taken stays good."),
        (_BENEFIT,),
        "benefits",
    ),
    "benefit_resume": Form(_("It can be taken again."), (_BENEFIT,), "benefits"),
    "merchant_suspension": _of_merchant(
        _("Nothing can be redeemed there until the merchant goes on.")
    ),
    "merchant_resumption": _of_merchant(_("The merchant can redeem again.")),
    "merchant_closing": _of_merchant(
        _("The merchant is closed for good. What it is owed is still paid.")
    ),
    "store_closing": Form(
        _("The store is closed for good."),
        (_MERCHANT, Input("store", _("Code of the store"))),
        "merchants",
    ),
    "store_opening": Form(
        _("The store can redeem from then on."), (_MERCHANT, *_place("", "store")), "merchants"
    ),
    "merchant_onboarding": Form(
        _("The merchant goes live with its first store."),
        (
            Input("code", _("Code of the merchant"), hint=_CODE_HINT),
            Input("name", _("Name")),
            Input("name_en", _("English name"), needed=False),
            Input("licence_no", _("Number of the licence")),
            Input("settlement_account", _("Account for settlement")),
            Input("responsible_person", _("Responsible person")),
            *_place("stores.0.", "code"),
            Input("checks.licence", _("I have checked the licence."), TICK),
            Input("checks.settlement_account", _("I have checked the account."), TICK),
            Input("checks.responsible_person", _("I have checked the person."), TICK),
            Input("checks.store_location", _("I have checked the place of the store."), TICK),
        ),
        "merchants",
    ),
}

_READ: Mapping[str, Callable[[str], Any]] = {
    NUMBER: whole,
    TICK: lambda text: text == "yes",
    ACTS: str.split,
}


def payload(form: Form, typed: Mapping[str, str]) -> dict[str, Any]:
    """What was typed as the API takes it; what is empty is left out, for the API to miss."""
    found: dict[str, Any] = {}
    for each in form.inputs:
        text = typed.get(each.name, "").strip()
        if text:
            _put(found, each.name, _READ.get(each.shape, str)(text))
    return found


def _put(into: dict[str, Any], path: str, value: Any) -> None:
    head, _dot, rest = path.partition(".")
    if not rest:
        into[head] = value
    elif rest.startswith("0."):
        _put(into.setdefault(head, [{}])[0], rest.removeprefix("0."), value)
    else:
        _put(into.setdefault(head, {}), rest, value)


def pointed(problem: Mapping[str, Any]) -> dict[str, Any]:
    """A problem whose pointers name our inputs: `/payload/stores/0/code` is `/stores.0.code`."""
    errors: Iterable[Mapping[str, Any]] = problem.get("errors") or ()
    ours = [each | {"pointer": _ours(str(each.get("pointer", "")))} for each in map(dict, errors)]
    return {**problem, "errors": ours}


def _ours(pointer: str) -> str:
    inside = pointer.removeprefix("/payload/")
    return pointer if inside == pointer else "/" + inside.replace("/", ".")
