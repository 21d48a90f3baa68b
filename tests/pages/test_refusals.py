"""Whatever the API refuses, people are told in a sentence that says what to do."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from pathlib import Path

import pytest

from app.pages.refusals import SENTENCES, faults, sentence
from app.plumbing import problems
from tests.architecture.sources import modules, tree
from tests.pages.readers import reading

CJK = re.compile(r"[\u4e00-\u9fff]")

# Codes that are written otherwise than as a text in the call, by where: `{…}` and names stand for
# what is computed there. What else is computed anywhere is refused by a test.
COMPUTED = {
    ("app/clearing/service.py", "code"): {"already_paid", "payout_held", "nothing_to_pay"},
    ("app/consent/granting.py", "code"): set(),  # given to `_wrong`, whose calls are read
    ("app/credit/answering.py", "f'unknown_{field}'"): {"unknown_product", "unknown_purpose"},
    ("app/credit/calculating.py", "f'unknown_{field}'"): {"unknown_product", "unknown_bank"},
    ("app/recognition/model.py", "f'exchange_{found.state}'"): {
        *("exchange_held", "exchange_confirmed", "exchange_rejected"),
        *("exchange_expired", "exchange_corrected"),
    },
    ("app/recognition/quoting.py", "code"): {"quota_day", "quota_month", "not_earned_for_this"},
    ("app/redemption/model.py", "code"): set(),  # given to `code_refused`, whose calls are read
    ("app/reports/exporting.py", "code"): {"bad_ticket", "bad_officer"},
    # Values of this name, no exceptions: that somebody is not to be asked, that a link was refused.
    ("app/consent/granting.py", "found.code"): set(),
    ("app/consent/register.py", "*row"): set(),
    ("app/recognition/store.py", "*row"): set(),
}
# Functions of a room that make a refusal of the code they are called with.
GIVEN_ON = {"consent": "_wrong", "redemption": "code_refused"}

# Codes that no page meets, by the reason why.
_MACHINES = {
    "the pages ask by the right method, type and grant, with a key": (
        *("method_not_allowed", "not_acceptable", "unsupported_media_type"),
        *("unsupported_grant_type", "http_error", "idempotency_key_required"),
    ),
    "commands say it, to whoever runs them": (
        *("unknown_client", "unknown_scope", "bad_name", "bad_behaviours", "unknown_format"),
        *("bad_key", "too_many_keys", "key_known", "bad_url"),
        *("bad_bank", "bad_merchant", "bad_partner", "bad_code", "not_in_production"),
        *("bad_ticket", "bad_officer", "unknown_bank"),
    ),
    "partner platforms meet it, whose programs have no pages": ("unknown_claim", "no_seat"),
    "programs meet it that fetch events": ("unknown_event",),
    "programs meet it that check status lists": ("unknown_status_list",),
    "apps meet it that hold a key; the pages bind a proof to its reader": ("bad_holder_key",),
    "probes meet it": ("not_ready",),
    "points are held and paid within other use cases, that refuse in words of their own": (
        "unknown_hold",
    ),
}
MACHINES = {code for codes in _MACHINES.values() for code in codes}


def _classes() -> Iterator[ast.ClassDef]:
    for path in modules("app"):
        yield from (node for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef))


def _refusals() -> tuple[set[str], set[str]]:
    """`Refusal` and all that inherits from it: those made with a code, those that know theirs."""
    found, knowing = {"Refusal"}, set[str]()
    while True:
        more = [
            node
            for node in _classes()
            if any(ast.unparse(base) in found | knowing for base in node.bases)
        ]
        own = {node.name for node in more if any(_inits(node))}
        new = {node.name for node in more} - own
        if new <= found and own <= knowing:
            return found, knowing
        found, knowing = found | new, knowing | own


def _codes_in(path: Path, made: set[str], knowing: set[str]) -> Iterator[ast.expr]:
    """Every expression of a module that says a code."""
    makers = made | {GIVEN_ON.get(path.parts[1], "Refusal")}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ClassDef) and node.name in knowing:
            yield from _inits(node)
        elif isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in makers:
            yield node.args[0]


def _inits(of: ast.ClassDef) -> Iterator[ast.expr]:
    """What a refusal gives to the one it inherits from."""
    for node in ast.walk(of):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "super().__init__":
            yield from node.args[:1]


@cache
def _raised() -> tuple[set[str], set[tuple[str, str]]]:
    """Every code in the source, and (module, expression) of those that are computed."""
    made, knowing = _refusals()
    codes, computed = {*problems._CODES.values(), "http_error"}, set()
    for path in modules("app"):
        for each in _codes_in(path, made, knowing):
            if isinstance(each, ast.Constant):
                codes.add(each.value)
            else:
                computed.add((path.as_posix(), ast.unparse(each)))
    return codes, computed


def _known() -> set[str]:
    codes, _ = _raised()
    return codes | {code for more in COMPUTED.values() for code in more}


def test_computed_codes_are_known_here() -> None:
    _, computed = _raised()

    assert computed == COMPUTED.keys()


def test_every_code_has_a_sentence_or_a_reason() -> None:
    assert sorted(_known() - SENTENCES.keys() - MACHINES) == []
    assert sorted(SENTENCES.keys() & MACHINES) == []


def test_nothing_is_told_of_codes_that_nobody_raises() -> None:
    assert sorted((SENTENCES.keys() | MACHINES) - _known()) == []


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_sentences_are_sentences_in_both_languages(code: str) -> None:
    with reading("en"):
        english = sentence({"code": code})
    with reading("zh"):
        chinese = sentence({"code": code})

    assert english.endswith(".")
    assert english[0].isupper()
    assert "%(" not in english + chinese
    assert chinese.endswith("。")
    assert not CJK.search(english)
    assert CJK.search(chinese)


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        ({"code": "not_enough_points", "missing": "12.00"}, "12.00 more points"),
        ({"code": "not_enough_points"}, "not have enough points"),
        ({"code": "below_least", "least": "1.00"}, "worth 1.00 points"),
        ({"code": "quota_day", "left": "0.00"}, "still exchange 0.00 points today"),
        ({"code": "subject_cooling", "free_from": "2026-04-01"}, "from 2026-04-01 on"),
        ({"code": "limit_reached", "limit": "person_daily"}, "Try again tomorrow"),
        ({"code": "limit_reached", "limit": "another"}, "one person may"),
        ({"code": "wrong_state", "voucher_status": "expired"}, "has expired"),
        ({"code": "wrong_state", "voucher_status": "issued"}, "present state"),
        ({"code": "wrong_state", "state": "closed"}, "present state"),
        ({"code": "too_many_codes", "retry_after": "45"}, "Wait 45 seconds"),
        ({"code": "too_many_codes", "retry_after": 0}, "Wait 1 seconds"),
        ({"code": "rate_limited", "retry_after": "3541"}, "Wait 60 minutes"),
        ({"code": "rate_limited"}, "Wait a minute"),
        ({"code": "unheard_of", "request_id": "req_7"}, "tell us this number: req_7"),
        ({"code": "unheard_of", "request_id": ""}, "Try again in a moment"),
        ({}, "Try again in a moment"),
    ],
)
def test_figures_are_filled_in(problem: dict[str, object], told: str) -> None:
    with reading("en"):
        assert told in sentence(problem)
    with reading("zh"):
        assert "%(" not in sentence(problem)
        assert CJK.search(sentence(problem))


def test_faults_are_told_by_their_field() -> None:
    problem = {
        "code": "invalid",
        "errors": [
            {"pointer": "/phone", "code": "required", "detail": "Missing data …"},
            {"pointer": "/offer/amount", "code": "invalid", "detail": "An amount of yuan."},
            {"pointer": "/offer/amount", "code": "unknown", "detail": "The first one is told."},
            {"pointer": "/times", "code": "bad_times", "detail": "Choose from 1 to 10 reads."},
            {"pointer": "", "code": "strange", "detail": "The whole of it."},
        ],
    }

    with reading("en"):
        assert faults(problem) == {
            "phone": "Fill this in.",
            "amount": "This is not right. Check it.",
            "times": "So many looks are not possible. Choose fewer.",
            "": "This is not right. Check it.",
        }
        assert faults({"code": "not_found"}) == {}


def test_the_frameworks_own_errors_are_all_known() -> None:
    assert {HTTPStatus(status).value for status in problems._CODES} == problems._CODES.keys()
