"""The words of the pages: what code and templates say, what the catalogues have, what is missing.

`python -m tests.pages.words resident` prints what the domain `resident` lacks, as entries to fill.
A domain is a file `words/zh/<domain>.po`; by its place a word belongs to one (see `domain`).
"""

import re
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "app" / "pages"
WORDS = PAGES / "words" / "zh"
FOLDERS = sorted(path.name for path in (PAGES / "templates").iterdir() if path.is_dir())
DOMAINS = ("labels", "refusals", *(name for name in FOLDERS if name != "frame"))

_CONTEXT: Any = ((1, "c"), 2)
_KEYWORDS = dict(DEFAULT_KEYWORDS) | {
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": _CONTEXT,
    "_p": _CONTEXT,
}
Key = tuple[str, str]  # context ("" for none), English; of a plural the singular


@dataclass(frozen=True)
class Said:
    """A word where it stands. `plural` is "" where there is none."""

    file: Path
    line: int
    key: Key
    plural: str = ""

    @property
    def place(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line}"


def templates() -> list[Path]:
    return sorted(p for room in ("pages", "demo") for p in (ROOT / "app" / room).rglob("*.html"))


def said() -> Iterator[Said]:
    """Every word of code and templates, in the order of their files."""
    for file in [*sorted(PAGES.rglob("*.py")), *templates()]:
        method = "python" if file.suffix == ".py" else "jinja2"
        with file.open("rb") as text:
            for line, found, _, context in extract(method, text, _KEYWORDS):
                one, plural = found[:2] if isinstance(found, tuple) else (found, "")
                yield Said(file, line, (context or "", one), plural)


def domain(file: Path) -> str:
    """Whose word it is: `templates/<name>/…`, `<name>….py`, `<name>/…`, or the frame's."""
    parts = file.relative_to(ROOT / "app").with_suffix("").parts[1:]
    for part in parts:
        for name in DOMAINS:
            if part == name or part.startswith(f"{name}_"):
                return name
    return "frame"


@cache
def catalogue(name: str) -> Catalog:
    path = WORDS / f"{name}.po"
    if not path.exists():
        return Catalog(locale="zh")
    with path.open("rb") as file:
        return read_po(file, locale="zh")


def catalogues() -> dict[str, Catalog]:
    return {path.stem: catalogue(path.stem) for path in sorted(WORDS.glob("*.po"))}


def key(message: Message) -> Key:
    one = message.id if isinstance(message.id, str) else message.id[0]
    return (message.context or "", one)


def entries() -> Iterator[tuple[str, Message]]:
    """Every entry of every catalogue with its domain; the head is none."""
    for name, found in catalogues().items():
        for message in found:
            if message.id:
                yield name, message


def chinese(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def missing() -> dict[str, list[Said]]:
    """By domain, words that no catalogue has with a translation."""
    there = {key(m) for _, m in entries() if all(chinese(m)) and not m.fuzzy}
    found: dict[str, dict[Key, Said]] = {}
    for each in said():
        if each.key not in there:
            found.setdefault(domain(each.file), {}).setdefault(each.key, each)
    return {name: list(each.values()) for name, each in found.items()}


def entry(each: Said) -> str:
    """An entry of a catalogue, to be filled."""
    context, one = each.key
    lines = [f"#: {each.place}"]
    lines += [f"msgctxt {_quoted(context)}"] if context else []
    lines += [f"msgid {_quoted(one)}"]
    lines += [f"msgid_plural {_quoted(each.plural)}"] if each.plural else []
    return "\n".join([*lines, 'msgstr[0] ""' if each.plural else 'msgstr ""', ""])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


# Text of templates that is in no catalogue.

_JINJA = re.compile(
    r"\{#.*?#\}|\{%-?\s*trans\b.*?endtrans\s*-?%\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL
)
_IN_ATTRIBUTE = re.compile(r"([\w-]+)=\"[^\"<>]*?\{%-? *block (\w+)")
_BARE = ("微碳", "Weitan", "中文", "English")
_READ_OUT = {
    *("alt", "title", "placeholder", "label", "aria-label", "aria-description"),
    *("aria-placeholder", "aria-roledescription", "aria-valuetext"),
}
_BUTTONS = {"button", "reset", "submit"}


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        names = set(_READ_OUT)
        if tag == "input" and told.get("type") in _BUTTONS:
            names.add("value")
        if tag == "meta" and told.get("name") in {"description", "application-name"}:
            names.add("content")
        for name in names & told.keys():
            self.handle_data(told[name] or "")

    def handle_data(self, data: str) -> None:
        rest = data
        for word in _BARE:
            rest = rest.replace(word, "")
        if any(letter.isalpha() for letter in rest) and self.cdata_elem is None:
            self.found.append((self.getpos()[0], " ".join(data.split())))


@cache
def unread_blocks() -> frozenset[str]:
    """Blocks that stand in attributes nobody reads, such as a class."""
    found = (_IN_ATTRIBUTE.findall(path.read_text(encoding="utf-8")) for path in templates())
    return frozenset(name for each in found for at, name in each if at not in _READ_OUT)


def bare(template: str, unread: Collection[str] = ()) -> list[tuple[int, str]]:
    """(line, text) of what a template says outside the catalogues and outside these blocks."""
    for name in unread:
        block = rf"\{{%-?\s*block {name}\b.*?endblock.*?%\}}"
        template = re.sub(block, _lines_only, template, flags=re.DOTALL)
    reader = _Text()
    reader.feed(_JINJA.sub(_lines_only, template))
    reader.close()
    return reader.found


def _lines_only(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def outside() -> Iterator[tuple[Path, int, str]]:
    """All that templates say outside the catalogues."""
    for path in templates():
        for line, text in bare(path.read_text(encoding="utf-8"), unread_blocks()):
            yield path, line, text


def _print(name: str) -> None:
    for each in missing().get(name, []):
        print(entry(each))  # noqa: T201 - this is a command
    for path, line, text in outside():
        if domain(path) == name:
            print(f"# {path.relative_to(ROOT)}:{line}: outside _(): {text}")  # noqa: T201


if __name__ == "__main__":
    for asked in sys.argv[1:] or [*DOMAINS, "frame"]:
        _print(asked)
