"""Every word of the pages stands in the catalogues, and nothing else does."""

import re

import pytest

from tests.pages import words

CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
BARE_PERCENT = re.compile(r"%(?!%|\(\w+\)[sd])")
# In Chinese these are written wide: ，；：？！（）
NARROW = re.compile(r"[\u4e00-\u9fff][,;:?!()]|[,;:?!()][\u4e00-\u9fff]")
SHOWN_IN_EVERY_LANGUAGE = ("微碳", "中文")


def _lines(found: list[str]) -> str:
    return "\n".join(["", *found])


@pytest.mark.parametrize("domain", [*words.DOMAINS, "frame"])
def test_every_word_has_chinese(domain: str) -> None:
    missing = [words.entry(each) for each in words.missing().get(domain, [])]

    assert not missing, _lines(missing)


def test_a_word_of_two_catalogues_is_the_same_in_both() -> None:
    found: dict[words.Key, dict[str, tuple[str, ...]]] = {}
    for name, message in words.entries():
        found.setdefault(words.key(message), {})[name] = words.chinese(message)
    apart = {key: told for key, told in found.items() if len({*told.values()}) > 1}

    assert not apart


def test_no_catalogue_has_what_nobody_says() -> None:
    said = {each.key for each in words.said()}
    idle = [
        f"{name}.po: {words.key(message)}"
        for name, message in words.entries()
        if words.key(message) not in said
    ]

    assert not idle, _lines(idle)


def test_catalogues_hold_nothing_doubtful_or_put_aside() -> None:
    wrong = [f"{name}.po: {words.key(m)} is fuzzy" for name, m in words.entries() if m.fuzzy]
    wrong += [
        f"{name}.po: {key!r} is put aside"
        for name, found in words.catalogues().items()
        for key in found.obsolete
    ]

    assert not wrong, _lines(wrong)


def test_both_sides_have_the_same_placeholders() -> None:
    wrong = []
    for name, message in words.entries():
        ids = (message.id,) if isinstance(message.id, str) else message.id
        wanted = {each for one in ids for each in PLACEHOLDER.findall(one)}
        wrong += [
            f"{name}.po: {text}"
            for text in words.chinese(message)
            if text and {*PLACEHOLDER.findall(text)} != wanted
        ]

    assert not wrong, _lines(wrong)


def test_a_template_can_fill_in_every_word_it_says() -> None:
    """Templates fill in always: a bare % breaks the page, and `%%` is what stands for it."""
    filled = {each.key for each in words.said() if each.file.suffix == ".html"}
    wrong = [key[1] for key in filled if BARE_PERCENT.search(key[1].replace("%%", ""))]
    wrong += [
        f"{name}.po: {text}"
        for name, message in words.entries()
        for text in words.chinese(message)
        if words.key(message) in filled and BARE_PERCENT.search(text.replace("%%", ""))
    ]

    assert not wrong, _lines(wrong)


def test_what_stands_in_code_is_english() -> None:
    wrong = [f"{each.place}: {each.key[1]}" for each in words.said() if CJK.search(each.key[1])]

    assert not wrong, _lines(wrong)


def test_chinese_has_wide_punctuation() -> None:
    wrong = [
        f"{name}.po: {text}"
        for name, message in words.entries()
        for text in words.chinese(message)
        if NARROW.search(PLACEHOLDER.sub("", text))
    ]

    assert not wrong, _lines(wrong)


def test_templates_say_nothing_outside_the_catalogues() -> None:
    wrong = [
        f"{path.relative_to(words.ROOT)}:{line}: {text}" for path, line, text in words.outside()
    ]

    assert not wrong, _lines(wrong)


def test_code_style_and_scripts_hold_no_chinese() -> None:
    wrong = []
    for path in sorted(words.PAGES.rglob("*")):
        if path.suffix in {".py", ".js", ".css", ".webmanifest"}:
            text = path.read_text(encoding="utf-8")
            for word in SHOWN_IN_EVERY_LANGUAGE:
                text = text.replace(word, "")
            wrong += [
                f"{path.relative_to(words.ROOT)}:{number}: {line.strip()}"
                for number, line in enumerate(text.splitlines(), 1)
                if CJK.search(line)
            ]

    assert not wrong, _lines(wrong)


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>{{ _('Points') }} 微碳 Weitan · 12.50 → <a href=x lang=en>English</a></p>", []),
        ("<p>Points</p>", [(1, "Points")]),
        ("{% if x %}\n<b>{{ n }} g</b>{% endif %}", [(2, "g")]),
        ("<p>{% trans n=3 %}You have {{ n }}.{% endtrans %}&nbsp;&times;</p>", []),
        ('<img alt="A tree" src="tree.svg" class="wide">', [(1, "A tree")]),
        ('<input type="submit" value="Go"><input type="hidden" value="go">', [(1, "Go")]),
        ('<button aria-label="{{ _("Close") }}" data-step="one">×</button>', []),
        ("<p>积分</p>", [(1, "积分")]),
        ("{% block shape %}wide{% endblock %}{% block body %}narrow", [(1, "narrow")]),
        ("{# a remark\nof two lines #}<i\n title='Why'>?</i>", [(2, "Why")]),
    ],
)
def test_text_outside_is_seen(template: str, found: list[tuple[int, str]]) -> None:
    assert words.bare(template, {"shape"}) == found


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("app/pages/templates/resident/home.html", "resident"),
        ("app/pages/resident/points.py", "resident"),
        ("app/pages/bank.py", "bank"),
        ("app/pages/spending/vouchers.py", "spending"),
        ("app/pages/operator_approvals.py", "operator"),
        ("app/pages/labels/acts.py", "labels"),
        ("app/pages/refusals/__init__.py", "refusals"),
        ("app/pages/templates/frame/page.html", "frame"),
        ("app/pages/showing.py", "frame"),
        ("app/demo/templates/doors.html", "frame"),
    ],
)
def test_a_word_belongs_to_a_domain_by_its_place(path: str, name: str) -> None:
    assert words.domain(words.ROOT / path) == name
