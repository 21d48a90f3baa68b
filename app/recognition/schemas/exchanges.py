"""Wire shapes of exchange: quotes, exchanges as their residents and as their partners see them, and
the position between the city and a partner."""

import marshmallow as ma

from app.plumbing import StatusQuery
from app.plumbing.api import DecimalText, Whole
from app.recognition.model import CONFIRMED, CORRECTED, EXPIRED, HELD, IN, OUT, REJECTED

STATUSES = (HELD, CONFIRMED, REJECTED, EXPIRED, CORRECTED)
_PARTNER = Whole(r"[a-z0-9_]{1,40}")
_AMOUNT = Whole(r"[0-9.]{1,20}", error="Digits and a point, such as 12.50.")
_WORDS = Whole(r"[^\x00-\x1f\x7f]{1,200}", error="1 to 200 characters, none of them control.")
_NUMBER = Whole(r"[!-~]([ -~]{0,78}[!-~])?", error="1 to 80 letters of ASCII, no space around.")
_MOST = {"description": "The most that is given: points (out), or the partner's units (in)."}
_LEFT = {"description": "Points you may still exchange this way; more is refused when asked for."}
_EARNED = {"description": "Points of acts that this partner recognises, not gone yet; in: null."}
_LAST_DAY = {"description": "The last day of the points that came in."}
_THEIRS = {"description": "The partner's own number of it, the same each time it is asked."}
_NET = {"description": "In points. Above nothing the city owes the partner, below it is owed."}
_VALUE = {"description": "`net` in CNY, by `point_value`."}
_RATE = {"description": "Units of the partner for one point, an exact fraction such as 27/2."}


class WantedIn(ma.Schema):
    """`amount` is the most that is given: points with at most two places (out), or the partner's
    units (in). What would buy nothing more stays."""

    partner = ma.fields.String(required=True, validate=_PARTNER)
    direction = ma.fields.String(required=True, validate=ma.validate.OneOf((IN, OUT)))
    amount = ma.fields.String(required=True, validate=_AMOUNT, metadata=_MOST)


class ExchangeIn(WantedIn):
    """With a `quote`, its amounts and its rate hold, whatever the rate has become."""

    quote = ma.fields.String(load_default=None, validate=ma.validate.Length(min=1, max=2000))


class AmountOut(ma.Schema):
    unit = ma.fields.String(required=True, metadata={"description": "points, or the partner's."})
    unit_zh = ma.fields.String(required=True)
    amount = ma.fields.String(required=True)


class RateSourceOut(ma.Schema):
    title = ma.fields.String(required=True)
    clause = ma.fields.String(required=True, allow_none=True)
    url = ma.fields.String(required=True, allow_none=True)


class RateOut(ma.Schema):
    fraction = ma.fields.String(required=True, metadata=_RATE)
    since = ma.fields.Date(required=True)


class QuotedRateOut(RateOut):
    reference = ma.fields.Nested(RateSourceOut, required=True)
    confidence = ma.fields.String(required=True)


class FinalOut(ma.Schema):
    """What is to be shown: what will happen to value, or what has happened."""

    words_zh = ma.fields.String(required=True)
    words_en = ma.fields.String(required=True)


class QuotaLeftOut(ma.Schema):
    day_left = DecimalText(places=2, required=True)
    month_left = DecimalText(places=2, required=True)


class QuoteOut(ma.Schema):
    """`earned_left`: what may go out of what acts earned that this partner takes; in: null."""

    quote = ma.fields.String(required=True)
    partner = ma.fields.String(required=True)
    direction = ma.fields.String(required=True)
    gives = ma.fields.Nested(AmountOut, required=True)
    gets = ma.fields.Nested(AmountOut, required=True)
    rate = ma.fields.Nested(QuotedRateOut, required=True)
    rulebook = ma.fields.String(required=True)
    expires_at = ma.fields.AwareDateTime(required=True, format="iso")
    final = ma.fields.Nested(FinalOut, required=True)
    quotas = ma.fields.Nested(QuotaLeftOut, required=True, metadata=_LEFT)
    earned_left = DecimalText(places=2, required=True, allow_none=True, metadata=_EARNED)


class ExchangeOut(ma.Schema):
    """`expires_on` is the last day of the points that came in; `reference` the partner's own."""

    id = ma.fields.String(required=True)
    partner = ma.fields.String(required=True)
    title_zh = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)
    direction = ma.fields.String(required=True)
    status = ma.fields.String(required=True, validate=ma.validate.OneOf(STATUSES))
    gives = ma.fields.Nested(AmountOut, required=True)
    gets = ma.fields.Nested(AmountOut, required=True)
    rate = ma.fields.Nested(RateOut, required=True)
    rulebook = ma.fields.String(required=True)
    asked_at = ma.fields.AwareDateTime(required=True, format="iso")
    expires_at = ma.fields.AwareDateTime(required=True, format="iso")
    decided_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    corrected_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    reference = ma.fields.String(required=True, allow_none=True)
    reason = ma.fields.String(required=True, allow_none=True)
    expires_on = ma.fields.Date(required=True, allow_none=True, metadata=_LAST_DAY)
    final = ma.fields.Nested(FinalOut, required=True)


class ExchangesOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(ExchangeOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


class ExchangesQuery(StatusQuery):
    status = ma.fields.String(load_default=None, validate=ma.validate.OneOf(STATUSES))


class PartnerExchangeOut(ma.Schema):
    """An exchange as its partner is told of it, the same as in webhooks."""

    id = ma.fields.String(required=True)
    link = ma.fields.String(required=True)
    account = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The partner's own id; null once it was forgotten here."},
    )
    direction = ma.fields.String(required=True)
    status = ma.fields.String(required=True, validate=ma.validate.OneOf(STATUSES))
    points = DecimalText(places=2, required=True)
    units = ma.fields.String(required=True)
    unit = ma.fields.String(required=True)
    rate = ma.fields.String(required=True, metadata=_RATE)
    rate_since = ma.fields.String(required=True)
    rulebook = ma.fields.String(required=True)
    asked_at = ma.fields.String(required=True)
    expires_at = ma.fields.String(required=True)
    decided_at = ma.fields.String(required=True, allow_none=True)
    corrected_at = ma.fields.String(required=True, allow_none=True)
    reference = ma.fields.String(required=True, allow_none=True)
    reason = ma.fields.String(required=True, allow_none=True)


class PartnerExchangesOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(PartnerExchangeOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


class ConfirmExchangeIn(ma.Schema):
    """`reference` is the partner's own number of the exchange."""

    reference = ma.fields.String(required=True, validate=_NUMBER, metadata=_THEIRS)


class RejectExchangeIn(ma.Schema):
    reason = ma.fields.String(load_default=None, allow_none=True, validate=_WORDS)


class PositionOut(ma.Schema):
    """Points between the city and a partner. `net` above nothing: more went out than came in, so
    the city owes the partner; `value` is what that is worth in CNY by today's `point_value`."""

    partner = ma.fields.String(required=True)
    sent = DecimalText(places=2, required=True)
    received = DecimalText(places=2, required=True)
    net = DecimalText(places=2, required=True, metadata=_NET)
    held_out = DecimalText(places=2, required=True)
    held_in = DecimalText(places=2, required=True)
    cap = DecimalText(places=2, required=True)
    point_value = ma.fields.String(required=True)
    value = DecimalText(places=2, required=True, metadata=_VALUE)
    as_of = ma.fields.AwareDateTime(required=True, format="iso")
