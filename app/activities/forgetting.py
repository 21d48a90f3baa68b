"""Which evidence a score reads, and which is kept for checking only. Pure.

What a score reads is kept as long as the act can be scored again: by a late act beside it, by a
corrected rule, by the audit. The rest goes when its days are over, or with the account.
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from app.activities.tariff import book, known
from app.rulebook import Rulebook

# What methods, overlap, things and meters read, whatever the behaviour.
_READ = frozenset(
    (
        "account", "amount", "apf", "application_id", "billing_period", "case_id", "claims",
        "day", "device", "entry_time", "ev_kwh", "exit_time", "fully_online", "household_size",
        "imei_hash", "kwh", "label_kwh_year", "label_litres", "lock_time", "m3",
        "m3_same_period_last_year", "material", "merchant_id", "meter", "order_id", "parcel",
        "payment_id", "period_end", "period_start", "plate", "product_type", "rated_kw",
        "reference_kwh_year", "sheets", "statement_month", "unlock_time", "utility_type",
        "vehicle", "vehicle_energy", "verifier_id", "visit_id",
    )
)  # fmt: skip


def read_by_scores(rules: Rulebook, behaviour: str) -> frozenset[str]:
    """Names of evidence that a score of this behaviour may read."""
    return _read_by_scores(known(rules), behaviour)


@lru_cache(maxsize=512)
def _read_by_scores(digest: str, code: str) -> frozenset[str]:
    behaviour = book(digest).behaviours[code]
    caps = {name for cap in behaviour.caps for name in (*cap.where, cap.by) if name}
    return _READ | behaviour.eligible.keys() | behaviour.minimum.keys() | caps


def left_of(
    rules: Rulebook,
    behaviour: str,
    evidence: Mapping[str, Any],
    earned_on: date,
    today: date | None,
) -> dict[str, Any]:
    """What is kept of an act's evidence on a day; None: once the account is closed."""
    if behaviour not in rules.behaviours:
        return dict(evidence)
    over = _over(rules, behaviour, earned_on, today)
    return {name: value for name, value in evidence.items() if name not in over}


def _over(rules: Rulebook, behaviour: str, earned_on: date, today: date | None) -> Collection[str]:
    return {
        name
        for name, field in rules.fields(behaviour).items()
        if name not in read_by_scores(rules, behaviour)
        and (today is None or earned_on + timedelta(days=field.days or 0) < today)
    }


def days_of(rules: Rulebook) -> frozenset[int]:
    """The different numbers of days after which some evidence goes."""
    return frozenset(
        field.days
        for code in rules.behaviours
        for name, field in rules.fields(code).items()
        if field.days is not None and name not in read_by_scores(rules, code)
    )
