"""What everybody may know: products and tables, what they make of an offer, the scorecard."""

from typing import Any

from flask import Response, request

from app.pages.asking import get, post
from app.pages.bank import typed
from app.pages.bank.around import CITYS_OWN, USUAL, blp, gains, grades
from app.pages.charts import shares
from app.pages.language import in_words
from app.pages.screens import shown, whole
from app.pages.showing import plain


@blp.get("/products")
def products() -> Response:
    """The city's products, and what our table gives for each."""
    return shown("bank/products.html", found=get("/v1/credit/products"), grades=grades())


@blp.get("/calculator")
def calculator() -> Response:
    """What our table makes of an offer, for any grade and factor; nobody's data."""
    rows = get("/v1/credit/products")["items"]
    filled = request.args.to_dict() if "amount" in request.args else USUAL
    told = {"products": rows, "grades": grades(), "typed": filled}
    if "amount" not in request.args:
        return shown("bank/calculator.html", **told)
    answer = post("/v1/credit/calculations", _calculation(rows))
    if not answer.good:
        return shown("bank/calculator.html", **told, problem=answer.body)
    better = gains(answer.body["without"], answer.body["with"])
    return shown("bank/calculator.html", **told, result=answer.body, gains=better)


def _calculation(rows: list[dict[str, Any]]) -> dict[str, Any]:
    asked = request.args
    tables = {each["code"]: (each["table"] or {}).get("bank") for each in rows}
    bank, grade = tables.get(asked.get("product", "")), asked.get("grade") or None
    return {
        "bank": None if bank == CITYS_OWN else bank,
        "product": asked.get("product"),
        "grade": grade,
        "factor": whole(asked.get("factor", "").strip() or None),
        "offer": typed.offer(asked),
    }


@blp.get("/scorecard")
def scorecard() -> Response:
    """How a grade and a factor come about."""
    found = get("/v1/credit/scorecard")
    parts = (found["card"] or {"parts": []})["parts"]
    weights = shares([(in_words(each), each["most"]) for each in parts], plain)
    return shown("bank/scorecard.html", found=found, weights=weights)
