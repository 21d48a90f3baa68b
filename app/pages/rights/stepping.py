"""One more proof that it is you: where the API wants a code, it is sent, and the form asks for it.

A form that may need one draws `step` (the macro `code` of `rights/stepping.html`), and its view
gives `given()` to the API.
"""

from typing import Any

from flask import request

from app.pages.asking import Answer, post
from app.pages.screens import field

_WANTED, _WRONG = "step_up_required", "wrong_code"


def given() -> str | None:
    """The code that was typed."""
    return field("code")


def again() -> bool:
    """Whether the form was sent for another code only."""
    return request.form.get("step") == "send"


def sent() -> dict[str, Any]:
    """Send a code to one's own number: what the form shows then."""
    answer = post("/v1/me/step-up")
    return {"step": answer.body} if answer.good else {"step": {}, "problem": answer.body}


def told(answer: Answer) -> dict[str, Any]:
    """What a form shows of a *no*: the field for a code where that is what is missing."""
    if answer.code == _WANTED:
        return sent()
    found: dict[str, Any] = {"problem": answer.body}
    return found | {"step": {}} if answer.code == _WRONG else found
