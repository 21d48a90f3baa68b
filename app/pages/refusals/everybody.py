"""Refusals that anybody may meet: signing in, forms, the service itself."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

SENTENCES: Mapping[str, LazyString] = {
    "malformed": _("This could not be read. Go back and try once more."),
    "not_found": _("There is nothing here. Go back and try another way."),
    "body_too_large": _("This file is too large. Send a smaller one."),
    "invalid": _("Something you entered is not right. Look at it once more."),
    "rate_limited": _("Too many requests at once. Wait a minute and try again."),
    "internal_error": _("Something went wrong on our side. Try again in a moment."),
    "unavailable": _("The service does not answer at the moment. Try again in a few seconds."),
    "token_required": _("You are signed out. Please sign in again."),
    "invalid_token": _("You have been signed out. Please sign in again."),
    "wrong_scope": _("This is for another role. Sign in with an account that may do it."),
    "client_inactive": _("This access has been switched off. Ask whoever gave it to you."),
    "account_closed": _("This account has been closed."),
    "invalid_grant": _("The code is wrong, used or too old. Ask for a new one."),
    "wrong_code": _("The code is wrong, used or too old. Ask for a new one."),
    "invalid_request": _("Something is missing. Fill in all fields and try again."),
    "invalid_client": _("Name and password do not fit, or this access has been switched off."),
    "step_up_required": _(
        "We need one more proof that it is you. Ask for a code and enter it; if this number is "
        "new to you, have your name checked too."
    ),
    "no_sms_port": _("Codes cannot be sent at the moment. Try again later."),
    "no_person_port": _("Names cannot be checked at the moment. Try again later."),
    "try_again": _("You are signing in somewhere else at this moment. Try again."),
    "too_many_codes": _("Too many codes were asked for. Wait a little and try again."),
    "bad_birth_year": _("That year has not come yet. Check the year of birth."),
    "guardian_required": _("Below the age of 14 a parent or guardian has to agree first."),
    "no_phone": _("This account has no phone number. Sign in with a proof of who you are."),
    "another_person": _("The proof names somebody else. Use your own."),
    "person_has_account": _("You have another account already. Sign in to that one."),
    "accept_required": _("Read and accept the agreement and the notice first."),
    "unknown_version": _("These documents have changed meanwhile. Read and accept them once more."),
    "idempotency_key_reused": _(
        "This form was sent before with other contents. Open the page anew and send it again."
    ),
    "still_running": _("Your first try is still under way. Wait a second and look again."),
    "bad_cursor": _("The list has moved on. Begin again at its first page."),
    "no_demo_city": _("There is no demo city here yet."),
    "no_demo_partner": _("There is no demo partner here yet."),
    "no_demo_in_production": _("The demo city is for trying out only."),
}
