"""Wire shapes of the two lists."""

import marshmallow as ma


class DataKeepOut(ma.Schema):
    """How long, from when on, why, and by which law."""

    days = ma.fields.Integer(required=True)
    since = ma.fields.String(required=True, metadata={"enum": ["made", "ended", "closed"]})
    reason_zh = ma.fields.String(required=True)
    reason_en = ma.fields.String(required=True)
    law = ma.fields.String(required=True)


class DataKindOut(ma.Schema):
    code = ma.fields.String(required=True)
    title_zh = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)
    class_ = ma.fields.String(data_key="class", required=True, metadata={"enum": ["C1", "C2"]})
    sensitive = ma.fields.Boolean(required=True)
    origin_zh = ma.fields.String(required=True)
    origin_en = ma.fields.String(required=True)
    why_zh = ma.fields.String(required=True)
    why_en = ma.fields.String(required=True)
    keep = ma.fields.Nested(DataKeepOut, required=True)


class SentFieldOut(ma.Schema):
    name = ma.fields.String(required=True)
    title = ma.fields.String(required=True, allow_none=True)
    keep = ma.fields.String(required=True, metadata={"enum": ["value", "hash", "drop"]})
    days = ma.fields.Integer(required=True, allow_none=True)


class SentEvidenceOut(ma.Schema):
    """What is sent with an act of one behaviour, and who may send it."""

    behaviour = ma.fields.String(required=True)
    title_zh = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)
    providers = ma.fields.List(ma.fields.String(), required=True)
    fields_ = ma.fields.List(ma.fields.Nested(SentFieldOut), data_key="fields", required=True)


class CollectedOut(ma.Schema):
    kinds = ma.fields.List(ma.fields.Nested(DataKindOut), required=True)
    evidence = ma.fields.List(ma.fields.Nested(SentEvidenceOut), required=True)


class ListedRecipientOut(ma.Schema):
    key = ma.fields.String(required=True)
    legal_name = ma.fields.String(required=True)
    contact = ma.fields.String(required=True)
    licence = ma.fields.String(required=True)


class SharedPurposeOut(ma.Schema):
    purpose = ma.fields.String(required=True)
    title_zh = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)
    version = ma.fields.String(required=True)
    notice = ma.fields.String(required=True, metadata={"description": "SHA-256 of the notice."})
    data = ma.fields.List(ma.fields.String(), required=True)
    keep_days = ma.fields.Integer(required=True)
    recipients = ma.fields.List(ma.fields.Nested(ListedRecipientOut), required=True)


class SharedPlatformOut(ma.Schema):
    code = ma.fields.String(required=True)
    title_zh = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)
    legal_name = ma.fields.String(required=True)
    version = ma.fields.String(required=True)
    purpose_zh = ma.fields.String(required=True)
    purpose_en = ma.fields.String(required=True)
    data = ma.fields.List(ma.fields.String(), required=True)
    months = ma.fields.Integer(required=True)


class ListedLookOut(ma.Schema):
    """Who sees something without a consent of its own."""

    code = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    title_zh = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)
    data = ma.fields.List(ma.fields.String(), required=True)
    basis_zh = ma.fields.String(required=True)
    basis_en = ma.fields.String(required=True)
    who = ma.fields.List(ma.fields.String(), required=True)


class SharedOut(ma.Schema):
    purposes = ma.fields.List(ma.fields.Nested(SharedPurposeOut), required=True)
    platforms = ma.fields.List(ma.fields.Nested(SharedPlatformOut), required=True)
    looks = ma.fields.List(ma.fields.Nested(ListedLookOut), required=True)


class RecommendationsOut(ma.Schema):
    made = ma.fields.Boolean(required=True)
    words_zh = ma.fields.String(required=True)
    words_en = ma.fields.String(required=True)


class ListsOut(ma.Schema):
    """What is collected and what is shared, from live configuration."""

    as_of = ma.fields.String(required=True)
    rulebook = ma.fields.String(required=True)
    privacy = ma.fields.String(required=True)
    collected = ma.fields.Nested(CollectedOut, required=True)
    shared = ma.fields.Nested(SharedOut, required=True)
    recommendations = ma.fields.Nested(RecommendationsOut, required=True)
