"""The folders `credit/products` and `credit/banks`: a file each → `Product`, `Bank`. A table in
which a better grade or factor gets less, or anything more than the hard ceilings, is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain, pairwise
from typing import cast

from app.rulebook.credit import STANDARD, Bank, Product, Relief, Row, row_of, rows_text
from app.rulebook.model import Parameter
from app.rulebook.parameters import read_parameter, refuse_one_approver
from app.rulebook.reading import Table
from app.rulebook.vocabulary import (
    BANK_USES,
    MOST_DISCOUNT,
    MOST_FACTOR,
    MOST_UPLIFT,
    RELIEFS,
)

_UNITS = ("terms",)
_WHO = ("legal_name", "contact", "licence")
Grades = tuple[str, ...]  # their codes, rising


def read_product(table: Table, code: str) -> Product:
    """The product of one file; faults are noted in the table's list."""
    product = Product(
        code=code,
        title_zh=table.text("title_zh"),
        title_en=table.text("title_en"),
        words_zh=table.text("words_zh"),
        words_en=table.text("words_en"),
        use_zh=table.text("use_zh"),
        use_en=table.text("use_en"),
        purposes=table.words("purposes", BANK_USES),
        notes=table.words("notes"),
    )
    table.done()
    if not product.purposes:
        table.wrong("purposes", "names no purpose")
    return product


def read_bank(table: Table, code: str, grades: Grades, products: Mapping[str, Product]) -> Bank:
    """The bank of one file, with its tables; that of `standard` names nobody."""
    said = {} if code == STANDARD else {name: table.text(name) for name in _WHO}
    bank = Bank(
        code=code,
        title_zh=table.text("title_zh"),
        title_en=table.text("title_en"),
        notes=table.words("notes"),
        tables={inner.name: _table(inner, grades) for inner in table.tables("tables")},
        **said,
    )
    table.done()
    for product in bank.tables.keys() - products.keys():
        table.wrong(f"tables.{product}", f"there is no credit/products/{product}.toml")
    if code != STANDARD and not bank.tables:
        table.wrong("tables", "names no product")
    for product in products.keys() - bank.tables.keys() if code == STANDARD else ():
        table.wrong(f"tables.{product}", "missing, the city proposes terms for every product")
    return bank


def _table(table: Table, grades: Grades) -> Parameter:
    rows = read_parameter(table, table.name, _UNITS, _rows(grades))
    refuse_one_approver(table, rows)
    return rows


def _rows(grades: Grades) -> Callable[[Table], str]:
    """The way of reading a value that is a table: a row for a grade from a factor on."""

    def way(entry: Table) -> str:
        rows = entry.rows("value", required=True)
        found = tuple(_row(row, grades) for row in rows)
        if entry.has("value") and not found:
            entry.wrong("value", "is empty")
        twice = [row[:2] for row in found if [each[:2] for each in found].count(row[:2]) > 1]
        if twice:
            entry.wrong("value", "{} from {} stands twice".format(*twice[0]))
        for worse in _worse(found, grades):
            entry.wrong("value", worse)
        return rows_text(found)

    return way


def _row(table: Table, grades: Grades) -> Row:
    row = Row(
        grade=table.word("grade", grades),
        factor=table.whole("factor", 0, MOST_FACTOR),
        uplift_pct=table.whole("uplift_pct", 0, MOST_UPLIFT),
        discount_bp=table.whole("discount_bp", 0, MOST_DISCOUNT),
        guarantee=cast(Relief, table.word("guarantee", RELIEFS)),
    )
    table.done()
    return row


def _worse(rows: tuple[Row, ...], grades: Grades) -> Iterator[str]:
    """Where a better grade, or a better factor, gets less than the one before it."""
    factors = sorted({0, *(row.factor for row in rows)})
    ways = [[(grade, factor) for factor in factors] for grade in grades]
    ways += [[(grade, factor) for grade in grades] for factor in factors]
    for before, after in chain.from_iterable(pairwise(way) for way in ways):
        less, more = _worth(row_of(rows, *before)), _worth(row_of(rows, *after))
        for name in less:
            if more[name] < less[name]:
                yield "{} from {} has less {} than {} from {}".format(*after, name, *before)


def _worth(row: Row) -> dict[str, int]:
    return {
        "uplift_pct": row.uplift_pct,
        "discount_bp": row.discount_bp,
        "guarantee": RELIEFS.index(row.guarantee) if row.guarantee in RELIEFS else 0,
    }
