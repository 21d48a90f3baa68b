"""The other side of an exchange, by a model: a partner's own books, which hear of everything late,
twice, in any order, or not at all."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

# What a later word may overrule: what is decided stays, but for a correction.
RANK = {"held": 0, "confirmed": 1, "rejected": 1, "expired": 1, "corrected": 2}


@dataclass
class Entry:
    """What the partner knows of an exchange."""

    data: dict[str, Any]
    state: str = "held"

    @property
    def sign(self) -> int:
        return 1 if self.data["direction"] == "out" else -1

    @property
    def hundredths(self) -> int:
        return self.sign * int(self.data["points"].replace(".", ""))


@dataclass
class Peer:
    """Members' units by account, and an entry an exchange; each word about it is taken once."""

    units: Counter[str] = field(default_factory=Counter)
    known: dict[str, Entry] = field(default_factory=dict)

    def hear(self, data: dict[str, Any]) -> None:
        """A webhook, or the answer to a question: an exchange stands so."""
        name = data["exchange"]
        entry = self.known.setdefault(name, Entry(data))
        said = data["status"]
        if RANK[said] <= RANK[entry.state]:
            return
        amount = entry.sign * int(data["units"])
        if said == "confirmed":
            self.units[data["account"]] += amount
        if said == "corrected" and entry.state == "confirmed":
            self.units[data["account"]] -= amount
        self.known[name] = Entry(data, said)

    def file(self, day: str) -> list[dict[str, str]]:
        """Its own lines of a day, from its own books."""
        lines = []
        for name, entry in self.known.items():
            if entry.state not in {"confirmed", "corrected"}:
                continue
            points = entry.hundredths
            if entry.data["decided_at"].startswith(day):
                lines.append(_line(name, entry.data["direction"], points))
            if (entry.data["corrected_at"] or "").startswith(day):
                lines.append(_line(name, "correction", -points))
        return lines

    @property
    def net(self) -> int:
        """Hundredths of a point that the city owes, by the partner's own books."""
        return sum(e.hundredths for e in self.known.values() if e.state == "confirmed")


def _line(name: str, kind: str, points: int) -> dict[str, str]:
    sign, rest = ("-", -points) if points < 0 else ("", points)
    amount = f"{sign}{rest // 100}.{rest % 100:02d}"
    return {"exchange": name, "kind": kind, "amount": amount}
