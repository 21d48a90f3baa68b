"""A *no* of the domain. Kinds without numbers: plumbing alone turns them into HTTP.

A refusal is raised when nothing may be kept (the work rolls back), and returned as
`Refused(refusal)` when the attempt itself must leave a trace (a wrong code, a burnt voucher):
the edge then commits and answers with the same problem document.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar


class Refusal(Exception):
    """`code` is stable and public, `detail` a sentence for a person; `extra` joins the answer."""

    kind: ClassVar[str] = "refused"

    def __init__(self, code: str, detail: str = "", **extra: Any) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail
        self.extra = extra


class Malformed(Refusal):
    """The request cannot be read."""

    kind = "malformed"


class Unauthorized(Refusal):
    """Nobody known calls."""

    kind = "unauthorized"


class Forbidden(Refusal):
    """Known, but not allowed."""

    kind = "forbidden"


class NotFound(Refusal):
    """Not there, or not the caller's."""

    kind = "not_found"


class Conflict(Refusal):
    """The state of things says no."""

    kind = "conflict"


class Invalid(Refusal):
    """Well-formed but wrong. `errors` are `{pointer, code, detail}` rows."""

    kind = "invalid"


class TooMany(Refusal):
    """`retry_after` (seconds) goes into the headers."""

    kind = "too_many"


class Unavailable(Refusal):
    """Not now; trying again may help."""

    kind = "unavailable"


@dataclass(frozen=True)
class Refused:
    """A refusal whose trace is to be committed."""

    refusal: Refusal = field()
