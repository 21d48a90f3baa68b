"""Names that other answers of the API have for codes: in the visitor's language, by code."""

from typing import Any

from flask import g

from app.pages import language
from app.pages.asking import get

_MOST = 200


def grades() -> dict[str, str]:
    """Of grades."""
    return _named("/v1/credit/scorecard", "grades", "code")


def behaviours() -> dict[str, str]:
    """Of what earns."""
    return _named("/v1/behaviours", "items", "code")


def benefits() -> dict[str, str]:
    """Of what is on offer."""
    return _named("/v1/benefits", "items", "id")


def funders() -> dict[str, str]:
    """Of those who pay for what is on offer."""
    return _named("/v1/benefits", "items", "funder", "funder")


def name_of(code: str) -> str:
    """The name of a merchant, funder, partner or benefit; the code itself where none is known."""
    if "operator_names" not in g:
        g.operator_names = _everybody()
    return str(g.operator_names.get(code, code))


def _everybody() -> dict[str, str]:
    merchants = get("/v1/merchants", limit=_MOST)["items"]
    shops = {each["code"]: _merchant(each) for each in merchants}
    offers = get("/v1/benefits")["items"]
    given = {each["id"]: language.in_words(each) for each in offers}
    payers = {each["funder"]: language.in_words(each, "funder") for each in offers}
    return given | payers | _named("/v1/partners", "items", "code") | shops


def _merchant(found: dict[str, Any]) -> str:
    return language.in_words({"name_zh": found["name"], "name_en": found["name_en"]}, "name")


def _named(path: str, rows: str, code: str, title: str = "title") -> dict[str, str]:
    return {each[code]: language.in_words(each, title) for each in get(path)[rows]}
