"""The folder `credit` → `Credit`."""

from __future__ import annotations

from collections.abc import Mapping

from app.rulebook.credit import Credit
from app.rulebook.files import Files, digest_of, files_of, text_of
from app.rulebook.model import Behaviour
from app.rulebook.reading import Faults


def credit_from_text(text: str, behaviours: Mapping[str, Behaviour]) -> Credit:
    """The `Credit` whose `text` was kept; raises BadRule when it is none.

    `behaviours` are those of the rules that scored the acts: they say each one's category.
    """
    faults: Faults = []
    credit = read_credit(files_of(text), behaviours, faults)
    if faults:
        raise faults[0]
    return credit


def read_credit(files: Files, behaviours: Mapping[str, Behaviour], faults: Faults) -> Credit:
    """What the files of the folder say, by their names ("credit/grades.toml")."""
    del behaviours, faults
    return Credit(digest_of(files), text_of(files))
