"""Every code of a closed set that pages show has a name, in both languages."""

import json
import re
from functools import cache
from typing import Any

import pytest

from app.pages.labels import KINDS, label
from tests.contract.document import COMMITTED
from tests.pages.readers import reading
from tests.pages.vocabularies import SETS, caps

CJK = re.compile(r"[\u4e00-\u9fff]")
CODE = re.compile(r"\b[a-z]+(?:_[a-z]+)*\b")

# Enumerations of the OpenAPI document, by `Schema.member`, and the kind their codes have here.
WIRE = {
    "ActivityOut.status": "act_status",
    "ApprovalOut.status": "approval",
    "AttestationOut.claims": "claim",
    "AttestationOut.state": "attestation",
    "BehaviourOut.confidence": "confidence",
    "BenefitOut.kind": "benefit_kind",
    "BookedDifferenceOut.type": "difference_desk",
    "CapOut.confidence": "confidence",
    "CaseOut.kind": "objection_kind",
    "CaseOut.status": "objection",
    "CaseOut.wish": "wish",
    "ConsentOut.state": "consent",
    "DataKeepOut.since": "kept_from",
    "DataKindOut.class": "data_class",
    "DeliveryOut.status": "delivery",
    "DifferenceOut.type": "difference",
    "ExchangeIn.direction": "direction",
    "ExchangeOut.status": "exchange",
    "FieldOut.keep": "keep",
    "GivenOut.class": "data_class",
    "GradeOut.status": "grade_status",
    "KeptOut.keep": "keep",
    "LinkOut.ended_by": "ended_by",
    "LinkOut.status": "link",
    "LinkedBehaviourOut.level": "level",
    "LinkedBehaviourOut.source": "source",
    "LoanOutcomeOut.decided": "decision",
    "MerchantOut.status": "merchant",
    "OfferIn.channel": "channel",
    "OfferIn.guarantee": "guarantee",
    "OfficerAnswerOut.remedy": "remedy",
    "OutcomeIn.decided": "decision",
    "OutcomeIn.guarantee": "guarantee",
    "OwnOut.role": "role",
    "PartnerDifferenceOut.type": "difference",
    "PartnerExchangeOut.status": "exchange",
    "PartnerLinkOut.status": "link",
    "PartnerLinkOut.behaviours": "level",
    "PayerIn.payer": "payer",
    "ProfileOut.level": "person_level",
    "RecognisedOut.level": "level",
    "RedemptionOut.status": "redemption",
    "ReportedOut.status": "act_status",
    "ResultOut.state": "act_status",
    "ResultOut.status": "act_status",
    "RouteOut.state": "route",
    "SentFieldOut.keep": "keep",
    "StoreOut.status": "store",
    "TableRowOut.guarantee": "relief",
    "TermsOut.guarantee": "guarantee",
    "ValueOut.confidence": "confidence",
    "VoucherOut.status": "voucher",
    "/v1/alerts.status": "difference_state",
    "/v1/differences.status": "difference_state",
    "/v1/me/reductions.by": "by",
    "/v1/payouts.status": "payout",
}
# What no page shows: forms of requests, and answers to programs.
UNSEEN = {
    *("ClaimOut.status", "ClaimReversalOut.status", "TotalTakenOut.status", "UndoneOut.status"),
    *("ExportOut.format", "ExportOut.version", "/v1/me/export.format"),
    *("TokenIn.client_assertion_type", "TokenIn.grant_type"),
}
# Codes of the API's own words, in the description of a member.
DESCRIBED = {
    ("TermsOut", "bound_by"): "bound_by",
    ("VerdictOut", "reason"): "verdict",
    ("VerdictOut", "status"): "status",
    ("GradeOut", "quality"): "quality",
}
_PROSE = {"what", "cut", "something", "first", "null", "for", "a", "valid", "one", "or", "how"}
_PROSE |= {"sure", "the", "sources", "are"}


@cache
def document() -> dict[str, Any]:
    return json.loads(COMMITTED.read_text(encoding="utf-8"))


def enumerations() -> dict[str, set[str]]:
    """`Schema.member` or `/path.parameter` → its codes."""
    found: dict[str, set[str]] = {}
    for name, schema in document()["components"]["schemas"].items():
        for member, shape in schema.get("properties", {}).items():
            _note(found, f"{name}.{member}", shape)
    for path, methods in document()["paths"].items():
        for node in methods.values():
            for each in node.get("parameters", []) if isinstance(node, dict) else []:
                _note(found, f"{path}.{each.get('name')}", each.get("schema", {}))
    return found


def _note(found: dict[str, set[str]], name: str, shape: dict[str, Any]) -> None:
    for each in (shape, shape.get("items", {}), shape.get("additionalProperties", {})):
        if isinstance(each, dict) and "enum" in each:
            found[name] = {str(code) for code in each["enum"] if code is not None}


def kind_of(name: str, codes: set[str]) -> str | None:
    """The kind of an enumeration. One that repeats another's codes by the same name, or has
    exactly those of a kind, needs no line of its own."""
    if name in WIRE:
        return WIRE[name]
    member = name.rpartition(".")[2]
    same = (kind for other, kind in WIRE.items() if other.endswith(f".{member}"))
    alike = (kind for kind, table in KINDS.items() if table.keys() == codes)
    return next((each for each in (*same, *alike) if codes <= KINDS[each].keys()), None)


def test_every_enumeration_of_the_api_has_labels() -> None:
    found = enumerations()
    homeless = {n for n, codes in found.items() if n not in UNSEEN and not kind_of(n, codes)}
    lacking = {
        f"{name}: {code}"
        for name, codes in found.items()
        if name not in UNSEEN | homeless
        for code in codes - KINDS[kind_of(name, codes) or ""].keys()
    }

    assert sorted(homeless) == []
    assert sorted(lacking) == []
    assert sorted((WIRE.keys() | UNSEEN) - found.keys()) == []


@pytest.mark.parametrize("place", DESCRIBED)
def test_codes_that_the_document_describes_have_labels(place: tuple[str, str]) -> None:
    schema, member = place
    text = document()["components"]["schemas"][schema]["properties"][member]["description"]
    codes = {*CODE.findall(text.lower())} - _PROSE

    # A code may be a word of the prose, too.
    assert codes <= KINDS[DESCRIBED[place]].keys()
    assert KINDS[DESCRIBED[place]].keys() <= codes | _PROSE


@pytest.mark.parametrize("name", SETS)
def test_every_code_of_a_set_has_a_label(name: str) -> None:
    kind, codes = SETS[name]
    found = {*codes()}

    assert found
    assert sorted(found - KINDS[kind].keys()) == []


def test_caps_are_told_in_words() -> None:
    with reading("en"):
        assert label("reason", "per_day_km") == "Daily limit: km"
        assert label("reason", "per_day_kg_steel_aluminium") == "Daily limit: kg of steel/aluminium"
    with reading("zh"):
        assert label("reason", "per_month_kwh") == "每月上限（千瓦时）"
        told = [label("reason", name) for name in sorted(caps())]

    assert not [each for each in told if re.search("[a-z_]", each)]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_labels_are_short_and_in_both_languages(kind: str) -> None:
    for code in KINDS[kind]:
        with reading("en"):
            english = label(kind, code)
        with reading("zh"):
            chinese = label(kind, code)

        assert english
        assert not CJK.search(english)
        assert CJK.search(chinese) or chinese == english == "%"


def test_a_code_without_a_label_is_shown_readable() -> None:
    with reading("zh"):
        assert label("voucher", "turned_to_gold") == "turned to gold"
        assert label("unit", "gCO2/trip") == "gCO2/trip"
        assert label("voucher", None) == label("voucher", "") == ""
        assert label("choice", True) == "是"
        with pytest.raises(KeyError):
            label("vuocher", "issued")
