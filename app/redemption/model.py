"""Values of redemption: vouchers and their states, codes, redemptions, refusals. Pure."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple

from app.kernel import Conflict, Invalid, NotFound, to_wire

ISSUED, SHOWN, REDEEMED, SETTLED = "issued", "shown", "redeemed", "settled"
CANCELLED, EXPIRED, VOIDED, REFUNDED, FROZEN = (
    "cancelled",
    "expired",
    "voided",
    "refunded",
    "frozen",
)
STATES = (ISSUED, SHOWN, REDEEMED, SETTLED, CANCELLED, EXPIRED, VOIDED, REFUNDED, FROZEN)

# Every way from a state to another. What is not here is refused and recorded.
TRANSITIONS: Mapping[str, frozenset[str]] = {
    ISSUED: frozenset({SHOWN, REDEEMED, CANCELLED, EXPIRED, FROZEN}),
    SHOWN: frozenset({REDEEMED, CANCELLED, EXPIRED, FROZEN}),
    FROZEN: frozenset({ISSUED, SHOWN, EXPIRED}),
    REDEEMED: frozenset({SETTLED, VOIDED, REFUNDED}),
    SETTLED: frozenset({REFUNDED}),
    CANCELLED: frozenset(),
    EXPIRED: frozenset(),
    VOIDED: frozenset(),
    REFUNDED: frozenset(),
}
OPEN = (ISSUED, SHOWN)
# Points of these are held; those of the others have been paid out or given back.
HOLDING = (ISSUED, SHOWN, FROZEN)
# These never became a benefit: they use up nobody's limit and no stock.
UNDONE = (CANCELLED, EXPIRED, VOIDED)

CODE, LICENCE, IMMEDIATE = "code", "licence", "immediate"

_CODE_BITS = 130
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})
_IGNORED = str.maketrans("", "", " -\t\r\n")


@dataclass(frozen=True, slots=True)
class Voucher:
    """One voucher. Amounts are those of the day of issue: `price` in hundredths of a point, `cash`
    and `cost` in fen. `expires_on` is its last day. `prior` is what a frozen one was before."""

    resident_id: bytes
    id: bytes
    benefit: str
    state: str
    prior: str | None
    price: int
    cash: int
    cost: int
    funder: str
    issued_at: datetime
    issued_on: date
    expires_on: date
    redemption_id: bytes | None
    changed_at: datetime

    @property
    def wire(self) -> str:
        return to_wire("vch", self.id)

    def usable(self, day: date) -> bool:
        """Open, and its last day not over: the job that ends it may be half a minute late."""
        return self.state in OPEN and self.expires_on >= day


class Event(NamedTuple):
    """A step of a voucher, or one that was refused (`refused` is the code of the refusal)."""

    at: datetime
    was: str
    became: str
    refused: str | None
    by: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Redemption:
    """A benefit that a merchant gave. `state` is redeemed, voided or refunded; `returned` is how
    many hundredths of a point a refund gave back, and `returned_cost` the fen that went with it."""

    merchant: str
    id: bytes
    store_id: bytes | None
    client_id: bytes | None
    resident_id: bytes
    voucher_id: bytes
    benefit: str
    price: int
    cash: int
    cost: int
    funder: str
    way: str
    state: str
    day: date
    at: datetime
    returned: int
    returned_cost: int
    ended_at: datetime | None


def masked(voucher_id: bytes) -> str:
    """What a merchant sees of a voucher: the end of its number, as on a receipt."""
    return f"vch_…{to_wire('vch', voucher_id)[-4:]}"


def new_code() -> str:
    """A one-time code: 130 random bits as 26 letters for typing and for a small QR code."""
    number = secrets.randbits(_CODE_BITS)
    return "".join(_LETTERS[number >> shift & 31] for shift in range(0, _CODE_BITS, 5))


def code_digest(text: str) -> bytes:
    """What is kept of a code. Blanks, hyphens, case and misread letters do not matter; a signed
    offline code (it has dots) is taken as it is."""
    plain = text.strip()
    if "." not in plain:
        plain = plain.translate(_IGNORED).upper().translate(_MISREAD)
    return sha256(plain.encode()).digest()


def next_states(state: str) -> list[str]:
    """Where a voucher may go from here, in the order of `STATES`."""
    return [each for each in STATES if each in TRANSITIONS[state]]


def returned_cost(cost: int, price: int, points: int) -> int:
    """The fen that go back to the funder with a part of the points, rounded down."""
    return cost * points // price


# Refusals.


def unknown_benefit() -> NotFound:
    """No benefit has this id."""
    return NotFound("unknown_benefit", "There is no such benefit; see GET /v1/benefits.")


def unknown_voucher() -> NotFound:
    """Not there, or another's."""
    return NotFound("unknown_voucher", "You have no such voucher.")


def unknown_redemption() -> NotFound:
    """Not there, or another merchant's."""
    return NotFound("unknown_redemption", "You have no such redemption.")


def not_offered(detail: str) -> Conflict:
    """The benefit is there, but not to be had now."""
    return Conflict("not_offered", detail)


def limit_reached(name: str, most: int) -> Conflict:
    """A limit of one person: `person_total`, `person_monthly` or `person_daily`."""
    return Conflict("limit_reached", _LIMIT_WORDS[name].format(most), limit=name)


_LIMIT_WORDS = {
    "person_total": "One person may have {} of these, and you have.",
    "person_monthly": "One person may have {} of these a month; try again next month.",
    "person_daily": "One person may have {} of these a day; try again tomorrow.",
}


def wrong_state(state: str, wanted: str) -> Conflict:
    """A step that is not on the list; the answer says where the voucher stands."""
    words = f"This voucher {_STANDS[state]}, so it cannot be {_ASKED.get(wanted, wanted)}."
    return Conflict("wrong_state", words, voucher_status=state)


_STANDS = {
    ISSUED: "is open",
    SHOWN: "is open",
    REDEEMED: "has been used",
    SETTLED: "has been used",
    CANCELLED: "was given back",
    EXPIRED: "has expired",
    VOIDED: "was used, and the merchant undid that",
    REFUNDED: "was used and refunded",
    FROZEN: "is on hold (its history says why)",
}
_ASKED = {ISSUED: "released", CANCELLED: "given back", FROZEN: "put on hold"}


def spending_frozen() -> Conflict:
    """A risk hold on what this resident spends."""
    return Conflict("spending_frozen", "Spending is on hold for this account for now.")


def not_now() -> Conflict:
    """The same at the counter: a merchant learns that it cannot be, and nothing about why."""
    return Conflict("not_redeemable", "This cannot be given now; the customer's app says why.")


def code_refused(code: str) -> Conflict:
    """The four of the contract: used, old, somebody else's, unknown."""
    return Conflict(code, _CODE_WORDS[code])


_CODE_WORDS = {
    "unknown_code": "We do not know this code; scan it again or type it.",
    "code_used": "This code was presented before; ask for a fresh one.",
    "code_expired": "This code is no longer good; ask for a fresh one.",
    "not_your_benefit": "This benefit is another merchant's.",
}


def bad_part(detail: str) -> Invalid:
    """A refund of so many points is none."""
    return Invalid(
        "bad_points",
        detail,
        errors=[{"pointer": "/points", "code": "out_of_range", "detail": detail}],
    )
