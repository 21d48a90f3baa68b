"""Values of the register: one consent for one purpose and one recipient, and what denies it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple, get_args

from app.kernel import to_wire

State = Literal["active", "superseded", "revoked", "expired", "suspended", "exhausted"]
STATES: tuple[State, ...] = get_args(State)
Reason = Literal[
    "unknown",
    "wrong_recipient",
    "wrong_purpose",
    "wrong_product",
    "wrong_application",
    "revoked",
    "expired",
    "suspended",
    "exhausted",
]


class Recipient(NamedTuple):
    """Who is given data: `key` is what stands for it in the register (the code of a bank in the
    pack, else its client's wire id); the rest is what a notice has to say of it."""

    key: str
    legal_name: str
    contact: str
    licence: str

    @property
    def complete(self) -> bool:
        return all(self)


class Given(NamedTuple):
    """A kind of data that a consent gives, with its class (C1 or C2)."""

    kind: str
    class_: str


@dataclass(frozen=True, slots=True)
class Consent:
    """One record of the register.

    It may be used from `from_day` to `until_day`, both included, `reads_allowed` times, while the
    notice (`notice`, a digest) is still today's. `keep_days`: how long the recipient keeps what it
    was given. `device` and the application's reference are sealed; `application` is its keyed hash.
    `revoked_why` is resident, superseded or closing.
    """

    id: bytes
    resident_id: bytes
    purpose: str
    basis: str
    data: tuple[Given, ...]
    recipient: Recipient
    notice_version: str
    notice: bytes
    separate: bool
    granted_at: datetime
    channel: str
    device_sealed: bytes | None
    step_up: str
    from_day: date
    until_day: date
    keep_days: int
    revoked_at: datetime | None
    revoked_why: str | None
    superseded_by: bytes | None
    guardian_id: bytes | None
    reads_allowed: int
    reads_taken: int
    product: str | None
    application_sealed: bytes | None
    application: bytes | None

    @property
    def wire(self) -> str:
        return to_wire("cns", self.id)

    @property
    def fields(self) -> tuple[str, ...]:
        """The kinds of data it gives."""
        return tuple(each.kind for each in self.data)

    def state(self, today: date, notice: bytes) -> State:
        """How it stands on a day on which the purpose's notice has this digest."""
        if self.revoked_at is not None:
            return "superseded" if self.superseded_by else "revoked"
        if not self.from_day <= today <= self.until_day:
            return "expired"
        if self.notice != notice:
            return "suspended"
        return "active" if self.reads_taken < self.reads_allowed else "exhausted"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a resident agrees to: a purpose, a recipient (id, code or legal name), and what narrows
    it. `version` is that of the notice that was shown."""

    purpose: str
    recipient: str
    fields: tuple[str, ...] | None = None
    until: date | None = None
    times: int | None = None
    product: str | None = None
    application_reference: str | None = None
    version: str | None = None
    code: str | None = None
    channel: str = "api"
    device: str | None = None


class Use(NamedTuple):
    """For what a consent is to be used; `product` and `application` (a keyed hash) count where the
    consent names one."""

    recipient: str
    purpose: str
    product: str | None = None
    application: bytes | None = None


@dataclass(frozen=True, slots=True)
class Denial:
    """Why a consent may not be used; `resident` is whose it is, where there is one: whoever asked
    in vain stands in that resident's log."""

    reason: Reason
    resident: bytes | None = None


_REASONS: Mapping[State, Reason] = {
    "superseded": "revoked",
    "revoked": "revoked",
    "expired": "expired",
    "suspended": "suspended",
    "exhausted": "exhausted",
}


def denied(found: Consent | None, use: Use, today: date, notice: bytes) -> Denial | None:
    """What stands in the way of this use; None where nothing does."""
    if found is None:
        return Denial("unknown")
    state = found.state(today, notice)
    wrong: tuple[tuple[Reason, bool], ...] = (
        ("wrong_recipient", found.recipient.key != use.recipient),
        ("wrong_purpose", found.purpose != use.purpose),
        ("wrong_product", found.product not in (None, use.product)),
        ("wrong_application", found.application not in (None, use.application)),
    )
    for reason, is_so in wrong:
        if is_so:
            return Denial(reason, found.resident_id)
    return None if state == "active" else Denial(_REASONS[state], found.resident_id)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """That somebody was given, or looked at, something of a resident: names of what, never values.

    `kind` is bank, partner, merchant, provider, operator or service; `who` a wire id or a code,
    `name` what a person calls it. `what` are codes of kinds of data; `why` is a purpose, or a look
    of the pack's `privacy/looks.toml`. `denied` is why nothing was given; `about` the wire id of
    the thing by which it happened.
    """

    resident: bytes
    kind: str
    who: str
    name: str
    what: tuple[str, ...]
    why: str
    consent: bytes | None = None
    denied: str | None = None
    about: str | None = None


class Disclosed(NamedTuple):
    """A disclosure as it stands in the log."""

    id: bytes
    at: datetime
    row: Disclosure


class Refusal(NamedTuple):
    """That a resident did not want to be asked for this by this one."""

    purpose: str
    recipient: str
    at: datetime
