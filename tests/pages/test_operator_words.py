"""Changes in the officers' words: every shape in which the API names one."""

import pytest
from flask import g

from app.pages.operator import forms, wording
from tests.pages.readers import reading

CASES = {
    "device at less_is_more": ("alert_closing", "open", "closed"),
    "note": ("alert_closing", None, "A family."),
    "long rdm_01": ("difference_resolution", "open", "closed: ours"),
    "owed to the partner": ("difference_resolution", "0.00", "12.50"),
    "8.00 yuan to less_is_more": ("payout_payment", "due", "paid: T 1"),
    "8.00 points to the city": ("payout_payment", "due", "paid: T 1"),
    "2.00 points to unionpay": ("exchange_correction", "confirmed", "corrected"),
    "2.00 points from unionpay": ("exchange_correction", "confirmed", "corrected"),
    "the partner's reference": ("exchange_correction", "x-1", "x-1"),
    "objection obj_01": ("objection_upheld", "open", "upheld"),
    "points of act_01": ("objection_upheld", "8.00", "0.00"),
    "grams of act_01": ("objection_upheld", "80.000", "0.000"),
    "grade of 2026Q3": ("objection_upheld", "light", "computed again with 2 late acts"),
    "answer of inq_01": ("objection_upheld", "valid", "withdrawn"),
    "remedy": ("objection_upheld", None, "reverse"),
    "answer": ("objection_upheld", None, "You are right."),
    "e_book.stock_total": ("benefit_stock", "20", "1520"),
    "e_book.paused": ("benefit_pause", "false", "true"),
    "less_is_more.state": ("merchant_suspension", "live", "suspended"),
    "less_is_more.stores.main": ("store_opening", None, "Main, 环翠区, 1 Sea Road"),
    "less_is_more.stores.main.state": ("store_closing", "open", "closed"),
    "stores.main": ("merchant_onboarding", None, "Main, 环翠区, 1 Sea Road"),
    "checks": ("merchant_onboarding", None, "licence, store_location"),
    "licence_no": ("merchant_onboarding", None, "******3456"),
    "state": ("merchant_onboarding", None, "live"),
}
TOLD = {
    "device at less_is_more": ("Many residents on one phone: The café", "Open", "Closed"),
    "note": ("Note", "", "A family."),
    "long rdm_01": ("They have it, we do not: rdm_01", "Open", "Closed: Our count stands"),
    "owed to the partner": ("Owed to the partner", "0", "12.5"),
    "8.00 yuan to less_is_more": ("¥8.00 to The café", "To be paid", "Paid, transfer T 1"),
    "8.00 points to the city": ("8 points to the city", "To be paid", "Paid, transfer T 1"),
    "points of act_01": ("Points of the act", "8", "0"),
    "grams of act_01": ("Carbon of the act", "80 g", "0 g"),
    "grade of 2026Q3": ("Grade of Q3 2026", "Light green", "Computed again with 2 late acts"),
    "answer of inq_01": ("Answer to the bank", "Valid", "Take the answer back"),
    "remedy": ("What is done", "", "Take the record back"),
    "e_book.stock_total": ("Stock in all: e_book", "20", "1,520"),
    "e_book.paused": ("Paused: e_book", "no", "yes"),
    "less_is_more.state": ("State: The café", "Open for business", "Suspended"),
    "less_is_more.stores.main.state": ("Store main", "Open", "Closed"),
    "checks": ("Checked", "", "Business licence · Place of the stores"),
}
CHINESE = ("answer", "note", "the partner's reference")


def told(field: str, language: str) -> wording.Row:
    kind, before, after = CASES[field]
    change = {"field": field, "before": before, "after": after}
    with reading(language):
        g.operator_names = {"less_is_more": "The café"}
        (found,) = wording.rows({"kind": kind, "difference": [change]}, {"light": "Light green"})
    return found


@pytest.mark.parametrize("field", TOLD)
def test_a_change_is_told_in_words(field: str) -> None:
    assert told(field, "en") == TOLD[field]


@pytest.mark.parametrize("field", CASES)
def test_no_name_is_told_as_it_is_written_in_the_code(field: str) -> None:
    name = told(field, "zh").name
    assert name != field
    assert any("\u4e00" <= letter <= "\u9fff" for letter in name), name


def test_a_name_of_another_shape_is_still_told() -> None:
    with reading("en"):
        change = {"field": "tax_number", "before": None, "after": "7"}
        assert wording.rows({"kind": "new", "difference": [change]}, {}) == [
            ("tax number", "", "7")
        ]


def test_a_payload_is_put_together_by_the_names_of_its_inputs() -> None:
    form = forms.FORMS["merchant_onboarding"]
    typed = {"code": " sea ", "stores.0.code": "main", "stores.0.name": "Main", "name_en": ""}
    assert forms.payload(form, typed | {"checks.licence": "yes"}) == {
        "code": "sea",
        "stores": [{"code": "main", "name": "Main"}],
        "checks": {"licence": True},
    }
    stock = forms.FORMS["benefit_stock"]
    assert forms.payload(stock, {"extra": "20"}) == {"extra": 20}
    assert forms.payload(stock, {"extra": "a few"}) == {"extra": "a few"}
    upheld = forms.FORMS["objection_upheld"]
    assert forms.payload(upheld, {"admit": "act_1 act_2"}) == {"admit": ["act_1", "act_2"]}


def test_a_fault_is_found_at_its_input() -> None:
    errors = [{"pointer": "/payload/stores/0/code", "code": "invalid"}, {"pointer": "/reason"}]
    found = forms.pointed({"code": "bad_payload", "errors": errors})["errors"]
    assert [each["pointer"] for each in found] == ["/stores.0.code", "/reason"]
