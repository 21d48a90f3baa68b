"""What the city says of personal data: its kinds, and the notices of what needs consent. Pure.

Kept apart from all other rules, with a digest of its own: a new notice changes no score, no price
and no grade. It does end what was agreed to under the old one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

from app.rulebook.model import Parameter
from app.rulebook.vocabulary import LOOKS

DataClass = Literal["C1", "C2"]
KeptFrom = Literal["made", "ended", "closed"]
RecipientKind = Literal["bank"]


@dataclass(frozen=True, slots=True)
class Kept:
    """How long: `days` from when it was made, from its end, or from the closing of the account;
    why, and by which law."""

    days: int
    since: KeptFrom
    reason_zh: str
    reason_en: str
    law: str


@dataclass(frozen=True, slots=True)
class DataKind:
    """One kind of personal data that the service holds. `class_` is that of JR/T 0171-2020 ("C3"
    is never held); `sensitive` as in PIPL article 28; `origin` says where it comes from, `why`
    what for."""

    code: str
    title_zh: str
    title_en: str
    class_: DataClass
    sensitive: bool
    origin_zh: str
    origin_en: str
    why_zh: str
    why_en: str
    keep: Kept


@dataclass(frozen=True)
class Purpose:
    """One purpose that needs a consent of its own; the file name is its code.

    `data` are codes of kinds; of these, `choosable` may be left out by the resident, the others
    are what the purpose is about. `keep` is how long the recipient keeps it, `kept_after_zh` and
    `_en` what happens then. Nothing here is a number of days that a consent lasts: those are
    parameters, and a consent carries its own.
    """

    code: str
    version: str
    title_zh: str
    title_en: str
    recipient: RecipientKind
    basis: str
    data: tuple[DataKind, ...]
    choosable: tuple[str, ...]
    method_zh: str
    method_en: str
    keep: Kept
    kept_after_zh: str
    kept_after_en: str
    separate: bool
    necessity_zh: str
    necessity_en: str
    effect_zh: str
    effect_en: str
    text_zh: str
    text_en: str

    @cached_property
    def said(self) -> str:
        """All that the notice says, as JSON in one way of writing it: what is shown, hashed and
        kept."""
        return json.dumps(
            {"purpose": self.code, **_plain(asdict(self))},
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of all that the notice says: another one is another agreement."""
        return hashlib.sha256(self.said.encode("utf-8")).digest()


@dataclass(frozen=True, slots=True)
class Look:
    """A reason for which others see something of a resident without a consent of this register:
    who (`kind`, as `vocabulary.LOOKS` has it), what (codes of data kinds), on what ground."""

    code: str
    kind: str
    title_zh: str
    title_en: str
    data: tuple[str, ...]
    basis_zh: str
    basis_en: str


@dataclass(frozen=True)
class Privacy:
    """All that a pack says of personal data; empty for a pack without the folder `privacy`.

    Parameters, dated: `most_days` (how long a consent may last), `default_reads`, `most_reads`
    (how often it may be used), `quiet_days` (no prompt after a refusal).
    """

    digest: str = ""
    kinds: Mapping[str, DataKind] = field(default_factory=dict)
    purposes: Mapping[str, Purpose] = field(default_factory=dict)
    looks: Mapping[str, Look] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    def count(self, name: str, day: date) -> int:
        """A parameter on a day. Raises NotInForce."""
        return int(self.parameters[name].at(day).number)

    @property
    def every_parameter(self) -> tuple[Parameter, ...]:
        """Each dated parameter once."""
        return tuple(self.parameters.values())

    def look(self, code: str) -> Look:
        """One of `vocabulary.LOOKS`; without words where the pack has none. Raises KeyError."""
        bare = Look(code, LOOKS[code], code, code, (), "", "")
        return self.looks.get(code, bare)

    def kept_days(self, kind: str) -> int | None:
        """How many days a kind of data is kept; None where the pack is silent, and it stays."""
        found = self.kinds.get(kind)
        return found.keep.days if found else None

    def notice(self, purpose: str) -> bytes:
        """The digest of a purpose's notice as it is now; of none, that nobody ever agreed to."""
        found = self.purposes.get(purpose)
        return found.digest if found else b""


def _plain(said: dict[str, Any]) -> dict[str, Any]:
    """In the names of the wire, and of each kind of data what it is, not how it is kept here."""
    of_kind = {"code": "code", "title_zh": "title_zh", "title_en": "title_en"}
    of_kind |= {"class_": "class", "sensitive": "sensitive"}
    data = [{told: kind[key] for key, told in of_kind.items()} for kind in said["data"]]
    return {key: each for key, each in said.items() if key != "code"} | {"data": data}
