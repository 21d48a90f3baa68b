"""Chinese and English: which one a visitor reads, and the catalogues.

Words in code and templates are English; `words/zh/*.po` hold the Chinese, one file a part of the
house. They are read when the application starts, so there is nothing to compile.
"""

import re
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, has_request_context, request
from flask_babel import Babel, Domain

COOKIE = "language"
CHINESE, ENGLISH = "zh", "en"
_LOCALES = {CHINESE: "zh_Hans_CN", ENGLISH: "en"}
TAGS = {CHINESE: "zh-CN", ENGLISH: "en"}  # as HTML writes them
WORDS = Path(__file__).parent / "words"
_WIDER = 0xFEE0  # from a mark of ASCII to its full-width form in Unicode
_HAN = "\u4e00-\u9fff"
_MARKS = re.compile(f"(?<=[{_HAN}\uff09])[,;:](?! )")
_BRACKETS = re.compile(rf"\(([^()]*[{_HAN}][^()]*)\)")


@cache
def catalogue(language: str) -> NullTranslations:
    """All words of a language; English stands in the code itself."""
    found = Translations()
    found.plural = lambda _: 0  # Chinese counts without plurals
    for path in sorted((WORDS / language).glob("*.po")):
        compiled = BytesIO()
        with path.open("rb") as file:
            write_mo(compiled, read_po(file, locale=language))
        compiled.seek(0)
        found.merge(Translations(compiled))
    return found if language == CHINESE else NullTranslations()


class _Words(Domain):
    """flask-babel's domain, fed by our own files."""

    def get_translations(self) -> NullTranslations:
        return catalogue(chosen())


class _Babel(Babel):
    domain_instance = _Words()


def chosen() -> str:
    """The visitor's language: the one they chose, else Chinese."""
    asked = request.cookies.get(COOKIE, "") if has_request_context() else ""
    return asked if asked in _LOCALES else CHINESE


def in_words(titles: dict[str, str], name: str = "title") -> str:
    """The `…_zh` or `…_en` member of an answer of the API, as the visitor reads."""
    found = titles.get(f"{name}_{chosen()}") or titles.get(f"{name}_zh") or ""
    agreed = name == "text"  # a notice stands as its digest was taken
    return found if agreed or chosen() == ENGLISH else typeset(found)


def typeset(words: str) -> str:
    """Chinese with the full-width marks that print has; rules are typed with half-width ones."""
    words = _BRACKETS.sub(lambda found: f"{_wide('(')}{found[1]}{_wide(')')}", words)
    return _MARKS.sub(lambda found: _wide(found[0]), words)


def _wide(mark: str) -> str:
    return chr(ord(mark) + _WIDER)


def init(app: Flask) -> None:
    """Let flask-babel choose by the visitor, and read our catalogues."""
    _Babel().init_app(
        app, default_locale=_LOCALES[CHINESE], locale_selector=lambda: _LOCALES[chosen()]
    )


def tag() -> str:
    """The visitor's language as HTML writes it."""
    return TAGS[chosen()]
