"""Refusals that residents meet; officers read them, too, beside a proposal."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

SENTENCES: Mapping[str, LazyString] = {
    "unknown_behaviour": _("We know no such behaviour. Choose one of the list."),
    "unknown_activity": _("We do not find this record among yours."),
    "too_many_days": _("That is too long for a view by day. Choose fewer days, or look by month."),
    "already_disputed": _("You contest this record already. Wait for the answer."),
    "already_reversed": _("This record has been taken back before."),
    "already_open": _("You contest this already. Wait for the answer."),
    "unknown_objection": _("We do not find this objection."),
    "unknown_grade": _("You have no grade of such a quarter."),
    "no_grade": _("You have no grade of the last quarter, so there is nothing to prove yet."),
    "too_many_attestations": _("You have too many proofs that are still good. End one first."),
    "too_long": _("This does not fit into one code. Choose fewer facts or a shorter name."),
    "unknown_attestation": _("We do not find this proof among yours."),
    "no_public_address": _("Proofs cannot be made here yet. Ask the city's service."),
    "unknown_binding": _("We do not find this card or meter among yours."),
    "unknown_provider": _("We know no such provider. Choose one of the list."),
    "ownership_unproven": _(
        "The provider does not confirm that this is yours. Check the number and try again."
    ),
    "too_many_bindings": _("You have linked as many cards and meters as one may. End one first."),
    "already_bound": _("You have linked this already."),
    "subject_bound": _("Somebody else has linked this. If it is yours, ask for help."),
    "subject_cooling": _("Somebody else had linked this until lately. Try again later."),
    "bad_from": _("This first day is not possible. Choose another."),
    "unknown_consent": _("We do not find this consent among yours."),
    "unknown_recipient": _("We know no such recipient. Choose one of the list."),
    "unknown_purpose": _("This is not a purpose that can be chosen here. Choose one of the list."),
    "unknown_product": _("There is no such product. Choose one of the list."),
    "notice_changed": _("The notice has changed meanwhile. Read it once more and decide again."),
    "notice_required": _("Read the notice first."),
    "recipient_incomplete": _(
        "This recipient has not registered all that you must be told. Nothing can go there yet."
    ),
    "bad_fields": _("These kinds of data cannot be chosen together. Choose again."),
    "bad_until": _("This last day is not possible. Choose an earlier one."),
    "bad_times": _("So many looks are not possible. Choose fewer."),
    "unknown_benefit": _("There is no such benefit. Look at the list once more."),
    "unknown_voucher": _("We do not find this voucher among yours."),
    "not_offered": _("This benefit cannot be had at the moment. Vouchers that you have stay good."),
    "limit_reached": _("You have had as many of these as one person may."),
    "not_enough_points": _("You do not have enough points for this."),
    "spending_frozen": _("Spending points is on hold for your account. Ask for help."),
    "sold_out": _("There is none of this left."),
    "sold_out_today": _("There is none of this left today. Try again tomorrow."),
    "budget_reached": _("The money set aside for this benefit is used up. Choose another."),
    "budget_slowed": _("Only a few are given out each day by now. Try again tomorrow."),
    "offline_code_alive": _(
        "An offline code of this voucher may still be used. Try again once it has ended."
    ),
    "no_code_needed": _("This benefit needs no code."),
    "too_many_offline_codes": _("You have as many offline codes as one may. Use one first."),
    "not_for_offline": _("This benefit cannot be used offline. Show its code when you are online."),
    "no_licence": _("This voucher has no redemption code."),
    "already_replaced": _("A redemption code is replaced once only. Ask for help."),
    "unknown_partner": _("There is no such partner platform. Choose one of the list."),
    "consent_needed": _("Linking needs your consent to its present version. Read and agree first."),
    "account_linked": _("Somebody has linked that account already. That link has to end first."),
    "already_linked": _("You have linked an account of this partner. End that link first."),
    "link_refused": _(
        "The partner does not confirm that the account is yours. Begin again in its app, with the"
        " same phone number."
    ),
    "link_ended": _("This link has ended."),
    "unknown_link": _("We do not find this link among yours."),
    "not_linked": _("Link your account at this partner first."),
    "not_by_totals": _("Here each act is told apart, so nobody has to choose who pays."),
    "not_exchangeable": _("Nothing can be exchanged this way with this partner today."),
    "partner_limit": _("The partner takes no more for now. Try again later."),
    "bad_amount": _("This amount is not possible. Enter a number above 0."),
    "bad_quote": _("This rate was not given for this. Ask for a new one."),
    "quote_expired": _("The rate shown has expired. Ask for a new one."),
    "quote_used": _("You have exchanged at this rate already. Look at your exchanges."),
    "below_least": _("This is less than can be exchanged. Enter more."),
    "quota_day": _("This is more than you may still exchange today."),
    "quota_month": _("This is more than you may still exchange this month."),
    "not_earned_for_this": _(
        "Only points of acts that this partner recognises go there, and you have fewer of them."
    ),
    "unknown_exchange": _("We do not find this exchange."),
    "exchange_held": _("This exchange is still on its way. Wait for it to be confirmed."),
    "exchange_confirmed": _("This exchange has been confirmed and is final."),
    "exchange_rejected": _("This exchange came to nothing: it was rejected or taken back."),
    "exchange_expired": _("This exchange came to nothing: it was not confirmed in time."),
    "exchange_corrected": _("This exchange was confirmed, and operators took it back afterwards."),
    "not_in_force": _("The rules have no value for that day."),
}
