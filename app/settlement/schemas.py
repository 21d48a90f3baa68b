"""Wire shapes of settlement. Those of a party's own endpoints are made of its book's words: the
column of references, who pays, what totals are split by; operators see all books in one shape."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import marshmallow as ma

from app.plumbing import StatusQuery
from app.plumbing.api import DecimalText, Whole
from app.settlement.books import Book

MOST_LINES = 20_000
MERCHANT = "merchant"
_REFERENCE = Whole(r"\s*\S[\s\S]{0,199}")
_WORD = Whole(r"[a-z_]{1,20}")

Fields = dict[str, Any]
Shape = type[ma.Schema]


def _text(**more: Any) -> ma.fields.String:
    return ma.fields.String(required=True, **more)


def _texts(names: Iterable[str], **more: Any) -> Fields:
    return {name: _text(**more) for name in names}


def _list(of: Shape) -> ma.fields.List:
    return ma.fields.List(ma.fields.Nested(of), required=True)


def _sha256() -> ma.fields.String:
    return _text(metadata={"description": "Of the CSV, in hex."})


def _amount(**more: Any) -> DecimalText:
    return DecimalText(places=2, required=True, **more)


def _at(**more: Any) -> ma.fields.AwareDateTime:
    return ma.fields.AwareDateTime(required=True, format="iso", **more)


class SumOut(ma.Schema):
    count = ma.fields.Integer(required=True)
    amount = _amount()


class Wire(NamedTuple):
    """What the parties of one book get and send."""

    settlements: Shape
    settlement: Shape
    statement: Shape
    reconcile_in: Shape
    reconciled: Shape


def wire(book: Book, prefix: str = "") -> Wire:
    """The shapes of a book; `prefix` tells them from other books' in the OpenAPI document."""

    def shape(name: str, fields: Fields, base: Shape = ma.Schema) -> Shape:
        return base.from_dict(fields, name=f"{prefix}{name}")

    sums = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Nested(SumOut), required=True)
    split = {f"by_{column}": sums for column in ("kind", *book.shape.split)}
    totals = ma.fields.Nested(shape("FileTotalsOut", split, SumOut), required=True)
    summary = shape(
        "SettlementSummaryOut",
        {
            "day": ma.fields.Date(required=True),
            "totals": totals,
            "payouts": _list(shape("PayoutOut", _payout(_texts([book.payer])))),
            "sha256": _sha256(),
            "made_at": _at(),
        },
    )
    reference = book.shape.reference
    lines = _list(shape("LineOut", _line(book)))
    differences = _list(shape("DifferenceOut", _difference(_texts([reference]))))
    theirs = ma.fields.Nested(shape("TheirLineIn", _their_line(reference, book.kind), _Lenient))
    most = ma.validate.Length(max=MOST_LINES)
    return Wire(
        shape("SettlementsOut", _page(summary)),
        shape("SettlementOut", _file(book, lines, totals)),
        shape("StatementOut", _statement(summary, totals)),
        shape(
            "ReconcileIn",
            {"lines": ma.fields.List(theirs, validate=most), "csv": ma.fields.String()},
            _Lenient,
        ),
        shape("ReconciledOut", _reconciled(differences)),
    )


class _Lenient(ma.Schema):
    """What else a party's own file carries is not looked at."""

    class Meta:
        unknown = ma.EXCLUDE


def _page(of: Shape) -> Fields:
    return {"items": _list(of), "next_cursor": _text(allow_none=True)}


def _payout(payer: Fields) -> Fields:
    """What one payer pays for a file. `brought` came over from earlier ones."""
    return {
        "id": _text(),
        **payer,
        "amount": _amount(),
        "brought": _amount(),
        "status": _text(),
        "payable_on": ma.fields.Date(required=True),
        "transfer": _text(allow_none=True),
    }


def _line(book: Book) -> Fields:
    return {
        book.shape.reference: _text(),
        "kind": _text(),
        "at": _at(),
        "day": ma.fields.Date(required=True),
        "amount": _amount(),
        **_texts(book.shape.columns, allow_none=True),
    }


def _file(book: Book, lines: ma.fields.Field, totals: ma.fields.Field) -> Fields:
    """The file of a day. It never changes; corrections are lines of a later one."""
    return {
        "book": _text(),
        "party": _text(metadata={"description": f"The {book.party}'s code."}),
        "day": ma.fields.Date(required=True),
        "lines": lines,
        "totals": totals,
        "sha256": _sha256(),
    }


def _statement(summary: Shape, totals: ma.fields.Field) -> Fields:
    return {
        "month": _text(),
        "days": _list(summary),
        "totals": totals,
        "missing": ma.fields.List(
            ma.fields.Date(), required=True, metadata={"description": "Days over without a file."}
        ),
    }


def _their_line(reference: str, kind: str) -> Fields:
    word: Fields = {"load_default": None, "allow_none": True, "validate": _WORD}
    return {
        reference: _text(validate=_REFERENCE),
        "kind": ma.fields.String(**word, metadata={"description": f"{kind}, unless said."}),
        "status": ma.fields.String(**word),
        "amount": _text(validate=ma.validate.Length(max=20)),
    }


def _difference(reference: Fields) -> Fields:
    """One difference: long (they have it, we do not), short (we have it, they do not), amount,
    state or duplicate. `ours` and `theirs` are null where absent."""
    types = ma.validate.OneOf(("long", "short", "amount", "state", "duplicate"))
    return {
        "id": _text(),
        "day": ma.fields.Date(required=True),
        "type": _text(validate=types),
        **reference,
        "kind": _text(),
        "ours": _amount(allow_none=True),
        "theirs": _amount(allow_none=True),
        "status": _text(),
        "resolution": _text(allow_none=True),
        "found_at": _at(),
        "closed_at": _at(allow_none=True),
    }


def _reconciled(differences: ma.fields.Field) -> Fields:
    return {
        "day": ma.fields.Date(required=True),
        "matched": ma.fields.Boolean(required=True),
        "differences": differences,
        "counts": ma.fields.Dict(
            keys=ma.fields.String(), values=ma.fields.Integer(), required=True
        ),
    }


# Operators: all books, each told in its own words.


def _words(**names: str) -> Fields:
    return {
        name: ma.fields.String(metadata={"description": f"In the book `{book}` only."})
        for name, book in names.items()
    }


_WHOSE = _words(merchant="merchant", partner="partner")
_DAY = {"day": ma.fields.Date(required=True)}
_REFERENCES = _words(redemption="merchant", exchange="partner")
_PAYERS = _words(funder="merchant", payer="partner")
BookedDifferenceOut = ma.Schema.from_dict(
    _difference(_REFERENCES) | _WHOSE, name="BookedDifferenceOut"
)
BookedPayoutOut = ma.Schema.from_dict(_payout(_PAYERS) | _WHOSE | _DAY, name="BookedPayoutOut")
DifferencesOut = ma.Schema.from_dict(_page(BookedDifferenceOut), name="DifferencesOut")
PayoutsOut = ma.Schema.from_dict(_page(BookedPayoutOut), name="PayoutsOut")


class BookQuery(StatusQuery):
    """A page of one book."""

    book = ma.fields.String(
        load_default=MERCHANT, metadata={"description": "`merchant` or `partner`."}
    )

    @ma.post_load
    def to_page(self, data: dict[str, Any], **kwargs: Any) -> Any:
        return {"book": data["book"], **super().to_page(data, **kwargs)}


class DifferencesQuery(BookQuery):
    status = ma.fields.String(load_default=None, validate=ma.validate.OneOf(("open", "closed")))


class PayoutsQuery(BookQuery):
    status = ma.fields.String(
        load_default="due",
        validate=ma.validate.OneOf(("due", "held", "paid", "carried", "netted")),
    )
