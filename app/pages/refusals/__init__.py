"""What people are told when the API says no: what is the matter, and what to do next.

The API's problems are for programmers. Here each stable code has a sentence for whoever stands in
front of the page; the figures of the problem are filled in where it has any.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel.speaklater import LazyString

from app.pages.refusals import desks, everybody, residents
from app.pages.refusals.figures import (
    ANYTHING,
    ANYTHING_NUMBERED,
    FAULTS,
    FIGURES,
    MINUTES,
    NAMED,
    PATIENCE,
    SECONDS,
    WRONG,
)

__all__ = ["SENTENCES", "faults", "sentence"]

SENTENCES: Mapping[str, LazyString] = {
    **everybody.SENTENCES,
    **residents.SENTENCES,
    **desks.SENTENCES,
}
_LONG = 120  # seconds from which on minutes are told


def sentence(problem: Mapping[str, Any]) -> str:
    """A problem document in one or two sentences, in the visitor's language.

    `retry_after` (seconds, as in the header `Retry-After`) may stand in it beside the members of
    the API. Of a code that is not known here the request's number is told.
    """
    code = str(problem.get("code", ""))
    return _with_figures(code, problem) or _plain(code, problem)


def _plain(code: str, problem: Mapping[str, Any]) -> str:
    known = SENTENCES.get(code)
    if known is not None:
        return str(known)
    number = str(problem.get("request_id") or "")
    return str(ANYTHING_NUMBERED) % {"request_id": number} if number else str(ANYTHING)


def _with_figures(code: str, problem: Mapping[str, Any]) -> str:
    """The sentence that says more than the code alone, "" where the problem does not."""
    if code in PATIENCE and str(problem.get("retry_after", "")).isdecimal():
        return _wait(int(problem["retry_after"]))
    if code in NAMED:
        member, names = NAMED[code]
        return str(names.get(str(problem.get(member)), ""))
    if code in FIGURES:
        member, words = FIGURES[code]
        return str(words) % {member: problem[member]} if problem.get(member) else ""
    return ""


def _wait(seconds: int) -> str:
    if seconds < _LONG:
        return str(SECONDS) % {"seconds": max(1, seconds)}
    return str(MINUTES) % {"minutes": -(-seconds // 60)}


def faults(problem: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with which field of a form, by the last step of its pointer (`/phone`)."""
    found: dict[str, str] = {}
    for each in problem.get("errors") or ():
        name = str(each.get("pointer", "")).rpartition("/")[2]
        code = str(each.get("code", ""))
        words = FAULTS.get(code) or (None if code == "invalid" else SENTENCES.get(code))
        found.setdefault(name, str(WRONG if words is None else words))
    return found
