"""Partner platforms: what each takes and pays, linking an account there, and ending that."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from app.pages import asking
from app.pages.screens import field, go, said, shown, tell
from app.pages.showing import plain
from app.pages.spending.around import blp

_MOST = 100
_PLACES = 6


def rate(fraction: str) -> str:
    """An exact rate such as `27/2`: as a decimal where it is one, else as the fraction itself."""
    exact = Fraction(fraction)
    decimal = Decimal(exact.numerator) / exact.denominator
    return plain(decimal, _PLACES) if Fraction(decimal) == exact else str(exact)


blp.add_app_template_filter(rate, "units_rate")


def open_link(code: str) -> dict[str, Any] | None:
    """My open link to a platform."""
    return _open_links().get(code)


def _open_links() -> dict[str, dict[str, Any]]:
    mine = asking.get("/v1/me/links", limit=_MOST)["items"]
    return {each["partner"]: each for each in mine if each["status"] == "active"}


@blp.get("/partners")
def partners() -> Response:
    """All platforms: linked or not, and today's rates."""
    found = asking.get("/v1/partners")["items"]
    links = _open_links()
    found.sort(key=lambda each: each["code"] not in links)
    return shown("spending/partners.html", found=found, links=links)


@blp.get("/partners/<code>")
def partner(code: str) -> Response:
    """One platform: my link and what came of it, or what linking would mean."""
    return _drawn(code)


def _drawn(code: str, **context: Any) -> Response:
    found = asking.get(f"/v1/partners/{code}")
    link = open_link(code)
    if link:
        whole = asking.get(f"/v1/me/links/{link['id']}")
        seen = [each for each in whole["behaviours"] if each["acts"]]
        chosen = [each for each in whole["behaviours"] if each["payer"]]
        context |= {"link": whole, "seen": seen, "chosen": chosen}
    titles = {each["code"]: each for each in asking.get("/v1/behaviours")["items"]}
    levels: dict[str, list[dict[str, Any]]] = {"exchange": [], "badge": [], "view": []}
    for each in found["behaviours"]:
        levels[each["level"]].append(titles.get(each["code"], {"title_zh": each["code"]}))
    return shown("spending/partner.html", found=found, levels=levels, **context)


@blp.post("/partners/<code>/link")
def link(code: str) -> Response:
    """Link my account there, by the platform's statement and my consent to the words shown."""
    proof = field("proof")
    # Whoever has not agreed says so: without any version, development takes the present one.
    version = field("version") if request.form.get("agree") else None
    body = {"partner": code, "proof": proof or "", "consent": {"version": version or "none"}}
    answer = asking.post("/v1/me/links", body)
    if not answer.good:
        return _drawn(code, problem=answer.body, proof=proof)
    said(_("Linked. No act is paid twice from now on."))
    return go("pages.spending.partner", code=code)


@blp.get("/partners/<code>/unlink")
def unlinking(code: str) -> Response:
    """What ending a link means."""
    mine = open_link(code)
    if mine is None:
        return go("pages.spending.partner", code=code)
    return shown("spending/unlink.html", link=mine)


@blp.post("/partners/<code>/unlink")
def unlink(code: str) -> Response:
    """End it; ended already is as good."""
    mine = open_link(code)
    if mine:
        answer = asking.delete(f"/v1/me/links/{mine['id']}")
        tell(answer, _("The link has ended. Nothing new is given to this platform."))
    return go("pages.spending.partner", code=code)


@blp.post("/partners/<code>/payer")
def choose_payer(code: str) -> Response:
    """Choose who gives the points of a behaviour that the platform tells in sums."""
    mine = open_link(code)
    if mine:
        body = {"behaviour": field("behaviour") or "", "payer": field("payer") or ""}
        answer = asking.post(f"/v1/me/links/{mine['id']}/payer", body)
        tell(answer, _("Noted. It holds from tomorrow."))
    return go("pages.spending.partner", code=code)
