"""The folder `credit` → `Credit`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from app.rulebook.credit import Credit
from app.rulebook.model import BadRule, Behaviour
from app.rulebook.reading import Faults


def credit_from_text(text: str, behaviours: Mapping[str, Behaviour]) -> Credit:
    """The `Credit` whose `text` was kept; raises BadRule when it is none.

    `behaviours` are those of the rules that scored the acts: they say each one's category.
    """
    try:
        files = {name: str(body).encode("utf-8") for name, body in json.loads(text).items()}
    except (AttributeError, ValueError) as error:
        raise BadRule("text", "-", f"not the text of credit's rules: {error}") from None
    faults: Faults = []
    credit = read_credit(files, behaviours, faults, hashlib.sha256(text.encode()).hexdigest(), text)
    if faults:
        raise faults[0]
    return credit


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
