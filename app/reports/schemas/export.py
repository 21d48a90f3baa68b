"""The shape of everything about one resident; also what its readers can rely on.

A name that is not here may be there, too: what a later release keeps is told at once.
"""

from typing import Any

import marshmallow as ma

from app.plumbing import DecimalText, Whole


class ExportStepUpIn(ma.Schema):
    """A fresh one-time code beside the token."""

    class Meta:
        unknown = ma.EXCLUDE

    code = ma.fields.String(
        data_key="X-Step-Up-Code",
        load_default=None,
        validate=Whole(r"^[0-9]{4,8}$", error="A one-time code has 4 to 8 digits."),
        metadata={"description": "A fresh one-time code of one's number; production wants it."},
    )


class ExportQuery(ma.Schema):
    format = ma.fields.String(
        load_default="json",
        validate=ma.validate.OneOf(("json", "html")),
        metadata={"description": "html: a copy to be read."},
    )


class _Open(ma.Schema):
    """Members that are not named here may be there."""

    class Meta:
        unknown = ma.INCLUDE


def _text(**more: Any) -> ma.fields.String:
    return ma.fields.String(required=True, **more)


def _maybe() -> ma.fields.String:
    return ma.fields.String(required=True, allow_none=True)


def _rows(name: str, /, **fields: ma.fields.Field[Any]) -> ma.fields.List:
    """A list of objects with at least these members."""
    return ma.fields.List(
        ma.fields.Nested(_Open.from_dict(dict(fields), name=f"{name}Copy")), required=True
    )


def _points() -> DecimalText:
    return DecimalText(places=2, required=True)


class ProfileCopy(_Open):
    id = _text()
    status = _text()
    level = _text()
    phone = _maybe()
    phone_proven_at = _maybe()
    birth_year = ma.fields.Integer(required=True, allow_none=True)
    district = _maybe()
    opened_at = _text()
    closed_at = _maybe()
    earning_frozen = ma.fields.Boolean(required=True)
    spending_frozen = ma.fields.Boolean(required=True)


_Balance = _Open.from_dict(
    {name: _points() for name in ("available", "pending", "held", "debt")}
    | {"lots": _rows("Lot", expires_on=_text(), points=_points())},
    name="BalanceCopy",
)


class PointsCopy(_Open):
    balance = ma.fields.Nested(_Balance, required=True)
    entries = _rows(
        "Entry",
        id=_text(),
        at=_text(),
        code=_text(),
        pocket=_text(),
        amount=_points(),
        available_after=_points(),
        cause=_maybe(),
    )
    holds = _rows("Hold", id=_text(), points=_points(), open=_points(), status=_text())


_SCORE = {"reduction_g": DecimalText(places=3, required=True), "points": _points()}
_KEPT = {"name": _text(), "keep": _text(), "value": _maybe()}


class SectionsOut(_Open):
    """What each room keeps; further members are documented by their rooms."""

    profile = ma.fields.Nested(ProfileCopy, required=True)
    documents = _rows("Document", document=_text(), version=_text(), accepted_at=_text())
    sign_ins = _rows("SignIn", at=_text(), ended_at=_maybe())
    page_sessions = _rows("PageSession", began_at=_text(), ends_at=_text())
    points = ma.fields.Nested(PointsCopy, required=True)
    activities = _rows(
        "Activity",
        id=_text(),
        behaviour=_text(),
        provider=_text(),
        occurred_at=_text(),
        earned_on=_text(),
        due_on=_text(),
        recorded_at=_text(),
        status=_text(),
        reason=_maybe(),
        quantity=_maybe(),
        rulebook=_text(),
        evidence=_rows("Evidence", **_KEPT),
        history=_rows("Score", until=_text(), status=_text(), rulebook=_text(), **_SCORE),
        portions=_rows("Portion", earned_on=_text(), due_on=_text(), **_SCORE),
        reversal=ma.fields.Dict(required=True, allow_none=True),
        **_SCORE,
    )
    months = _rows("Month", behaviour=_text(), month=_text(), **_SCORE)
    claims = _rows("Claim", id=_text(), partner=_text(), reference=_text(), status=_text())
    payers = _rows("Payer", behaviour=_text(), partner=_text(), until=_maybe())
    disputes = _rows("Dispute", activity=_text(), opened_at=_text(), closed_at=_maybe())
    vouchers = _rows(
        "Voucher",
        id=_text(),
        benefit=_text(),
        status=_text(),
        points=_points(),
        issued_at=_text(),
        expires_on=_text(),
        licence=_maybe(),
        redemption=ma.fields.Dict(required=True, allow_none=True),
        history=_rows("Step", at=_text(), to=_text(), refused=_maybe(), by=_text()),
        codes=_rows("Code", kind=_text(), made_at=_text(), used_at=_maybe()),
    )
    account_codes = _rows("AccountCode", kind=_text(), made_at=_text(), used_at=_maybe())
    links = _rows("Link", id=_text(), partner=_text(), account=_text(), status=_text())
    bindings = _rows("Binding", id=_text(), provider=_text(), until=_maybe())
    consents = _rows("Consent", id=_text(), purpose=_text(), state=_text())
    refusals = _rows("Refusal", purpose=_text(), at=_text())
    disclosures = _rows("Disclosure", id=_text(), at=_text(), why=_text(), denied=_maybe())
    grades = _rows("Grade", quarter=_text(), version=ma.fields.Integer(required=True))
    let_in = _rows("LetIn", quarter=_text(), activity=_text())
    contested = ma.fields.List(ma.fields.String(), required=True)
    inquiries = _rows("Inquiry", id=_text(), at=_text())
    attestations = _rows("Attestation", id=_text(), issued_at=_text(), ended_at=_maybe())
    objections = _rows("Objection", id=_text(), kind=_text(), subject=_text(), status=_text())
    claim_secret_made_at = _maybe()
    exchanges = _rows("Exchange", id=_text(), partner=_text(), points=_points(), status=_text())


class ExportListsOut(ma.Schema):
    kinds = ma.fields.List(
        ma.fields.Dict(),
        required=True,
        metadata={"description": "As `collected.kinds` of `GET /v1/privacy/lists`."},
    )
    recommendations = ma.fields.Dict(required=True)


class ExportOut(ma.Schema):
    """Everything about one resident."""

    format = _text(metadata={"enum": ["weitan-export"]})
    version = ma.fields.Integer(required=True, metadata={"enum": [1]})
    made_at = _text()
    city = _text()
    rulebook = _text()
    resident = _text()
    sections = ma.fields.Nested(SectionsOut, required=True)
    lists = ma.fields.Nested(ExportListsOut, required=True)
    signature = _text(
        metadata={
            "description": "JWS of type weitan-export+jwt, by a key of /.well-known/jwks.json, "
            "over the head of this document and `sections_sha256`: SHA-256 (hex) of `sections` as "
            "JSON by RFC 8785 (keys sorted, no spaces, UTF-8)."
        }
    )
