"""Acts sold or registered as reductions of a project earn nothing here: sold once, paid once.

Whoever knows such registrations is a port. The default reads the pack's own list; another one must
answer from a copy of its own, because it is asked while a transaction is open.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol

from app.rulebook import Rulebook

SOLD = "registered_elsewhere"


class Sight(NamedTuple):
    """An act as it was reported: by a provider's name (None: by a partner), evidence as sent."""

    behaviour: str
    day: date
    provider: str | None
    evidence: Mapping[str, Any]


class RegistryPort(Protocol):
    """Whoever knows which acts belong to projects."""

    def registered(self, rules: Rulebook, sights: Sequence[Sight]) -> Sequence[bool]:
        """For each act, in order, whether it has been sold or registered already."""


class PackRegistry:
    """The list in the pack's own `recognition/registered.toml`."""

    def registered(self, rules: Rulebook, sights: Sequence[Sight]) -> Sequence[bool]:
        known = rules.recognition.registered
        return [any(each.covers(*sight) for each in known) for sight in sights]


PACK = PackRegistry()
