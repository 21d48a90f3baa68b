"""Flask, SQL, JWT and OpenAPI tamed. Knows no room.

Owns the transaction (`Work`), the edges' manners (who calls, once or again, how a *no* looks), the
keys, and what both databases must do alike. What cannot happen here: a business rule.
"""

from app.plumbing.api import (
    Api,
    Blueprint,
    DecimalText,
    Whole,
    cacheable,
    takes,
    takes_forms,
    takes_large,
)
from app.plumbing.edge import operation
from app.plumbing.limits import takes_seldom
from app.plumbing.paging import Page, PageQuery, StatusQuery, bad_cursor, before_id, cursor, cut
from app.plumbing.work import Actor, House, Work, house

__all__ = [
    "Actor",
    "Api",
    "Blueprint",
    "DecimalText",
    "House",
    "Page",
    "PageQuery",
    "StatusQuery",
    "Whole",
    "Work",
    "bad_cursor",
    "before_id",
    "cacheable",
    "cursor",
    "cut",
    "house",
    "operation",
    "takes",
    "takes_forms",
    "takes_large",
    "takes_seldom",
]
