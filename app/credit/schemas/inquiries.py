"""Wire shapes of inquiries, outcomes, and what residents see of both."""

from typing import Any

import marshmallow as ma

from app.credit.model import DECISIONS, GUARANTEES
from app.credit.schemas.catalogue import CODE, Money, OfferIn, ReasonTextOut, TermsOut
from app.plumbing import Whole
from app.plumbing.api import DecimalText

# What is kept as text: PostgreSQL takes no NUL, and nobody reads the other control characters.
_REFERENCE = Whole(r"[^\x00-\x1f\x7f]{1,100}", error="1 to 100 printable characters.")
_ID = ma.validate.Length(min=1, max=64)
_BP = ma.validate.Range(0, 10_000)


class InquiryIn(ma.Schema):
    consent_id = ma.fields.String(required=True, validate=_ID)
    product = ma.fields.String(required=True, validate=CODE)
    purpose = ma.fields.String(required=True, validate=CODE)
    application_reference = ma.fields.String(required=True, validate=_REFERENCE)
    offer = ma.fields.Nested(OfferIn, required=True)


class WindowOut(ma.Schema):
    quarter = ma.fields.String(required=True)
    since = ma.fields.String(required=True, data_key="from", attribute="from")
    until = ma.fields.String(required=True, data_key="to", attribute="to")


class AnswerReasonOut(ReasonTextOut):
    points_lost = ma.fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Null where the consent does not give the factor."},
    )


class AnswerOut(ma.Schema):
    """What a bank is answered. Without a valid consent, and without a grade, it is the same:
    neutral."""

    inquiry_id = ma.fields.String(required=True)
    grade = ma.fields.String(required=True, allow_none=True)
    factor = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "0 to 1000."}
    )
    window = ma.fields.Nested(WindowOut, required=True, allow_none=True)
    terms = ma.fields.Nested(TermsOut, required=True)
    reason_codes = ma.fields.List(
        ma.fields.String(),
        required=True,
        metadata={"description": "At most four, the one that lost most points first."},
    )
    reasons = ma.fields.List(ma.fields.Nested(AnswerReasonOut), required=True)
    data_quality = ma.fields.String(required=True, allow_none=True)
    scorecard = ma.fields.String(required=True, allow_none=True)
    notice = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)
    disputed = ma.fields.Boolean(
        required=True, metadata={"description": "The resident contests this grade."}
    )


class SignedAnswerOut(AnswerOut):
    jws = ma.fields.String(
        required=True,
        metadata={"description": "All of it, signed; verify it with /.well-known/jwks.json."},
    )


class GradeChangeOut(ma.Schema):
    """What became of the grade since it was told."""

    type = ma.fields.String(required=True)
    at = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)


class LoanOutcomeOut(ma.Schema):
    used = ma.fields.Boolean(required=True)
    decided = ma.fields.String(required=True, validate=ma.validate.OneOf(DECISIONS))
    limit = DecimalText(places=2, required=True, allow_none=True)
    rate_bp = ma.fields.Integer(required=True, allow_none=True)
    guarantee = ma.fields.String(required=True, allow_none=True)
    at = ma.fields.String(required=True)


class OfferOut(ma.Schema):
    amount = DecimalText(places=2, required=True)
    rate_bp = ma.fields.Integer(required=True)
    term_months = ma.fields.Integer(required=True)
    channel = ma.fields.String(required=True)
    guarantee = ma.fields.String(required=True)


class InquiryTitlesOut(ma.Schema):
    """What product, purpose and grade are called; the grade of a neutral answer is null."""

    product_zh = ma.fields.String(required=True)
    product_en = ma.fields.String(required=True)
    purpose_zh = ma.fields.String(required=True)
    purpose_en = ma.fields.String(required=True)
    grade_zh = ma.fields.String(required=True, allow_none=True)
    grade_en = ma.fields.String(required=True, allow_none=True)


class InquiryOut(SignedAnswerOut, InquiryTitlesOut):
    """An answer as it was given, and how it stands."""

    at = ma.fields.String(required=True)
    product = ma.fields.String(required=True)
    purpose = ma.fields.String(required=True)
    application_reference = ma.fields.String(required=True)
    offer = ma.fields.Nested(OfferOut, required=True)
    without = ma.fields.Nested(
        TermsOut,
        required=True,
        metadata={"description": "The offer's terms without carbon data, beside `terms`."},
    )
    valid = ma.fields.Boolean(
        required=True, metadata={"description": "False once it was taken back."}
    )
    contest = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "How an objection to it stands: open, upheld, rejected, …"},
    )
    changed = ma.fields.Nested(GradeChangeOut, required=True, allow_none=True)
    outcome = ma.fields.Nested(LoanOutcomeOut, required=True, allow_none=True)


class InquiriesOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(InquiryOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


class OutcomeIn(ma.Schema):
    inquiry_id = ma.fields.String(required=True, validate=_ID)
    used = ma.fields.Boolean(required=True, truthy={True}, falsy={False})
    decided = ma.fields.String(required=True, validate=ma.validate.OneOf(DECISIONS))
    limit = Money(load_default=None, allow_none=True)
    rate_bp = ma.fields.Integer(load_default=None, strict=True, allow_none=True, validate=_BP)
    guarantee = ma.fields.String(
        load_default=None, allow_none=True, validate=ma.validate.OneOf(GUARANTEES)
    )
    application_reference = ma.fields.String(
        load_default=None, allow_none=True, validate=_REFERENCE
    )


class LoanOutcomeKeptOut(LoanOutcomeOut):
    inquiry_id = ma.fields.String(required=True)


class EffectOut(ma.Schema):
    """What the answer changed of what was offered without it, in yuan a year, and what the whole
    limit costs a year."""

    limit = DecimalText(places=2, required=True)
    limit_more = DecimalText(places=2, required=True)
    rate_bp = ma.fields.Integer(required=True)
    rate_less_bp = ma.fields.Integer(required=True)
    yearly_saving = DecimalText(places=2, required=True)
    yearly_interest = DecimalText(places=2, required=True)


class LenderOut(ma.Schema):
    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class MyInquiryOut(InquiryTitlesOut):
    id = ma.fields.String(required=True)
    at = ma.fields.String(required=True)
    bank = ma.fields.Nested(LenderOut, required=True)
    product = ma.fields.String(required=True)
    purpose = ma.fields.String(required=True)
    application_reference = ma.fields.String(required=True)
    consent = ma.fields.String(required=True, allow_none=True)
    denied = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why nothing of you was told; the bank is not told why."},
    )
    offer = ma.fields.Nested(OfferOut, required=True)
    answer = ma.fields.Nested(AnswerOut, required=True)
    valid = ma.fields.Boolean(required=True)
    contest = ma.fields.String(required=True, allow_none=True)
    changed = ma.fields.Nested(GradeChangeOut, required=True, allow_none=True)
    outcome = ma.fields.Nested(LoanOutcomeOut, required=True, allow_none=True)
    effect = ma.fields.Nested(
        EffectOut,
        required=True,
        allow_none=True,
        metadata={"description": "Null until the bank says that it lends."},
    )


class MyInquiriesOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(MyInquiryOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


def loaded(body: dict[str, Any]) -> dict[str, Any]:
    """The body of an inquiry in the words of `Question`."""
    renamed = {"consent": body["consent_id"], "reference": body["application_reference"]}
    return renamed | {name: body[name] for name in ("product", "purpose", "offer")}
