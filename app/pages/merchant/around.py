"""The blueprint of the merchant's pages; only whoever is signed in as one comes in."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response

from app.pages.asking import Answer, Trouble, ask, get
from app.pages.screens import guard, shown

blp = Blueprint("merchant", __name__, url_prefix="/shop")
guard(blp, "merchant")


class NotHere(Trouble):
    """Whoever stands at this counter may not see this; the office may."""


def told(answer: Answer) -> Any:
    """The body of a good answer. Raises Trouble; NotHere for what is another's to see."""
    if answer.status == HTTPStatus.FORBIDDEN:
        raise NotHere(answer)
    if not answer.good:
        raise Trouble(answer)
    return answer.body


def seen(path: str, **query: Any) -> Any:
    """The body of a GET. Raises as `told`."""
    return told(ask("GET", path, **query))


def names() -> dict[str, dict[str, Any]]:
    """Benefits on offer by their codes, to name them and who pays for them."""
    return {each["id"]: each for each in get("/v1/benefits")["items"]}


@blp.errorhandler(NotHere)
def _tell(error: NotHere) -> Response:
    return shown("merchant/not_here.html", problem=error.answer.body)
