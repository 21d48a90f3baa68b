"""Past values change only by a correction: the lock file, and the whole check of a pack.

`values.lock` holds one line a value: file, parameter, first day, digest of what the value says
(number, unit, confidence, reference), and digest of its correction or "-". A value in force whose
digest differs from its line is refused unless it carries a correction that the line does not know
yet; so each change of a past value needs a correction of its own. The decimals of a partner's unit
have a line, too, and no correction.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

from app.rulebook.book import Rulebook, build, load, read_files
from app.rulebook.model import BadRule, Parameter, Value

LOCK_FILE = "values.lock"
_PARTS = 5
_NO_CORRECTION = "-"
_EVER = date.min.isoformat()
Key = tuple[str, str, str]
Seals = dict[Key, tuple[str, str]]


def check(folder: Path, today: date | None = None) -> list[BadRule]:
    """Everything wrong with a pack and its lock; empty when it may be used.

    Values that begin after `today` may still change freely; without a day, none may.
    """
    faults: list[BadRule] = []
    rulebook = build(read_files(folder), faults)
    if faults or rulebook is None:
        return faults
    if not (folder / LOCK_FILE).is_file():
        return [BadRule(LOCK_FILE, "-", "missing: run flask rules lock")]
    locked, current = _read_lock(folder, faults), _seals(rulebook)
    return [*faults, *_changed(locked, current, today), *_unlocked(locked, current, today)]


def lock_lines(rulebook: Rulebook) -> list[str]:
    """The lines of `values.lock` for this rulebook, sorted."""
    return [" ".join([*key, *seal]) for key, seal in sorted(_seals(rulebook).items())]


def write_lock(folder: Path, today: date | None = None) -> int:
    """Lock the values of a pack as they stand now; gives their count.

    Raises BadRule for a pack that does not load and for a past value that changed or vanished
    without a correction: locking is no way around the rule.
    """
    rulebook = load(folder)
    if (folder / LOCK_FILE).exists():
        faults: list[BadRule] = []
        locked = _read_lock(folder, faults)
        faults += _changed(locked, _seals(rulebook), today)
        if faults:
            raise faults[0]
    lines = lock_lines(rulebook)
    (folder / LOCK_FILE).write_text("\n".join([*lines, ""]), encoding="utf-8")
    return len(lines)


def _seals(rulebook: Rulebook) -> Seals:
    return _units(rulebook) | {
        (parameter.source, parameter.name, entry.since.isoformat()): (
            _seal(parameter, entry),
            _correction(entry),
        )
        for parameter in (
            *rulebook.parameters(),
            *rulebook.offers.every_parameter,
            *rulebook.recognition.every_parameter,
            *rulebook.calendar.every_parameter,
            *rulebook.credit.every_parameter,
            *rulebook.privacy.every_parameter,
        )
        for entry in parameter.values
    }


def _units(rulebook: Rulebook) -> Seals:
    """The decimals of each partner's unit: amounts are kept in its smallest part, so they stay."""
    return {
        (each.source, "places", _EVER): (_sha256([str(each.places)]), _NO_CORRECTION)
        for each in rulebook.recognition.platforms.values()
    }


def _seal(parameter: Parameter, entry: Value) -> str:
    said = "ended" if entry.value is None else str(entry.value)
    where = entry.reference
    return _sha256([said, parameter.unit, entry.confidence, where.title, where.clause, where.url])


def _correction(entry: Value) -> str:
    if entry.correction is None:
        return _NO_CORRECTION
    return _sha256([entry.correction.reason, *entry.correction.approved_by])


def _sha256(parts: list[str | None]) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8")).hexdigest()


def _read_lock(folder: Path, faults: list[BadRule]) -> Seals:
    locked: Seals = {}
    lines = (folder / LOCK_FILE).read_text(encoding="utf-8", errors="replace").splitlines()
    for number, line in enumerate(lines, start=1):
        parts = line.split(" ")
        if len(parts) != _PARTS:
            faults.append(BadRule(LOCK_FILE, f"line {number}", "is no line of this file"))
            continue
        file, name, day, seal, correction = parts
        locked[file, name, day] = (seal, correction)
    return locked


def _changed(locked: Seals, current: Seals, today: date | None) -> list[BadRule]:
    """Past values that changed or vanished without a correction that covers it."""
    found = (_fault_of(key, locked, current) for key in sorted(locked) if _is_past(key, today))
    return [fault for fault in found if fault]


def _unlocked(locked: Seals, current: Seals, today: date | None) -> list[BadRule]:
    """Past values that the lock does not know as they are: new ones, and corrected ones."""
    found: list[BadRule] = []
    for key in sorted(current):
        if not _is_past(key, today):
            continue
        if key not in locked:
            found.append(_fault(key, "not locked: run flask rules lock"))
        elif locked[key] != current[key] and not _fault_of(key, locked, current):
            found.append(_fault(key, "corrected, not locked: run flask rules lock"))
    return found


def _fault_of(key: Key, locked: Seals, current: Seals) -> BadRule | None:
    """What a locked value did that it may not; None when nothing, or a new correction covers it."""
    if key not in current:
        return _fault(key, "a past value vanished; end it with an entry `ended = true` instead")
    (old, old_correction), (new, new_correction) = locked[key], current[key]
    covered = new_correction not in (_NO_CORRECTION, old_correction)
    if old != new and not covered:
        return _fault(key, "a past value changed without a correction of its own")
    return None


def _is_past(key: Key, today: date | None) -> bool:
    return today is None or key[2] <= today.isoformat()


def _fault(key: Key, message: str) -> BadRule:
    file, name, day = key
    return BadRule(file, f"{name} from {day}", message)
