"""Names that other answers of the API have for codes: in the visitor's language, by code."""

from app.pages import language
from app.pages.asking import get


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


def partners() -> dict[str, str]:
    """Of partner platforms."""
    return _named("/v1/partners", "items", "code")


def _named(path: str, rows: str, code: str, title: str = "title") -> dict[str, str]:
    return {each[code]: language.in_words(each, title) for each in get(path)[rows]}
