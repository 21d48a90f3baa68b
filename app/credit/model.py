"""Values of credit: who asks, what was asked and answered, what came of it. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple, get_args

from app.kernel import Conflict, NotFound, to_wire

KIND = "bank"  # of events' parties, of recipients, of who looks
JWS_TYPE = "credit-inquiry+jwt"
# Online from asking to paying out, at a counter, or partly at one.
Channel = Literal["online", "branch", "mixed"]
# 信用, 保证, 抵押, 质押; collateral where the bank does not say which of the last two.
Guarantee = Literal["none", "guarantor", "mortgage", "pledge", "collateral"]
CHANNELS: tuple[str, ...] = get_args(Channel)
GUARANTEES: tuple[str, ...] = get_args(Guarantee)
WITHDRAWN = "grade.withdrawn"  # the event that says so
DECISIONS = ("granted", "refused", "withdrawn")
# What an answer may give of a resident; the rest of it is the bank's own table.
GIVEN = ("grade", "factor", "window", "reasons", "data_quality")
# Nobody's consent and nobody's grade are asked for by these: no id is made of zeros.
NOBODY = bytes(16)
NOTICE = {
    "zh": "本结果仅供贷款机构参考，不是信用报告，也不是贷款承诺。",
    "en": "For the lender's reference only: not a credit report, and no promise of a loan.",
}


class Offer(NamedTuple):
    """What a bank would lend without carbon data: `amount` in fen, `rate_bp` a year."""

    amount: int
    rate_bp: int
    term_months: int
    channel: Channel
    guarantee: Guarantee


class Seat(NamedTuple):
    """The bank that a client acts for: `key` is its code in the pack, or the client's wire id."""

    key: str
    name: str
    client: bytes
    client_wire: str


class Question(NamedTuple):
    """What a bank asks; `consent` as it was written, whether or not it is anybody's."""

    consent: str
    product: str
    purpose: str
    reference: str
    offer: Offer


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One question with its answer, as it was given.

    `resident` and `consent` are None where there were none of that name. `quarter` and `version`
    name the grade that was told, None for a neutral answer; `told_version` the newest one of which
    the bank has heard since. `denied` is why the consent did not hold, and is never told to the
    bank. `answer` is what was answered, `jws` with it; `contest` how an objection to it stands.
    """

    id: bytes
    bank: str
    client: bytes
    resident: bytes | None
    consent: bytes | None
    product: str
    purpose: str
    reference: str
    offer: Offer
    answer: dict[str, Any]
    quarter: str | None
    version: int | None
    told_version: int | None
    denied: str | None
    at: datetime
    contest: str | None
    changed: dict[str, Any] | None

    @property
    def wire(self) -> str:
        return to_wire("inq", self.id)

    @property
    def neutral(self) -> bool:
        return self.version is None

    @property
    def given(self) -> tuple[str, ...]:
        """What of the resident the answer tells, in the words of a consent."""
        if self.neutral:
            return ()
        told = {"reasons": self.answer["reason_codes"]} | self.answer
        return (*(name for name in GIVEN if told[name] not in (None, [])), "terms")

    @property
    def gone(self) -> bool:
        """Whether nothing is left of the grade that it told."""
        return self.changed is not None and self.changed["type"] == WITHDRAWN

    @property
    def valid(self) -> bool:
        """False once the answer was taken back by the city, or the grade it told is gone."""
        return self.contest != "upheld" and not self.gone


class Outcome(NamedTuple):
    """What a bank made of an answer; the newest of an inquiry counts. `limit` in fen."""

    inquiry: bytes
    number: int
    used: bool
    decided: str
    limit: int | None
    rate_bp: int | None
    guarantee: str | None
    at: datetime


def unknown_inquiry() -> NotFound:
    """No such inquiry, or somebody else's."""
    return NotFound("unknown_inquiry", "There is no such inquiry of yours.")


def other_application() -> Conflict:
    """An outcome for another application than the inquiry's."""
    return Conflict("other_application", "This inquiry was made for another application_reference.")
