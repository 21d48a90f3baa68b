"""`credit/scorecard.toml` and `credit/reasons.toml` → `Scorecard`, its reasons. A card that looks
at what it may not, lets one purchase decide, or was not released, is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from app.rulebook.cards import (
    CardPart,
    Left,
    Paper,
    Reason,
    Release,
    Scorecard,
    Step,
    steps_of,
    steps_text,
)
from app.rulebook.files import Files
from app.rulebook.model import Behaviour, Parameter
from app.rulebook.parameters import (
    CORRECTION_APPROVERS,
    exact_wrong,
    range_wrong,
    read_every,
    read_parameter,
    refuse_end,
    steady,
    whole_wrong,
)
from app.rulebook.reading import NO_DAY, Table
from app.rulebook.vocabulary import (
    CARD_INPUTS,
    CARD_PARAMETERS,
    FORBIDDEN_INPUTS,
    MOST_FACTOR,
    WHEREABOUTS,
)

_UNITS = {name: unit for name, (unit, _, _) in CARD_PARAMETERS.items()}
_MOST_MEASURED = 1_000_000
_WEIGHED = ("reduction", "evidence")
_PERSONAL = tuple(kind for kind in FORBIDDEN_INPUTS if kind != WHEREABOUTS)


def read_card(
    table: Table, behaviours: Mapping[str, Behaviour], files: Files, *, kept: bool = False
) -> Scorecard:
    """The scorecard of `scorecard.toml`; `files` hold the papers of its release. Faults are noted
    in the table's list. A card that was `kept` may be older than the behaviours."""
    left_out = _left(table, "left_out")
    outside = {left.code for left in left_out}
    card = Scorecard(
        version=table.text("version"),
        title_zh=table.text("title_zh"),
        title_en=table.text("title_en"),
        principle_zh=table.text("principle_zh"),
        principle_en=table.text("principle_en"),
        purpose_zh=table.text("purpose_zh"),
        purpose_en=table.text("purpose_en"),
        parts=tuple(_part(inner) for inner in table.tables("parts")),
        parameters=read_every(table, "scorecard", _UNITS, _judge, endless=_UNITS),
        left_out=left_out,
        never_used=_left(table, "never_used"),
        categories={
            code: each.category
            for code, each in behaviours.items()
            if code not in outside and _forbidden(code, _PERSONAL) is None
        },
        release=_release(table, files),
        notes=table.words("notes"),
    )
    table.done()
    _refuse_sum(table, card)
    if not kept:
        _refuse_strangers(table, outside, behaviours)
    _refuse_silence(table, card)
    if card.parameters.keys() == _UNITS.keys() and all(map(steady, card.every_parameter)):
        _refuse_lone(table, card)
    return card


def read_reasons(table: Table, parts: Iterable[CardPart]) -> dict[str, Reason]:
    """The reasons of `reasons.toml`, by code: one for each part of the card."""
    names = [part.name for part in parts]
    found: dict[str, Reason] = {}
    for inner in table.tables("reasons"):
        reason = Reason(
            inner.name,
            inner.text("part"),
            *(
                inner.text(f"{who}_{language}")
                for who in ("resident", "staff", "hint")
                for language in ("zh", "en")
            ),
        )
        inner.done()
        if reason.part and reason.part not in names:
            inner.wrong("part", f"the scorecard has no part {reason.part!r}")
        if reason.part in {each.part for each in found.values()}:
            inner.wrong("part", f"{reason.part} has a reason already")
        found[inner.name] = reason
    table.done()
    for name in names:
        if name not in {each.part for each in found.values()}:
            table.wrong("reasons", f"the part {name} has none")
    return found


def _part(table: Table) -> CardPart:
    name = table.name
    kind = table.text("input")
    _refuse_forbidden(table, "", name)
    if kind not in CARD_INPUTS and not _refuse_forbidden(table, "input", kind):
        table.wrong("input", f"unknown {kind!r}, expected one of {', '.join(sorted(CARD_INPUTS))}")
    part = CardPart(
        name=name,
        title_zh=table.text("title_zh"),
        title_en=table.text("title_en"),
        words_zh=table.text("words_zh"),
        words_en=table.text("words_en"),
        input=kind,
        unit=CARD_INPUTS.get(kind, ""),
        most=table.whole("most", 1, MOST_FACTOR),
        steps=_ladder(table, name, CARD_INPUTS.get(kind)),
    )
    table.done()
    for position, entry in enumerate(part.steps.values):
        steps = steps_of(str(entry.value)) if entry.value else ()
        if steps and steps[-1].points != part.most:
            table.wrong(f"steps.values[{position}].value", f"does not end at most = {part.most}")
    return part


def _ladder(table: Table, name: str, unit: str | None) -> Parameter:
    inner = table.table("steps", required=True)
    if inner is None:
        return Parameter(f"{name}_steps", unit or "", None, (), table.file)
    steps = read_parameter(inner, f"{name}_steps", (unit,) if unit else None, _steps)
    refuse_end(inner, steps)
    return steps


def _steps(entry: Table) -> str:
    """The way of reading a value that is a list of steps: both numbers of each rise."""
    found: list[Step] = []
    for row in entry.rows("value", required=True):
        step = Step(row.whole("at", 1, _MOST_MEASURED), row.whole("points", 1, MOST_FACTOR))
        row.done()
        for name, value, before in zip(
            step._fields, step, found[-1] if found else (0, 0), strict=True
        ):
            if value <= before:
                row.wrong(name, f"{value} does not rise above {before}")
        found.append(step)
    if not found and entry.has("value"):
        entry.wrong("value", "names no step")
    return steps_text(tuple(found))


def _refuse_forbidden(table: Table, key: str, name: str, kinds: Iterable[str] = ()) -> bool:
    """Note a name that holds a word of what no card may look at (of these kinds; all)."""
    kind = _forbidden(name, kinds or FORBIDDEN_INPUTS)
    if kind is not None:
        table.wrong(key, f"{name!r} tells of {kind}: {FORBIDDEN_INPUTS[kind][1]}")
    return kind is not None


def _forbidden(name: str, kinds: Iterable[str]) -> str | None:
    """The kind, of these, that a name tells of."""
    words = set(name.split("_"))
    return next((kind for kind in kinds if words.intersection(FORBIDDEN_INPUTS[kind][0])), None)


def _judge(parameter: Parameter, number: Decimal) -> str | None:
    unit, least, most = CARD_PARAMETERS[parameter.name]
    if parameter.name == "band_width" and number and MOST_FACTOR % number:
        return f"does not divide {MOST_FACTOR}"
    return range_wrong(number, least, most) or (
        exact_wrong(number, 6) if unit == "kg" else whole_wrong(number)
    )


def _left(table: Table, name: str) -> tuple[Left, ...]:
    found = []
    for inner in table.tables(name):
        found.append(Left(inner.name, inner.text("reason_zh"), inner.text("reason_en")))
        inner.done()
    return tuple(found)


def _release(table: Table, files: Files) -> Release:
    digest = table.digest("release")
    inner = table.table("release")
    if inner is None:
        table.wrong("release", "missing: a card without validation, assessment and approvals")
        return Release("", NO_DAY, Paper("", ""), Paper("", ""), ())
    release = Release(
        card=inner.text("card"),
        day=inner.day("day"),
        validation=_paper(inner, "validation", files),
        assessment=_paper(inner, "assessment", files),
        approved_by=inner.words("approved_by"),
    )
    inner.done()
    if release.card and release.card != digest:
        inner.wrong("card", f"is of another card; once this one is validated, write {digest}")
    if len(release.approved_by) < CORRECTION_APPROVERS:
        inner.wrong("approved_by", f"needs {CORRECTION_APPROVERS} or more names")
    return release


def _paper(release: Table, name: str, files: Files) -> Paper:
    inner = release.table(name, required=True)
    if inner is None:
        return Paper("", "")
    paper = Paper(inner.text("file"), inner.text("sha256"))
    inner.done()
    body = files.get(f"credit/{paper.file}")
    if body is None and paper.file:
        inner.wrong("file", f"there is no credit/{paper.file}")
    elif body is not None and (digest := hashlib.sha256(body).hexdigest()) != paper.sha256:
        inner.wrong("sha256", f"is not that of the file, which is {digest}")
    return paper


def _refuse_sum(table: Table, card: Scorecard) -> None:
    whole = sum(part.most for part in card.parts)
    if whole != MOST_FACTOR:
        table.wrong("parts", f"their most add up to {whole}, not to {MOST_FACTOR}")
    inputs = [part.input for part in card.parts]
    for part in card.parts:
        if inputs.count(part.input) > 1:
            table.wrong(f"parts.{part.name}.input", "two parts measure the same")


def _refuse_strangers(table: Table, outside: set[str], behaviours: Mapping[str, Behaviour]) -> None:
    """What is left out exists, and what tells of a person's health, faith or body is left out."""
    for code in sorted(outside - behaviours.keys()):
        table.wrong(f"left_out.{code}", f"there is no behaviours/{code}.toml")
    for code in sorted(behaviours.keys() - outside):
        _refuse_forbidden(table, "left_out", code, _PERSONAL)


def _refuse_silence(table: Table, card: Scorecard) -> None:
    """The card says of every forbidden kind of data that it never looks at it."""
    said = {left.code for left in card.never_used}
    for kind in FORBIDDEN_INPUTS.keys() - said:
        table.wrong(f"never_used.{kind}", "missing, every scorecard says it")
    for kind in said - FORBIDDEN_INPUTS.keys():
        table.wrong(f"never_used.{kind}", "is no such kind of data")


def _refuse_lone(table: Table, card: Scorecard) -> None:
    """One purchase, however large, stays within `lone_most` on every day: it is one behaviour of
    one source in one category, and makes no month regular and no quarter earlier."""
    begun = max(parameter.since for parameter in card.every_parameter)
    days = {entry.since for parameter in card.every_parameter for entry in parameter.values}
    for day in sorted({max(begun, each) for each in days}):
        points, most = _lone(card, day), card.count("lone_most", day)
        if points > most:
            table.wrong("parameters.lone_most", f"one purchase can reach {points} on {day}")


def _lone(card: Scorecard, day: date) -> int:
    caps = (card.parameters[name].at(day).number for name in ("behaviour_cap", "source_cap"))
    counted = {**dict.fromkeys(_WEIGHED, int(min(caps))), "categories": 1}
    return sum(part.points(counted.get(part.input, 0), day) for part in card.parts)
