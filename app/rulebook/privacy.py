"""What the city says of personal data: its kinds, and the notices of what needs consent. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Privacy:
    """All that a pack says of personal data; empty for a pack without the folder `privacy`."""

    digest: str = ""
