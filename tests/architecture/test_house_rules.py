"""The rules of the house that no linter has. An exemption stands here with its reason."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, modules, names_used, tracked, tree

LONGEST_MODULE = 300
LONGEST_FUNCTION = 40

# file → reason; the number is a ratchet: it may fall, never rise.
LONG_MODULES: dict[str, tuple[int, str]] = {}
# file:function → reason, the same ratchet.
LONG_FUNCTIONS: dict[str, tuple[int, str]] = {}

CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "date.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
}
READS_THE_CLOCK = {"app/kernel/clock.py": "the clock itself"}

READS_THE_ENVIRONMENT = {
    "app/settings.py": "the only reader of the environment",
    "app/plumbing/observing.py": "prometheus_client is told its folder by a variable of its own",
    "app/cli/children.py": "a child has what its parent has, and secrets of its own",
}

COMMITS = {"app/plumbing/": "transactions are opened and ended there"}


def _offences(
    forbidden: Callable[[Path], list[tuple[int, str]]], exempt: dict[str, str], *folders: str
) -> list[str]:
    return [
        f"{module}:{line} {what}"
        for module in modules(*folders)
        if not any(str(module).startswith(start) for start in exempt)
        for line, what in forbidden(module)
    ]


def _module_lengths() -> dict[str, int]:
    return {
        str(module): len((ROOT / module).read_text(encoding="utf-8").splitlines())
        for module in modules("app", "bench", "tests")
    }


def _function_lengths() -> dict[str, int]:
    return {
        f"{module}:{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for module in modules("app", "bench")
        for node in ast.walk(tree(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def _over(lengths: dict[str, int], most: int, exempt: dict[str, tuple[int, str]]) -> dict[str, int]:
    return {name: n for name, n in lengths.items() if n > exempt.get(name, (most, ""))[0]}


def test_a_module_is_a_screen_or_three() -> None:
    assert _over(_module_lengths(), LONGEST_MODULE, LONG_MODULES) == {}


def test_a_function_is_a_thought() -> None:
    assert _over(_function_lengths(), LONGEST_FUNCTION, LONG_FUNCTIONS) == {}


def test_an_exemption_that_is_no_longer_needed_goes() -> None:
    still_long = _over(_module_lengths(), LONGEST_MODULE, {})
    still_long |= _over(_function_lengths(), LONGEST_FUNCTION, {})
    assert {*LONG_MODULES, *LONG_FUNCTIONS} - still_long.keys() == set()


def test_no_quantity_is_a_float() -> None:
    def floats(module: Path) -> list[tuple[int, str]]:
        return [
            (node.lineno, ast.unparse(node))
            for node in ast.walk(tree(module))
            if (isinstance(node, ast.Constant) and isinstance(node.value, float | complex))
            or (isinstance(node, ast.Name) and node.id == "float")
        ]

    exempt = {"app/plumbing/": "seconds to wait are no quantities"}
    assert _offences(floats, exempt, "app") == []


def test_time_is_read_in_one_place() -> None:
    def clocks(module: Path) -> list[tuple[int, str]]:
        return [(line, name) for name, line in names_used(module) if name in CLOCKS]

    assert _offences(clocks, READS_THE_CLOCK, "app") == []


def test_the_environment_is_read_in_one_place() -> None:
    names = {"os.environ", "os.getenv", "environ", "getenv"}

    def readers(module: Path) -> list[tuple[int, str]]:
        return [(line, name) for name, line in names_used(module) if name in names]

    assert _offences(readers, READS_THE_ENVIRONMENT, "app") == []


def test_only_plumbing_ends_a_transaction() -> None:
    def endings(module: Path) -> list[tuple[int, str]]:
        return [
            (node.lineno, ast.unparse(node))
            for node in ast.walk(tree(module))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"commit", "rollback"}
        ]

    assert _offences(endings, COMMITS, "app") == []


def test_every_package_opens_with_prose() -> None:
    doors = [module for module in modules("app") if module.name == "__init__.py"]
    assert [str(door) for door in doors if not ast.get_docstring(tree(door))] == []


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    left = [
        f"{path}:{number}"
        for path in tracked()
        if path.suffix in {".py", ".toml", ".md", ".html"} and path != _this()
        for number, line in enumerate((ROOT / path).read_text("utf-8", "replace").splitlines(), 1)
        if later.search(line)
    ]
    assert left == []


def _this() -> Path:
    return Path(__file__).resolve().relative_to(ROOT)


@pytest.mark.parametrize(
    "made_here",
    [".venv/", ".env", "instance/", "__pycache__/", ".pytest_cache/", ".hypothesis/"],
)
def test_what_a_machine_makes_is_not_kept(made_here: str) -> None:
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert made_here in {line.strip("/") + "/" * line.endswith("/") for line in ignored}


def test_no_kept_file_is_large() -> None:
    large = {str(p): (ROOT / p).stat().st_size for p in tracked()}
    assert {name: size for name, size in large.items() if size > 1 << 20} == {}
