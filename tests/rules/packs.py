"""The packs that the tests of rules start from, and the small patches that spoil one.

A patch under `bad/` is a piece of TOML whose first lines, comments, say which file of the good pack
it goes to (`file`), what it does there (`replace: a line`, `append`, or `whole` for the whole
file), in which `encoding`, and which fault must be found (`key`, `expect`).
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
WEIHAI = HERE.parent.parent / "rules" / "weihai"
SET_N = HERE / "set_n"
GOOD = HERE / "good"


@dataclass(frozen=True)
class Patch:
    path: Path
    file: str
    replace: str | None
    whole: bool
    key: str
    words: str
    body: bytes

    def apply(self, folder: Path) -> None:
        target = folder / self.file
        if self.whole:
            target.write_bytes(self.body)
            return
        old = target.read_bytes()
        if self.replace is None:
            target.write_bytes(old + b"\n" + self.body)
            return
        line = self.replace.encode() + b"\n"
        assert line in old, f"{self.path.name}: the good file has no line {self.replace!r}"
        target.write_bytes(old.replace(line, self.body, 1))


def patches() -> list[Patch]:
    return [_patch(path) for path in sorted((HERE / "bad").glob("*.toml"))]


def copy_good(folder: Path) -> Path:
    target = folder / "good"
    shutil.copytree(GOOD, target)
    return target


def _patch(path: Path) -> Patch:
    head, _, body = path.read_bytes().partition(b"\n\n")
    lines = [line.removeprefix("# ") for line in head.decode().splitlines()]
    said = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
    return Patch(
        path=path,
        file=said["file"],
        replace=said.get("replace"),
        whole="whole" in lines,
        key=said["key"],
        words=said["expect"],
        body=body.decode().encode(said.get("encoding", "utf-8")),
    )
