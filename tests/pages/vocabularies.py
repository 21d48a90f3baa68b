"""The closed sets of codes that pages show, read from the rooms and from the pack."""

import ast
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import get_args

from app import merchants, objections, recognition, redemption
from app.clearing.model import ADJUSTMENT, RESOLUTIONS
from app.consent import agreement
from app.ledger.model import DEBT, EARN, EXCHANGE_BACK, EXCHANGE_IN, POCKETS, TAKE_BACK
from app.merchants.payloads import CHECKS
from app.plumbing.tokens import SCOPES
from app.recognition.model import CORRECTION, IN, OUT
from app.redemption import alerts, books
from app.redemption.redeeming import CANCELLED_HERE
from app.rulebook import Rulebook, load, vocabulary
from tests.architecture.sources import modules, tree
from tests.rules.packs import WEIHAI


@cache
def rules() -> Rulebook:
    return load(WEIHAI)


def _called(folder: str, *names: str) -> set[str]:
    """The texts with which these functions are called first, in a room."""
    return {
        node.args[0].value
        for path in modules("app")
        if path.parts[1] == folder
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in names
        if isinstance(node.args[0], ast.Constant)
    }


def _rejected() -> set[str]:
    """Why items are rejected after they were read."""
    path = Path("app/activities/batch.py")
    return {
        node.args[1].value
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "_rejected"
        if isinstance(node.args[1], ast.Constant)
    }


def _transfers() -> set[str]:
    """The codes of the ledger's transfers."""
    flows = {
        node.value
        for name in ("model", "reserve")
        for call in ast.walk(tree(Path(f"app/ledger/{name}.py")))
        if isinstance(call, ast.Call)
        if ast.unparse(call.func).rpartition(".")[2] in {"Flow", "_template", "_return"}
        for node in call.args
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert {"expire", "hold", "release"} <= flows
    return flows | {EARN, TAKE_BACK, EXCHANGE_IN, EXCHANGE_BACK}


def caps() -> set[str]:
    return {cap.name for each in rules().behaviours.values() for cap in each.caps}


def _fields() -> set[str]:
    return {name for code in rules().behaviours for name in rules().fields(code)}


def _choices() -> set[str]:
    return {
        choice
        for code in rules().behaviours
        for field in rules().fields(code).values()
        for choice in field.choices or ()
    }


def _units() -> set[str]:
    measured = {each.quantity.unit for each in rules().behaviours.values() if each.quantity}
    card = rules().credit.scorecard
    assert card is not None
    parts = {vocabulary.CARD_INPUTS[part.input] for part in card.parts}
    capped = {cap.unit for each in rules().behaviours.values() for cap in each.caps}
    return measured | parts | capped | {*vocabulary.CAP_UNIT_OF_QUANTITY.values()}


def _terms() -> set[str]:
    rows: Iterable[tuple[str, int, int]] = [
        *vocabulary.CARD_PARAMETERS.values(),
        *vocabulary.CREDIT_PARAMETERS.values(),
    ]
    return {unit for unit, _, _ in rows}


def _data() -> set[str]:
    looks = {name for look in rules().privacy.looks.values() for name in look.data}
    given = {name for names in vocabulary.GIVEN_TO.values() for name in names}
    return {*rules().privacy.kinds, *vocabulary.CONSENT_DATA} | looks | given


# By a name for the test: the kind of label, and what has to have one.
SETS: dict[str, tuple[str, Callable[[], Iterable[str]]]] = {
    "categories": ("category", lambda: vocabulary.CATEGORIES),
    "dimensions": ("dimension", lambda: vocabulary.DIMENSIONS),
    "what left the rules": ("category", lambda: ["former"]),
    "overlap groups": ("reason", lambda: vocabulary.OVERLAP_GROUPS),
    "reasons without value": (
        "reason",
        lambda: _called("activities", "nothing", "Bad", "Rejection") | _rejected(),
    ),
    "other reasons": (
        "reason",
        lambda: ["share_of_baseline", "replaced", "registered_elsewhere", "PARTNER", "city"],
    ),
    "confirm delays": ("confirm", lambda: vocabulary.CONFIRM_DELAYS),
    "periods": ("period", lambda: vocabulary.PERIODS),
    "act units": ("unit", lambda: vocabulary.ACT_UNITS),
    "units of the rules": ("unit", _units),
    "units of credit": ("unit", _terms),
    "evidence": ("evidence", _fields),
    "choices of evidence": ("choice", _choices),
    "parameters": (
        "parameter",
        lambda: {name for each in rules().behaviours.values() for name in each.parameters},
    ),
    "categories of benefits": ("benefit_category", lambda: vocabulary.BENEFIT_CATEGORIES),
    "kinds of sources": ("source_kind", lambda: vocabulary.SOURCES),
    "values of credit": (
        "card_value",
        lambda: {*vocabulary.CARD_PARAMETERS, *vocabulary.CREDIT_PARAMETERS},
    ),
    "uses of banks": ("purpose", lambda: vocabulary.BANK_USES),
    "purposes": ("purpose", lambda: rules().privacy.purposes),
    "kinds of data": ("data", _data),
    "denials": ("denied", lambda: [*get_args(agreement.Reason), "no_grade"]),
    "ends of consents": (
        "consent_reason",
        lambda: (
            *("resident", "superseded", "closing", "term_over", "reads_taken"),
            *("notice_changed", "purpose_withdrawn"),
        ),
    ),
    "ends of attestations": ("ended_by", lambda: ["resident", "correction", "closing"]),
    "looks": ("who", lambda: {look.kind for look in rules().privacy.looks.values()}),
    "callers": ("who", lambda: {*SCOPES, "public", "job", "intake", "command"}),
    "transfers": ("entry", _transfers),
    "pockets": ("pocket", lambda: {*POCKETS, DEBT}),
    "approvals": (
        "approval_kind",
        lambda: (
            {
                kind.name
                for room in (merchants, redemption, recognition, objections)
                for kind in room.APPROVALS
            }
            | {"difference_resolution", "payout_payment"}
        ),
    ),
    "checks of merchants": ("check", lambda: CHECKS),
    "alerts": (
        "alert",
        lambda: [alerts.PAIR, alerts.NIGHT, alerts.DEVICE, alerts.USUAL, alerts.TWICE],
    ),
    "resolutions": ("resolution", lambda: RESOLUTIONS),
    "lines": ("line", lambda: {*books.KINDS.values(), ADJUSTMENT, IN, OUT, CORRECTION}),
    "outcomes at the counter": ("redemption", lambda: ["refused", CANCELLED_HERE]),
    "contested answers": ("contest", lambda: ["open", "upheld", "rejected", "withdrawn"]),
    "changed grades": ("changed", lambda: ["grade.withdrawn", "grade.corrected"]),
    "versions of grades": (
        "grade_reason",
        lambda: ["closing", "reversal", "rules", "dispute", "objection"],
    ),
    "ends of exchanges": ("exchange_reason", lambda: ["not_possible", "link_ended"]),
    "refused links": ("fault", lambda: _called("recognition", "Fault")),
    "books": ("book", lambda: ["merchant", "partner"]),
}
