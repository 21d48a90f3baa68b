"""The folder `privacy`: kinds of data, reasons to look, a file a purpose → `Privacy`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import cast

from app.rulebook.files import Files, tables
from app.rulebook.model import BadRule, Parameter
from app.rulebook.parameters import read_every, whole_wrong
from app.rulebook.privacy import (
    DataClass,
    DataKind,
    Kept,
    KeptFrom,
    Look,
    Privacy,
    Purpose,
    RecipientKind,
)
from app.rulebook.reading import Faults, Table, parse, twins
from app.rulebook.vocabulary import (
    CONSENT_VERSION_LENGTH,
    DATA_CLASSES,
    FORBIDDEN_CLASS,
    GIVEN_TO,
    KEPT_FROM,
    LOOKS,
    PRIVACY_PARAMETERS,
)

DATA_FILE = "privacy/data.toml"
LOOKS_FILE = "privacy/looks.toml"
RULES_FILE = "privacy/consent.toml"
_PURPOSES = "privacy/purposes"
_BASIS_LENGTH = 200
_CODE_LENGTH = 40
_UNITS = {name: unit for name, (unit, _, _) in PRIVACY_PARAMETERS.items()}
Kinds = Mapping[str, DataKind]


def read_privacy(files: Files, faults: Faults, digest: str) -> Privacy:
    """What the files of the folder say, by their names ("privacy/data.toml")."""
    if not files:
        return Privacy()
    data, looks, rules = (_top(files, each, faults) for each in (DATA_FILE, LOOKS_FILE, RULES_FILE))
    kinds = _kinds(data) if data else {}
    told = dict(tables(files, _PURPOSES, faults))
    purposes = {code: _purpose(table, code, kinds) for code, table in told.items()}
    for code, key, wrong in twins(purposes.values(), ("title_zh", "title_en")):
        told[code].wrong(key, wrong)
    return Privacy(
        digest=digest,
        kinds=kinds,
        purposes=purposes,
        looks=_looks(looks, kinds, purposes) if looks else {},
        parameters=_rules(rules) if rules else {},
    )


def _top(files: Files, name: str, faults: Faults) -> Table | None:
    if name not in files:
        faults.append(BadRule(name, "-", "missing, the pack has files of privacy"))
        return None
    return parse(name, files[name], faults)


def _rules(table: Table) -> dict[str, Parameter]:
    found = read_every(table, "pack", _UNITS, _judge, endless=_UNITS)
    table.done()
    _refuse_many(table, found)
    return found


def _refuse_many(table: Table, rules: Mapping[str, Parameter]) -> None:
    """What is allowed unless said otherwise is within what may be allowed, on every day."""
    default, most = (rules.get(name) for name in ("default_reads", "most_reads"))
    if not (default and most and default.values and most.values):
        return
    begun = max(default.since, most.since)
    for day in sorted({entry.since for entry in (*default.values, *most.values)}):
        if day >= begun and default.at(day).number > most.at(day).number:
            table.wrong("parameters.default_reads", f"is above most_reads on {day}")


def _judge(parameter: Parameter, number: Decimal) -> str | None:
    _, least, most = PRIVACY_PARAMETERS[parameter.name]
    if not least <= number <= most:
        return f"must be from {least} to {most}"
    return whole_wrong(number)


def _kinds(table: Table) -> dict[str, DataKind]:
    found = {inner.name: _kind(inner) for inner in table.tables("kinds")}
    table.done()
    if not found:
        table.wrong("kinds", "names no kind of data")
    for code, key, wrong in twins(found.values(), ("title_zh", "title_en")):
        table.wrong(f"kinds.{code}.{key}", wrong)
    return found


def _kind(table: Table) -> DataKind:
    class_ = table.maybe_text("class", required=True)
    if class_ == FORBIDDEN_CLASS:
        table.wrong("class", "C3 (passwords, codes, biometrics) is never kept")
    elif class_ is not None and class_ not in DATA_CLASSES:
        table.wrong("class", f"unknown {class_!r}, expected one of {', '.join(DATA_CLASSES)}")
    kind = DataKind(
        code=table.name,
        title_zh=table.text("title_zh"),
        title_en=table.text("title_en"),
        class_=cast(DataClass, class_ or ""),
        sensitive=table.flag("sensitive"),
        origin_zh=table.text("origin_zh"),
        origin_en=table.text("origin_en"),
        why_zh=table.text("why_zh"),
        why_en=table.text("why_en"),
        keep=_kept(table),
    )
    table.done()
    return kind


def _kept(table: Table) -> Kept:
    inner = table.table("keep", required=True)
    if inner is None:
        return Kept(0, "made", "", "", "")
    days = inner.number("days")  # none: until the moment itself
    wrong = whole_wrong(days)
    if wrong:
        inner.wrong("days", wrong)
    kept = Kept(
        days=int(days),
        since=cast(KeptFrom, inner.word("from", KEPT_FROM)),
        reason_zh=inner.text("reason_zh"),
        reason_en=inner.text("reason_en"),
        law=inner.text("law"),
    )
    inner.done()
    return kept


def _purpose(table: Table, code: str, kinds: Kinds) -> Purpose:
    recipient = table.word("recipient", GIVEN_TO)
    data = table.words("data", GIVEN_TO.get(recipient, ()))
    purpose = Purpose(
        code=code,
        version=table.text("version"),
        title_zh=table.text("title_zh"),
        title_en=table.text("title_en"),
        recipient=cast(RecipientKind, recipient),
        basis=table.text("basis"),
        data=tuple(kinds[each] for each in data if each in kinds),
        choosable=table.words("choosable", data),
        method_zh=table.text("method_zh"),
        method_en=table.text("method_en"),
        keep=_kept(table),
        kept_after_zh=table.text("kept_after_zh"),
        kept_after_en=table.text("kept_after_en"),
        separate=table.flag("separate"),
        necessity_zh=table.text("necessity_zh"),
        necessity_en=table.text("necessity_en"),
        effect_zh=table.text("effect_zh"),
        effect_en=table.text("effect_en"),
        text_zh=table.text("text_zh"),
        text_en=table.text("text_en"),
    )
    table.done()
    _refuse_loose(table, purpose, data, kinds)
    return purpose


def _refuse_loose(table: Table, purpose: Purpose, data: Iterable[str], kinds: Kinds) -> None:
    """What the register could not keep, and what would be no consent of its own."""
    if table.has("data") and not purpose.data:
        table.wrong("data", "names no kind of data")
    for each in data:
        if each not in kinds:
            table.wrong("data", f"there is no kind {each!r} in {DATA_FILE}")
    if table.has("separate") and not purpose.separate:
        table.wrong("separate", "must be true: giving data to another takes a consent of its own")
    for key, said, most in (
        ("version", purpose.version, CONSENT_VERSION_LENGTH),
        ("basis", purpose.basis, _BASIS_LENGTH),
        ("", purpose.code, _CODE_LENGTH),
    ):
        if len(said) > most:
            table.wrong(key, f"is longer than {most} characters")


def _looks(table: Table, kinds: Kinds, purposes: Mapping[str, Purpose]) -> dict[str, Look]:
    found = {inner.name: _look(inner, kinds) for inner in table.tables("looks")}
    table.done()
    for code in found.keys() & purposes.keys():
        table.wrong(f"looks.{code}", "has the code of a purpose")
    for code in LOOKS.keys() - found.keys():
        table.wrong(f"looks.{code}", "missing, the service looks for this reason")
    return found


def _look(table: Table, kinds: Kinds) -> Look:
    if table.name not in LOOKS:
        table.wrong("", f"unknown, expected one of {', '.join(LOOKS)}")
    look = Look(
        code=table.name,
        kind=LOOKS.get(table.name, ""),
        title_zh=table.text("title_zh"),
        title_en=table.text("title_en"),
        data=table.words("data", kinds),
        basis_zh=table.text("basis_zh"),
        basis_en=table.text("basis_en"),
    )
    if not look.data:
        table.wrong("data", "names no kind of data")
    table.done()
    return look
