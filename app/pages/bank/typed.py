"""What clerks type, as the API wants it. What is not exact is passed on as it was typed, so that
the API refuses it and says where."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.pages.screens import whole

_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?")


def basis_points(text: str | None) -> int | str | None:
    """A rate in percent, `4.35`, as whole basis points, 435; never rounded."""
    bare = (text or "").removesuffix("%").strip()
    exact = Decimal(bare) * 100 if _PERCENT.fullmatch(bare) else Decimal("0.5")
    return int(exact) if exact == exact.to_integral_value() else text


def yuan(text: str | None) -> str | None:
    """An amount of yuan without its sign and what groups its digits."""
    return re.sub(r"[¥,\uff0c\s]", "", text) if text else None


def offer(form: Mapping[str, str]) -> dict[str, Any]:
    """What the bank would lend without carbon data."""
    return {
        "amount": yuan(form.get("amount")),
        "rate_bp": basis_points(form.get("rate_bp", "").strip()),
        "term_months": whole(form.get("term_months", "").strip()),
        "channel": form.get("channel"),
        "guarantee": form.get("guarantee"),
    }
