"""The files of a pack by relative name: tables of a folder, digest and text of an edition."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping

from app.rulebook.model import BadRule
from app.rulebook.reading import Faults, Table, parse

_CODE = re.compile(r"[a-z]+(_[a-z]+)*")
Files = Mapping[str, bytes]


def tables(files: Files, folder: str, faults: Faults) -> Iterator[tuple[str, Table]]:
    """Code and top table of each file of a folder; a file name that is no code is a fault."""
    for name in sorted(files):
        if not name.startswith(f"{folder}/"):
            continue
        code = name.removeprefix(f"{folder}/").removesuffix(".toml")
        if not _CODE.fullmatch(code):
            faults.append(BadRule(name, "-", "the file name is no code (a-z and underscores)"))
        table = parse(name, files[name], faults)
        if table is not None:
            yield code, table


def digest_of(files: Files) -> str:
    """SHA-256 (hex) over the sorted names and bytes."""
    found = hashlib.sha256()
    for name in sorted(files):
        # Lengths keep a name and its content apart: no two packs run into the same bytes.
        for part in (name.encode("utf-8"), files[name]):
            found.update(len(part).to_bytes(8, "big"))
            found.update(part)
    return found.hexdigest()


def text_of(files: Files) -> str:
    """The files in one text, to be kept; `files_of` gives them back."""
    decoded = {name: content.decode("utf-8", errors="replace") for name, content in files.items()}
    return json.dumps(decoded, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def files_of(kept: str) -> Files:
    """The files of a text; raises BadRule when it is none of theirs."""
    try:
        return {name: str(body).encode("utf-8") for name, body in json.loads(kept).items()}
    except (AttributeError, ValueError) as error:
        raise BadRule("text", "-", f"not the text of a rulebook: {error}") from None
