"""The folder `credit` → `Credit`."""

from __future__ import annotations

from collections.abc import Mapping

from app.rulebook.credit import Credit
from app.rulebook.model import Behaviour
from app.rulebook.reading import Faults


def read_credit(
    files: Mapping[str, bytes],
    behaviours: Mapping[str, Behaviour],
    faults: Faults,
    digest: str,
    text: str,
) -> Credit:
    """What the files of the folder say, by their names ("credit/grades.toml")."""
    del files, behaviours, faults
    return Credit(digest, text)
