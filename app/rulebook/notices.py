"""The folder `privacy` → `Privacy`."""

from __future__ import annotations

from collections.abc import Mapping

from app.rulebook.privacy import Privacy
from app.rulebook.reading import Faults


def read_privacy(files: Mapping[str, bytes], faults: Faults, digest: str) -> Privacy:
    """What the files of the folder say, by their names ("privacy/data.toml")."""
    del files, faults
    return Privacy(digest)
