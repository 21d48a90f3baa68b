"""Refusals that say more where the problem does: a figure, a name of a limit, a state."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

# By code and member of the problem; the member's value is filled in.
FIGURES: Mapping[str, tuple[str, LazyString]] = {
    "not_enough_points": ("missing", _("You need %(missing)s more points for this.")),
    "below_least": (
        "least",
        _("The least that is exchanged is worth %(least)s points. Enter more."),
    ),
    "quota_day": ("left", _("You may still exchange %(left)s points today. Enter less.")),
    "quota_month": ("left", _("You may still exchange %(left)s points this month. Enter less.")),
    "not_earned_for_this": (
        "left",
        _(
            "Only points of acts that this partner recognises go there: %(left)s are left. "
            "Enter less."
        ),
    ),
    "subject_cooling": (
        "free_from",
        _("Somebody else had linked this until lately. It is free from %(free_from)s on."),
    ),
    "not_payable_yet": ("payable_on", _("This is payable on %(payable_on)s.")),
}

# By code, member of the problem, and that member's value.
NAMED: Mapping[str, tuple[str, Mapping[str, LazyString]]] = {
    "limit_reached": (
        "limit",
        {
            "person_total": _("You have had as many of these as one person may have in all."),
            "person_monthly": _(
                "You have had as many of these as one person may have a month. "
                "Try again next month."
            ),
            "person_daily": _(
                "You have had as many of these as one person may have a day. Try again tomorrow."
            ),
        },
    ),
    "wrong_state": (
        "voucher_status",
        {
            "redeemed": _("This voucher has been used."),
            "settled": _("This voucher has been used."),
            "cancelled": _("This voucher was given back."),
            "expired": _("This voucher has expired."),
            "voided": _("The merchant has undone the use of this voucher."),
            "refunded": _("This voucher was used and refunded."),
            "frozen": _("This voucher is on hold. Its history says why."),
        },
    ),
}

# Codes that only ask for patience: how long is told where the problem knows it.
PATIENCE = frozenset({"rate_limited", "too_many_codes"})
SECONDS = _("Wait %(seconds)s seconds and try again.")
MINUTES = _("Wait %(minutes)s minutes and try again.")

# Of one field of a form.
FAULTS: Mapping[str, LazyString] = {
    "required": _("Fill this in."),
    "unknown": _("This is not possible. Choose something else."),
    "out_of_range": _("This is not possible. Choose something else."),
    "unchecked": _("Check this before you go on."),
}
WRONG = _("This is not right. Check it.")

ANYTHING = _("This did not work. Try again in a moment.")
ANYTHING_NUMBERED = _(
    "This did not work. Try again; if it happens again, tell us this number: %(request_id)s"
)
