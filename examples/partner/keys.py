"""Claim keys, version "v1": by what two platforms know that they speak of the same act.

A key is the hex of HMAC-SHA-256 over `v1|<family>|<kind>|<value>` in UTF-8. Its secret belongs to
one linked person and comes with the link, so a key says nothing to anyone else. A claim carries
every key that can be made: where both sides have a number of one kind (a payment, an order, a
case), the number alone decides; else the time cells do.

`vectors.json` beside this file holds examples to test your own computation with.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from datetime import datetime

Keys = dict[str, str | list[str]]

CELL = 600  # seconds of a time cell
SHIFT = 300  # the second row of cells lies half a cell beside the first
# Whose acts are told by the clock, and in which family. Rides among rides; the rest by payment.
RIDES = {"bus_ride", "metro_ride", "shared_bike_ride", "shared_ebike_ride", "etc_toll_pass"}
PAID = {
    "e_invoice", "ev_charging", "mobile_payment", "no_cutlery_order", "online_medical_service",
    "online_transfer", "online_utility_bill", "own_cup",
}  # fmt: skip
_STARTS = ("entry_time", "unlock_time")  # what a ride's first second is called
_HOME = {"efficient_appliance": "HOME_E", "water_efficient_fixture": "HOME_W"}
_CONSUMED = {"no_cutlery_order", "own_cup"}
_CASES = ("case_id", "visit_id", "application_id")
_WASTE = ("parcel", "imei_hash")


def key(secret: bytes, family: str, kind: str, value: str) -> str:
    """One key, as hex."""
    message = f"v1|{family}|{kind}|{value}"
    return hmac.new(secret, message.encode(), hashlib.sha256).hexdigest()


def cells(second: int) -> list[str]:
    """The two time cells of a second of Unix time.

    Two acts up to five minutes apart share one of their cells; from ten minutes on, never.
    """
    return [f"a{second // CELL}", f"b{(second + SHIFT) // CELL}"]


def keys_of(
    secret: bytes, behaviour: str, day: str, evidence: Mapping[str, str], at: str | None = None
) -> Keys:
    """All keys of an act: of its numbers by kind, and of its first second under `time`.

    `day` is the act's day in the city, `at` its RFC 3339 instant if it has one. `evidence` names
    things as the city's catalogue does: payment_id, order_id, case_id, account …
    """
    found: Keys = {
        kind: key(secret, family, kind, value)
        for family, kind, value in _numbers(behaviour, day, evidence)
    }
    start = next((evidence[name] for name in _STARTS if name in evidence), at)
    family = "TRIP" if behaviour in RIDES else "PAY" if behaviour in PAID else None
    if start and family:
        second = int(datetime.fromisoformat(start).timestamp())
        found["time"] = [key(secret, family, "time", cell) for cell in cells(second)]
    return found


def _numbers(behaviour: str, day: str, e: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """(family, kind, value) of whatever has a number of its own."""
    if behaviour == "walking":
        yield "STEPS", "day", day
    if "payment_id" in e:
        yield "PAY", "payment_id", e["payment_id"]
    yield from (("DOC", name, e[name]) for name in _CASES if name in e)
    yield from _papers(day, e)
    yield from (("WASTE", name, e[name]) for name in _WASTE if name in e)
    if "order_id" in e:
        yield _order(behaviour, e)
    if "meter" in e:
        over = (e["period_start"], e["period_end"]) if "period_start" in e else (day,)
        yield "METER", "meter", "|".join((e["meter"], *over))


def _papers(day: str, e: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    if "verifier_id" in e:
        yield "DOC", "verifier", f"{e['verifier_id']}|{day}"
    if "account" in e and "statement_month" in e:
        yield "DOC", "statement", f"{e['account']}|{e['statement_month']}"
    if "account" in e and "utility_type" in e:
        bill = (e["utility_type"], e["account"], e["billing_period"])
        yield "DOC", "bill", "|".join(bill)


def _order(behaviour: str, e: Mapping[str, str]) -> tuple[str, str, str]:
    order = e["order_id"]
    if behaviour in _HOME:
        return _HOME[behaviour], "purchase", f"{order}|{e['product_type']}"
    if behaviour in _CONSUMED:
        return "CONS", "order", f"{order}|{behaviour}"
    return "WASTE", "order_id", order
