"""What the city says of credit: grades, the scorecard, what banks give for them. Pure.

Kept apart from the rules that score acts, with a digest of its own: a new scorecard changes no
score of an act, and a new bank table no factor.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Credit:
    """All that a pack says of credit; empty for a pack without the folder `credit`."""

    digest: str = ""
    text: str = ""
