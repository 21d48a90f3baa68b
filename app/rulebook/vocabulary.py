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

# Classes of personal data (JR/T 0171-2020) that may be kept, and the one that may not: passwords,
# codes by SMS, biometrics.
DATA_CLASSES = ("C1", "C2")
FORBIDDEN_CLASS = "C3"
# From when on the days are counted for which a kind of data is kept.
KEPT_FROM = ("made", "ended", "closed")
# What may be given to whom by consent: results, no acts, no places and no times.
GIVEN_TO = {"bank": ("grade", "factor", "terms", "reasons", "window", "data_quality")}
# Why somebody looks at something of a resident's without a consent of the register, and who that
# is. A pack says each in words, and what is seen.
LOOKS = {
    "partner_link": "partner",
    "partner_secret": "partner",
    "partner_claim": "partner",
    "partner_exchange": "partner",
    "merchant_redemption": "merchant",
    "merchant_ready": "merchant",
    "merchant_look": "merchant",
    "provider_look": "provider",
    "operator_approval": "operator",
    "operator_hold": "operator",
    "objection": "operator",
    "legal_retrieval": "operator",
    "credential": "bank",
}
# What `privacy/consent.toml` must say, each with its unit, the least it may be and the most.
PRIVACY_PARAMETERS: dict[str, tuple[str, int, int]] = {
    "most_days": ("day", 1, 366),
    "default_reads": ("read", 1, 1000),
    "most_reads": ("read", 1, 1000),
    "quiet_days": ("day", 0, 366),
}

# What a bank may make of an answer.
BANK_USES = ("admission", "limit", "pricing", "risk")
# What a bank's table may say of the guarantee: as the bank offered, or none up to the ceiling.
RELIEFS = ("as_offered", "none_needed")
# Hard ceilings of a table: percent of a limit, basis points of a rate.
MOST_UPLIFT, MOST_DISCOUNT = 30, 100
# What `credit/rules.toml` must say, each with its unit, the least it may be and the most.
CREDIT_PARAMETERS: dict[str, tuple[str, int, int]] = {
    "closing_day": ("day", 1, 28),
    "online_ceiling": ("CNY", 0, 200_000),
    "programme_ceiling": ("CNY", 0, 1_000_000),
    "max_uplift": ("percent", 0, MOST_UPLIFT),
    "max_discount": ("BP", 0, MOST_DISCOUNT),
    "attestation_minutes": ("minute", 1, 1440),
    "attestation_most": ("minute", 1, 1440),
}

MOST_FACTOR = 1000
# What a part of the scorecard may measure, each with its unit.
CARD_INPUTS = {
    "reduction": "kg",
    "categories": "category",
    "months": "month",
    "earlier": "quarter",
    "evidence": "kg",
}
# Kinds of sources, those of providers.
SOURCES = ("government", "utility", "bank", "clearing", "other")
# What a scorecard must say, each with its unit, the least it may be and the most. Of a month two
# acts or more, so that no purchase that is released over a year makes its months regular.
CARD_PARAMETERS: dict[str, tuple[str, int, int]] = {
    "behaviour_cap": ("kg", 1, 1_000_000),
    "source_cap": ("kg", 1, 1_000_000),
    "category_least": ("kg", 0, 1_000_000),
    "month_least": ("act", 2, 1000),
    "quality_high": ("percent", 1, 100),
    "quality_medium": ("percent", 1, 100),
    "lone_most": ("point", 1, MOST_FACTOR // 2),
    "band_width": ("point", 1, MOST_FACTOR),
    **{f"weight_{source}": ("percent", 0, 100) for source in SOURCES},
}
# What no scorecard may look at: words that its inputs, parts and behaviours may not carry, and why.
# Of the last kind only the parts are judged: a behaviour may well happen on a line or in a shop.
_ARTICLE_14 = "征信业管理条例 art. 14 forbids it in any judgement of credit"
_ARTICLE_28 = "个人信息保护法 art. 28 makes it sensitive, it stays with the act"
WHEREABOUTS = "whereabouts"
FORBIDDEN_INPUTS = {
    "religion": (("religion", "religious", "faith", "belief"), _ARTICLE_14),
    "genes": (("gene", "genes", "genetic", "dna"), _ARTICLE_14),
    "fingerprints": (("fingerprint", "fingerprints", "biometric", "face"), _ARTICLE_14),
    "blood": (("blood",), _ARTICLE_14),
    "illness": (
        ("illness", "disease", "medical", "medicine", "health", "hospital", "disability"),
        _ARTICLE_14,
    ),
    WHEREABOUTS: (
        (
            *("place", "places", "stop", "stops", "station", "stations", "location", "route"),
            *("line", "lines", "gps", "time", "hour", "hours", "clock", "night"),
            *("merchant", "merchants", "shop", "shops", "store", "stores"),
            *("vehicle", "vehicles", "plate", "plates", "whereabouts"),
        ),
        _ARTICLE_28,
    ),
}
