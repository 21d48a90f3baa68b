"""Wire shapes of settlement: files, payouts, statements, reconciliation."""

import marshmallow as ma

from app.plumbing.api import DecimalText, Whole

MOST_LINES = 20_000
_REFERENCE = Whole(r"\s*\S[\s\S]{0,199}")
_WORD = Whole(r"[a-z_]{1,20}")


class SumOut(ma.Schema):
    count = ma.fields.Integer(required=True)
    amount = DecimalText(places=2, required=True)


class FileTotalsOut(SumOut):
    by_kind = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.Nested(SumOut), required=True
    )
    by_funder = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.Nested(SumOut), required=True
    )
    by_benefit = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.Nested(SumOut), required=True
    )


class PayoutOut(ma.Schema):
    """What one funder pays for a file. `brought` came over from earlier ones."""

    id = ma.fields.String(required=True)
    funder = ma.fields.String(required=True)
    amount = DecimalText(places=2, required=True)
    brought = DecimalText(places=2, required=True)
    status = ma.fields.String(required=True)
    payable_on = ma.fields.Date(required=True)
    transfer = ma.fields.String(required=True, allow_none=True)


class SettlementSummaryOut(ma.Schema):
    day = ma.fields.Date(required=True)
    totals = ma.fields.Nested(FileTotalsOut, required=True)
    payouts = ma.fields.List(ma.fields.Nested(PayoutOut), required=True)
    sha256 = ma.fields.String(required=True, metadata={"description": "Of the CSV, in hex."})
    made_at = ma.fields.AwareDateTime(required=True, format="iso")


class SettlementsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(SettlementSummaryOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


class LineOut(ma.Schema):
    redemption = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True, format="iso")
    day = ma.fields.Date(required=True)
    amount = DecimalText(places=2, required=True)
    store = ma.fields.String(required=True, allow_none=True)
    benefit = ma.fields.String(required=True, allow_none=True)
    points = ma.fields.String(required=True, allow_none=True)
    cash = ma.fields.String(required=True, allow_none=True)
    funder = ma.fields.String(required=True, allow_none=True)


class SettlementOut(ma.Schema):
    """The file of a day. It never changes; corrections are lines of a later one."""

    book = ma.fields.String(required=True)
    party = ma.fields.String(required=True, metadata={"description": "The merchant's code."})
    day = ma.fields.Date(required=True)
    lines = ma.fields.List(ma.fields.Nested(LineOut), required=True)
    totals = ma.fields.Nested(FileTotalsOut, required=True)
    sha256 = ma.fields.String(required=True, metadata={"description": "Of the CSV, in hex."})


class StatementOut(ma.Schema):
    month = ma.fields.String(required=True)
    days = ma.fields.List(ma.fields.Nested(SettlementSummaryOut), required=True)
    totals = ma.fields.Nested(FileTotalsOut, required=True)
    missing = ma.fields.List(
        ma.fields.Date(), required=True, metadata={"description": "Days over without a file."}
    )


class TheirLineIn(ma.Schema):
    """A line of the merchant's own file; what else it carries is not looked at."""

    class Meta:
        unknown = ma.EXCLUDE

    redemption = ma.fields.String(required=True, validate=_REFERENCE)
    kind = ma.fields.String(load_default=None, allow_none=True, validate=_WORD)
    status = ma.fields.String(load_default=None, allow_none=True, validate=_WORD)
    amount = ma.fields.String(required=True, validate=ma.validate.Length(max=20))


class ReconcileIn(ma.Schema):
    """Their lines, or their file as CSV text (also taken as a `text/csv` body)."""

    class Meta:
        unknown = ma.EXCLUDE

    lines = ma.fields.List(
        ma.fields.Nested(TheirLineIn), validate=ma.validate.Length(max=MOST_LINES)
    )
    csv = ma.fields.String()


class DifferenceOut(ma.Schema):
    """One difference: long (they have it, we do not), short (we have it, they do not), amount,
    state or duplicate. `ours` and `theirs` are null where absent."""

    id = ma.fields.String(required=True)
    day = ma.fields.Date(required=True)
    type = ma.fields.String(
        required=True,
        validate=ma.validate.OneOf(("long", "short", "amount", "state", "duplicate")),
    )
    redemption = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    ours = DecimalText(places=2, required=True, allow_none=True)
    theirs = DecimalText(places=2, required=True, allow_none=True)
    status = ma.fields.String(required=True)
    resolution = ma.fields.String(required=True, allow_none=True)
    found_at = ma.fields.AwareDateTime(required=True, format="iso")
    closed_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")


class ReconciledOut(ma.Schema):
    day = ma.fields.Date(required=True)
    matched = ma.fields.Boolean(required=True)
    differences = ma.fields.List(ma.fields.Nested(DifferenceOut), required=True)
    counts = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
