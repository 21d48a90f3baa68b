"""The closed sets of words that rule files may use. A word outside them stops the start."""

from __future__ import annotations

from decimal import Decimal

CATEGORIES = (
    "travel",
    "e-government",
    "e-finance",
    "e-payment",
    "household",
    "recycling",
    "consumption",
)
DIMENSIONS = ("paper", "water", "electricity", "energy")
OVERLAP_GROUPS = ("TRIP", "PAY", "DOC", "HOME_E", "HOME_W", "HOME_G", "WASTE", "CONS")
CONFIRM_DELAYS = ("next_day", "next_month", "goods")
# From the surest to the least sure; the order is used to name the weakest of several.
CONFIDENCES = ("seen", "unverified", "assumption")

EVIDENCE_TYPES = (
    "text",
    "identifier",
    "instant",
    "day",
    "month",
    "decimal",
    "count",
    "bool",
    "choice",
)
KEEPS = ("value", "hash", "drop")
RETENTION_DAYS = 1825  # five years, unless a rule file says otherwise

# What a plausible range may speak of. `minutes` lie between the two instants of the evidence,
# `speed_kmh` is the quantity over them, `same_station_minutes` applies where entry is exit.
PLAUSIBLE = ("quantity", "minutes", "speed_kmh", "same_station_minutes")

PERIODS = ("event", "day", "month", "year", "lifetime")
# Caps count acts under the noun of the behaviour …
ACT_UNITS = frozenset(
    {
        "trips",
        "rides",
        "passes",
        "items",
        "presentations",
        "visits",
        "statements",
        "cards",
        "transactions",
        "applications",
        "payments",
        "bills",
        "devices",
        "orders",
        "cups",
    }
)
# … or what was measured, under the plural of the quantity's unit.
CAP_UNIT_OF_QUANTITY = {
    "km": "km",
    "kWh": "kWh",
    "kg": "kg",
    "box": "boxes",
    "invoice": "invoices",
}

# What a pack must say, each with its unit; a word has the unit "word" and its choices.
PACK_PARAMETERS = {
    "milligrams_a_point": "mg/point",
    "expiry_months": "month",
    "expiry_end": "word",
    "next_day_days": "day",
    "goods_days": "day",
    "next_month": "word",
    "grace_days": "day",
    "late_days": "day",
    "trip_gap_minutes": "minute",
    "plate_gap_minutes": "minute",
    "payment_window_minutes": "minute",
    "future_tolerance_minutes": "minute",
    "cooling_days": "day",
    "expiry_notice_first_days": "day",
    "expiry_notice_last_days": "day",
}
PACK_WORDS = {
    "expiry_end": ("month", "quarter", "year"),
    "next_month": ("first_of_next_month",),
}

BENEFIT_KINDS = ("code", "licence", "immediate")
BENEFIT_CATEGORIES = ("transit", "energy", "culture", "nature", "shopping", "food", "telecom")
BENEFIT_PARAMETERS = {"price": "point", "cash": "CNY", "unit_cost": "CNY"}
LONGEST_VALIDITY = 365  # days that a voucher may live

# What `redemption.toml` must say, each with its unit, the least it may be and the most (None: any).
REDEMPTION_PARAMETERS: dict[str, tuple[str, int, int | None]] = {
    "code_seconds": ("second", 1, None),
    "offline_codes": ("code", 0, None),
    "offline_hours": ("hour", 1, None),
    "offline_upload_hours": ("hour", 1, None),
    "offline_cost": ("CNY", 0, None),
    "dispute_days": ("day", 0, None),
    "settlement_days": ("day", 0, None),
    "settlement_days_new": ("day", 0, None),
    "new_merchant_days": ("day", 0, None),
    "budget_slow_percent": ("percent", 0, 100),
    "budget_share_percent": ("percent", 0, 100),
    "budget_reserve_percent": ("percent", 0, 100),
    "alert_pair_count": ("redemption", 1, None),
    "alert_night_count": ("redemption", 1, None),
    "alert_night_from": ("hour", 0, 23),
    "alert_night_until": ("hour", 0, 23),
    "alert_device_residents": ("resident", 1, None),
    "alert_usual_percent": ("percent", 100, None),
    "alert_usual_least": ("redemption", 1, None),
}

# How far a partner platform recognises a behaviour: it is seen, it counts for a badge, or what it
# earned may be exchanged.
LEVELS = ("view", "badge", "exchange")
MOST_PLACES = 3  # decimals of a platform's unit
LEAST_PRIORITY, MOST_PRIORITY = 1, 199  # 100 is as strong as the city's own acts, smaller wins

# What a resident's consent to a link may speak of: what the city gives to the partner, receives
# from it, or both.
CONSENT_DATA = (
    "account",  # the partner's own id of the account; received
    "identity_match",  # whether both know the person by one phone number; compared under a key
    "claim_secret",  # the secret under which both blind what names an act; given
    "claims",  # acts the partner has credited, blinded; received
    "claim_outcomes",  # which of them the city pays itself; given
    "totals",  # sums by behaviour and month, where the partner sends no acts; received
    "exchanges",  # what is exchanged, when and at which rate; both
)
CONSENT_VERSION_LENGTH = 40
PLATFORM_CODE_LENGTH = 40

# What a platform must say, each with its unit, the least it may be and the most (None: any). Rates
# are fractions: units of the partner for one point.
PLATFORM_RATES = ("out_rate", "in_rate")
PLATFORM_PARAMETERS: dict[str, tuple[str, Decimal | int, int | None]] = {
    "out_rate": ("unit/point", 0, None),
    "in_rate": ("unit/point", 0, None),
    "out_daily": ("point", 0, None),
    "out_monthly": ("point", 0, None),
    "in_daily": ("point", 0, None),
    "in_monthly": ("point", 0, None),
    "net_cap": ("point", 0, None),
    "point_value": ("CNY", 0, None),
    "least": ("point", Decimal("0.01"), None),
    "quote_seconds": ("second", 1, 3600),
    "confirm_minutes": ("minute", 1, 10080),
    "settlement_days": ("day", 0, None),
    "dispute_days": ("day", 0, None),
    "lot_months": ("month", 1, 120),
    "badge_g": ("g", 1, None),
}
