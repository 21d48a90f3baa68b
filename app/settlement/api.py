"""A party's own endpoints, made for each book; and the operators' view of all of them."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

from flask import Response, request

from app import clearing, identity
from app.kernel import Invalid, NotFound
from app.plumbing import (
    Blueprint,
    Page,
    PageQuery,
    Work,
    house,
    operation,
    takes,
    takes_large,
)
from app.settlement import service
from app.settlement.books import Book, Books
from app.settlement.schemas import (
    DifferencesOut,
    DifferencesQuery,
    PayoutsOut,
    PayoutsQuery,
    Wire,
)

blp = Blueprint("settlement", __name__, description="Differences and payouts, for operators")
blueprints = [blp]
_LAST_DAY = date(2199, 12, 31)  # like that of any list: there is always a day after

Party = Callable[[Work], str]


def desk(
    book: Book, wire: Wire, party: Party, *, name: str, description: str, root: str, scope: str
) -> Blueprint:
    """The endpoints of a book's parties under `root`: files, a file, reconciling.

    `party(work)` says whose books the caller may read, or refuses.
    """
    made = Blueprint(name, __name__, description=description)
    takes(f"{name}.reconcile", "text/csv")
    takes_large(f"{name}.reconcile", "activities_bytes")

    @made.get(f"{root}/settlements")
    @operation(scope)
    @made.arguments(PageQuery, location="query")
    @made.response(200, wire.settlements)
    def get_settlements(work: Work, page: Page) -> dict[str, Any]:
        """The files of our days, newest first: totals, hashes, and who pays what when."""
        return service.files(work, book, party(work), page)

    @made.get(f"{root}/settlements/<day>")
    @operation(scope)
    @made.response(200, wire.settlement)
    def get_settlement(work: Work, day: str) -> Response:
        """The file of a day, JSON or (Accept: text/csv, or ?format=csv) CSV; it never changes."""
        return _file(work, book, party(work), _day(day))

    @made.post(f"{root}/settlements/<day>/reconcile")
    @operation(scope, writes=True)
    @made.arguments(wire.reconcile_in)
    @made.response(200, wire.reconciled)
    @made.alt_response(409, description="Too late to dispute")
    def reconcile(work: Work, body: dict[str, Any], day: str) -> dict[str, Any]:
        """Our file of a day against theirs. Sent again, the same file gives the same answer."""
        said = {"csv": _text()} if request.mimetype == "text/csv" else body
        whose, which = party(work), _day(day)
        return service.reconcile(work, book, whose, which, service.their_items(book, said))

    return made


def statements(
    made: Blueprint,
    book: Book,
    wire: Wire,
    party: Party,
    begins: Callable[[Work, str], date | None],
    *,
    root: str,
    scope: str,
) -> None:
    """Add the statements of months to a desk; `begins` says from which day on a party has files."""

    @made.get(f"{root}/statements/<month>")
    @operation(scope)
    @made.response(200, wire.statement)
    def get_statement(work: Work, month: str) -> dict[str, Any]:
        """Our statement of a month (YYYY-MM)."""
        whose = party(work)
        return service.statement(work, book, whose, _day(f"{month}-01"), begins(work, whose))


def _day(text: str) -> date:
    with suppress(ValueError):
        found = date.fromisoformat(text)
        if found <= _LAST_DAY:
            return found
    raise NotFound("not_closed", "A day is written YYYY-MM-DD, a month YYYY-MM.")


def _file(work: Work, book: Book, party: str, day: date) -> Response:
    found = clearing.file(work, book.name, party, day)
    best = request.accept_mimetypes.best_match(["application/json", "text/csv"])
    wanted = request.args.get("format") or ("csv" if best == "text/csv" else "json")
    kind = "csv" if wanted == "csv" else "json"
    digest = found.sha256 if kind == "csv" else found.json_sha256
    mimetype = "text/csv" if kind == "csv" else "application/json"
    answer = Response(clearing.content(work, found.id, kind), mimetype=mimetype)
    answer.set_etag(digest.hex())
    answer.headers["X-Content-SHA256"] = digest.hex()
    answer.cache_control.private = True
    return answer.make_conditional(request)  # type: ignore[return-value]  # it is this response


def _text() -> str:
    try:
        return request.get_data().decode("utf-8")
    except UnicodeDecodeError:
        raise Invalid("bad_file", "The file is not UTF-8.") from None


# Operators.


def _book(work: Work, name: str) -> Book:
    identity.acting_client(work)
    books: Books = house().ports["books"]
    if name not in books:
        known = f"One of {', '.join(sorted(books))}."
        fault = {"pointer": "/query/book", "code": "invalid", "detail": known}
        raise Invalid("unknown_book", "There is no such book.", errors=[fault])
    return books[name]


@blp.get("/v1/differences")
@operation("operator")
@blp.arguments(DifferencesQuery, location="query")
@blp.response(200, DifferencesOut)
def get_differences(work: Work, query: dict[str, Any]) -> dict[str, Any]:
    """What parties count otherwise. Closing takes two: approval `difference_resolution`."""
    book = _book(work, query["book"])
    items, after = clearing.differences(work, book.name, None, query["status"], query["page"])
    found = [service.difference(work, book, each) for each in items]
    return {"items": found, "next_cursor": after}


@blp.get("/v1/payouts")
@operation("operator")
@blp.arguments(PayoutsQuery, location="query")
@blp.response(200, PayoutsOut)
def get_payouts(work: Work, query: dict[str, Any]) -> dict[str, Any]:
    """What is to be paid. Paid takes two: approval `payout_payment`."""
    book = _book(work, query["book"])
    items, after = clearing.payouts_in(work, book.name, query["status"], query["page"])
    return {"items": [service.payout(book, each) for each in items], "next_cursor": after}
