"""Methods of the home: meters that save below a baseline, devices whose saving is known. Pure."""

from datetime import date, timedelta
from fractions import Fraction

from app.activities.model import Act, Measure
from app.activities.periods import same_period_last_year
from app.activities.tariff import Home, Rate, Tariff, Values, Worth, nothing
from app.kernel import MILLI, add_months

YEAR_DAYS = 365
_MONTH_DAYS = 30
_WATER_AND_GAS = ("supply", "wastewater", "combustion")


def daily_meter(t: Tariff, act: Act, home: Home) -> Worth:
    """Electricity of a day below the household's baseline, or below its own seven days before."""
    evidence, persons = act.evidence, act.evidence["household_size"]
    used = evidence["kwh"]
    if used < t.times("vacancy", persons):
        return nothing("not_eligible")
    base = t.times("baseline", persons)
    if used > base:
        days, last = int(t.values["history"]), act.earned_on.toordinal()
        before = map(date.fromordinal, range(last - days, last))
        past = [home.readings.get((evidence["meter"], day)) for day in before]
        known = [reading for reading in past if reading is not None]
        if len(known) < days:
            return nothing("history_too_short")
        base = Fraction(sum(known), days)
    saving = base - (used + evidence.get("ev_kwh", 0) + _netted(home, "kWh", act.earned_on))
    return _metered(t, saving, base, "kWh", t.rate("grid", lambda v: v["grid"]))


def _netted(home: Home, unit: str, day: date) -> Measure:
    """What efficient devices are expected to save on a day: it is paid with the device."""
    if not home.devices:
        return 0
    return sum(
        saved
        for kind, since, saved in home.devices
        if kind == unit and since <= day < add_months(since, 12)
    )


def _metered(t: Tariff, saving: Measure, base: Measure, unit: str, a_unit: Rate) -> Worth:
    if saving <= 0:
        return nothing("no_saving")
    share = t.rate("share", lambda v: v["share"])
    return Worth(saving, unit, a_unit, None, _part(base, share))


def _part(base: Measure, share: Rate) -> Measure:
    """A part of a measure, exactly; a whole number as such."""
    top, bottom = base.numerator * share[0], base.denominator * share[1]
    return Fraction(top, bottom) if top % bottom else top // bottom


def period_meter(t: Tariff, act: Act, home: Home) -> Worth:
    """Water or gas of a period below last year's same period, or below a baseline a person."""
    evidence = act.evidence
    first = date.fromisoformat(evidence["period_start"])
    last = date.fromisoformat(evidence["period_end"])
    days, used = (last - first).days + 1, evidence["m3"]
    persons = evidence.get("household_size", 0)
    least = t.times("vacancy", persons * days) if "vacancy" in t.values else 0
    if used * _MONTH_DAYS < least:
        return nothing("not_eligible")
    base = _same_period(t, act, home, first, last, days * persons)
    if base is None:
        return nothing("history_too_short")
    saving: Measure = base - used
    if home.devices:
        saving -= sum(_netted(home, "m3", first + timedelta(days=n)) for n in range(days))
    return _metered(t, saving, base, "m3", t.rate("m3", _grams_a_cubic_metre))


def _grams_a_cubic_metre(values: Values) -> Fraction:
    return sum((values[name] for name in _WATER_AND_GAS if name in values), Fraction(0))


def _same_period(
    t: Tariff, act: Act, home: Home, first: date, last: date, person_days: int
) -> Measure | None:
    told = act.evidence.get("m3_same_period_last_year")
    if told is not None:
        return int(told)
    if "baseline" in t.values:
        return t.times("baseline", person_days)
    since, until = same_period_last_year(first, last)
    return home.periods.get((act.evidence["meter"], since.isoformat(), until.isoformat()))


def appliance_year(t: Tariff, act: Act, _home: Home) -> Worth:
    """What an efficient appliance saves in its first year, released month by month."""
    evidence = act.evidence
    if evidence["product_type"] == "air_conditioner":
        kw, apf = Fraction(evidence["rated_kw"]), Fraction(evidence["apf"], MILLI)
        if apf < t.values["grade1_apf"]:
            return nothing("not_eligible")
        saving = t.values["cooling_hours"] * kw * (1 / t.values["reference_apf"] - 1 / apf)
    else:
        saving = Fraction(evidence["reference_kwh_year"] - evidence["label_kwh_year"])
    return _device(saving, "kWh", t.rate("grid", lambda v: v["grid"]), t)


def fixture_year(t: Tariff, act: Act, _home: Home) -> Worth:
    """What a water-efficient fixture saves in its first year."""
    evidence = act.evidence
    litres = Fraction(evidence["label_litres"], MILLI)
    if litres > t.values["grade1_litres"]:
        return nothing("not_eligible")
    uses = t.values["uses"] * evidence["household_size"] * YEAR_DAYS
    saving = (t.values["reference_litres"] - litres) * uses  # litres are thousandths of a m3
    return _device(saving, "m3", t.rate("m3", lambda v: v["supply"] + v["wastewater"]), t)


def _device(saving: Fraction, unit: str, a_unit: Rate, t: Tariff) -> Worth:
    if saving <= 0:
        return nothing("no_saving")
    parts = int(t.values.get("parts", Fraction(12)))
    return Worth(saving, unit, a_unit, None, None, parts, saving / YEAR_DAYS)
