"""Moving an old feed by whole days, onto days on which rules are in force.

The instant of an act and the instants and days of its evidence move; its reference does not.
"""

from datetime import date, datetime, timedelta

from app.activities.importing.formats.shape import Item
from app.rulebook import Rulebook

_DATED = {"instant": datetime, "day": date}


def shifted(rules: Rulebook, item: Item, days: int) -> Item:
    """The item `days` later. What is no time stays as it is: intake names it."""
    by = timedelta(days=days)
    moved = {**item, "occurred_at": _moved(datetime, item["occurred_at"], by)}
    evidence = item.get("evidence")
    if evidence and item["behaviour"] in rules.behaviours:
        types = {name: each.type for name, each in rules.fields(item["behaviour"]).items()}
        moved["evidence"] = {
            name: _moved(_DATED[types[name]], value, by) if types.get(name) in _DATED else value
            for name, value in evidence.items()
        }
    return moved


def _moved(kind: type[date], value: object, by: timedelta) -> object:
    try:
        return (kind.fromisoformat(value) + by).isoformat()  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return value
