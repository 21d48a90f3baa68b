"""What the rulebook remarks on its own numbers, in English, as the visitor reads."""

from flask_babel import gettext as _

N_ = str  # words that are looked up later

_KNOWN = (
    N_("Transfers within 60 minutes are not merged where the vehicle is not named."),
    N_("Free re-ride vouchers cannot be told from paid taps."),
    N_("Absent vehicle_energy means electric; any other value takes the flat value."),
    N_("For rides elsewhere: Weihai itself has no metro (from memory)."),
    N_("At most 200 steps a minute is checked over the day only, since no histogram is sent."),
    N_(
        "An incentive, not a tradable reduction: walking falls outside the equivalence "
        "test of T/CIIA 058-2025."
    ),
    N_("Steps made during rides are not taken off."),
    N_("More than 1 kWh a minute at an AC charger is not checked: no times are sent."),
    N_("One vehicle a resident is not checked: the vehicle is optional."),
    N_("The reduction is shared equally among its dimensions; the equal split is ours."),
    N_("per vehicle; one vehicle a resident"),
    N_("Free-flow gantry records cannot be told from passes."),
    N_("A hybrid is a fuel car."),
    N_("The manual lane of 2014 is an old baseline, so additionality is weak."),
    N_("Bulk filing by intermediaries is not recognised."),
    N_("Rejected and withdrawn cases count until the provider reverses them."),
    N_("A missed or refunded registration counts until the provider reverses it."),
    N_("one per account; at most five accounts a resident"),
    N_("twelve for each of five accounts"),
    N_(
        "A card cancelled within 90 days, or swapped for plastic, counts until the bank "
        "reverses it."
    ),
    N_(
        "Round trips between a person's own accounts are not recognised: the other side "
        "is not sent."
    ),
    N_(
        "Whether the loan was decided or disbursed is not sent; the bank reports only "
        "such applications."
    ),
    N_("More than three payments a day at one merchant are not flagged."),
    N_("Payments split within two minutes are not merged."),
    N_("Loops through a person's own shop are not recognised."),
    N_("Zero whenever the same debit earns a specific behaviour."),
    N_("The fully digital invoice is the legal default, so additionality is weak."),
    N_("Own solar export is not taken off: it is not sent."),
    N_("Seasonal baselines as in Shenzhen are not used."),
    N_("Heating of water is not credited."),
    N_("per bill"),
    N_("No degree-day correction yet for homes heated with gas."),
    N_("Without last year's figure the meter's own history of that period is used."),
    N_(
        "A declared switch of fuel (fuel_switch) earns nothing for the period in which it was made."
    ),
    N_(
        "The grade of devices other than air conditioners is taken from the order: no "
        "class limits are kept."
    ),
    N_("A device returned counts until the merchant reverses it."),
    N_("first year of one device"),
    N_("A fixture returned counts until the merchant reverses it."),
    N_(
        "Only WCs are valued: no reference litres were seen for taps and showers, so "
        "they earn zero."
    ),
    N_("Moisture and contamination are the recycler's to refuse."),
    N_("More than 50 kg in one drop is a trader's."),
    N_("Recovery losses are not taken off."),
    N_("metals together"),
    N_(
        "One pickup in seven days is not checked: a rolling week is no period of a cap; "
        "the yearly cap stands."
    ),
    N_("Whether the parcel was the resident's own is the station's to check."),
    N_("Canteen pick-up orders are the platform's to leave out."),
    N_("Lid and lining are not counted."),
)


def remark(text: str) -> str:
    """A remark of a behaviour or a cap; one that is not known here stays as it came."""
    return str(_(text)) if text in _KNOWN else text
