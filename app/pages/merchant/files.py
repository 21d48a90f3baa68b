"""Files of the days: what the city owes, to look at, to take along, and to compare with our own."""

from datetime import date, timedelta
from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from app.pages.asking import ask
from app.pages.language import in_words
from app.pages.merchant.around import blp, names, seen, told
from app.pages.screens import shown
from app.pages.showing import today
from app.plumbing import takes_large

takes_large("pages.merchant.reconcile", "activities_bytes")


@blp.get("/settlements")
def settlements() -> Response:
    """The days, the newest first, and the statements of months."""
    found = seen("/v1/settlements", cursor=request.args.get("cursor"), limit=31)
    this = today().replace(day=1)
    months = [f"{each:%Y-%m}" for each in (this, this - timedelta(days=1))]
    return shown("merchant/settlements.html", found=found, months=months)


@blp.get("/settlements/<day>")
def settlement(day: str) -> Response:
    """One day: its sums, its lines, its fingerprint."""
    return _day(day)


def _day(day: str, **more: Any) -> Response:
    found = seen(f"/v1/settlements/{day}")
    return shown("merchant/settlement.html", found=found, **_titles(), **more)


def _titles() -> dict[str, dict[str, str]]:
    known = names()
    return {
        "benefits": {code: in_words(each) for code, each in known.items()},
        "funders": {each["funder"]: in_words(each, "funder") for each in known.values()},
    }


@blp.get("/settlements/<day>/file.csv")
def settlement_file(day: str) -> Response:
    """The file itself, byte for byte, to keep."""
    answer = ask("GET", f"/v1/settlements/{day}", format="csv")
    made = Response(told(answer), mimetype="text/csv")
    name = f"settlement-{date.fromisoformat(day)}.csv"
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    made.headers["X-Content-SHA256"] = answer.headers["X-Content-SHA256"]
    return made


@blp.post("/settlements/<day>/reconcile")
def reconcile(day: str) -> Response:
    """Our file of a day against theirs. Sent again, the same file gives the same answer."""
    sent = request.files.get("file")
    try:
        text = sent.stream.read().decode("utf-8-sig") if sent and sent.filename else None
    except UnicodeDecodeError:
        return _day(day, unread=_("The file is not UTF-8. Save it as CSV in UTF-8."))
    answer = ask("POST", f"/v1/settlements/{day}/reconcile", {} if text is None else {"csv": text})
    if not answer.good:
        return _day(day, problem=answer.body)
    return _day(day, compared=answer.body)


@blp.get("/statements/<month>")
def statement(month: str) -> Response:
    """A month in one page, to print."""
    return shown("merchant/statement.html", found=seen(f"/v1/statements/{month}"), **_titles())
