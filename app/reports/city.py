"""A month of the city, out of the newest count: grams, acts and points by category, behaviour and
day, who took part, and what benefits cost.

What is told and what is not follows `cells`: months make up what transparency tells of all times,
categories and days each make up a month, behaviours a category, and benefits of all months what
was spent in all.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from app import activities
from app.kernel import add_months, points, yuan
from app.plumbing.copying import at
from app.plumbing.work import Work
from app.reports import cells, gathering, store
from app.reports.store import Figures

_NOTHING = [0, 0, 0, 0]
_NO_BENEFIT = [0, 0, 0, 0, 0]
_TONNE = 1_000_000_000  # milligrams
_DAY = timedelta(days=1)
Told = dict[str, Any]


def tonnes(milligrams: int) -> str:
    """Tonnes with six places, rounded down: whole grams."""
    whole, rest = divmod(milligrams, _TONNE)
    return f"{whole}.{rest // 1000:06d}"


def percent(thousandths: int | None) -> str | None:
    """937 → "93.7"."""
    return None if thousandths is None else f"{thousandths // 10}.{thousandths % 10}"


def coverage(active: int | None, registered: int | None) -> str | None:
    """How many of a hundred took part. Acts may be older than their resident's account, so that
    more took part than were there: a hundred is the most that is said."""
    if active is None or not registered:
        return None
    return percent(min(active * 1000 // registered, 1000))


class Month:
    """One month's figures on their way to be told; `suppressed` gathers what is not."""

    def __init__(self, work: Work, figures: Figures, month: str) -> None:
        self.work, self.figures, self.month = work, figures, month
        self.suppressed: list[str] = []
        people = {name: sums[0] for name, sums in figures.by("month").items()}
        self.told = month not in cells.hidden({month: 0} | people)

    def whole(self) -> Told:
        """The month in one row, beside how many accounts there were."""
        sums = self.figures.by("month").get(self.month, _NOTHING)
        there = self.figures.by("registered").get(self.month, [0])[0]
        row = self._acts(sums, self.told)
        if not self.told:
            self.suppressed += ["tonnes", "acts", "points", "active"]
        registered = there if there >= cells.FEWEST else None
        if registered is None:
            self.suppressed.append("registered")
        covered = coverage(row["active"], registered)
        if covered is None:
            self.suppressed.append("coverage_pct")
        return row | {"registered": registered, "coverage_pct": covered}

    def by_category(self) -> list[Told]:
        """Every category of the rules, and what else was counted."""
        sums, hidden = self._categories()
        return [
            {"category": code} | self._row("by_category", code, sums[code], code not in hidden)
            for code in sums
        ]

    def _categories(self) -> tuple[Mapping[str, Any], set[str]]:
        known = dict.fromkeys(sorted(b.category for b in self.work.rules.behaviours.values()))
        sums = dict.fromkeys(known, _NOTHING) | self.figures.by("category", self.month)
        return sums, self._hidden(sums)

    def by_behaviour(self) -> list[Told]:
        """Every behaviour of the rules, and those that the rules had."""
        known = self.work.rules.behaviours
        sums = dict.fromkeys(known, _NOTHING) | self.figures.by("behaviour", self.month)
        of = {code: known[code].category if code in known else activities.FORMER for code in sums}
        _, hidden = self._categories()
        told: set[str] = set()
        for category in {*of.values()} - hidden:
            parts = {code: sums[code][0] for code in sums if of[code] == category}
            told |= parts.keys() - cells.hidden(parts)
        return [
            {"behaviour": code, "category": of[code]}
            | _titles(known.get(code), code)
            | self._row("by_behaviour", code, sums[code], code in told)
            for code in sums
        ]

    def by_day(self, first: date, last: date) -> list[Told]:
        """The month's days from the first that is counted by day to the last."""
        begins = date.fromisoformat(f"{self.month}-01")
        ends = min(last, add_months(begins, 1) - _DAY)
        if begins < first:
            return []
        days = [f"{begins + n * _DAY}" for n in range((ends - begins).days + 1)]
        sums = dict.fromkeys(days, _NOTHING) | self.figures.by("day")
        sums = {day: sums[day] for day in days}
        hidden = self._hidden(sums)
        return [
            {"day": day} | self._row("by_day", day, sums[day], day not in hidden) for day in days
        ]

    def benefits(self) -> list[Told]:
        """Every benefit of the rules, and those that the rules had."""
        known = self.work.rules.offers.benefits
        sums = dict.fromkeys(known, _NO_BENEFIT) | self.figures.by("benefit", self.month)
        everywhere = {
            "/".join(key[1:]): values[0]
            for key, values in self.figures.sums.items()
            if key[0] == "benefit"
        }
        hidden = cells.hidden(everywhere)
        told = {code for code in sums if f"{self.month}/{code}" in everywhere.keys() - hidden}
        self.suppressed += [f"benefits.{code}" for code in sums if code not in told]
        return [
            {"benefit": code}
            | _titles(known.get(code), code)
            | _benefit(sums[code] if code in told else None)
            for code in sums
        ]

    def _hidden(self, sums: Mapping[str, Any]) -> set[str]:
        parts = {name: each[0] for name, each in sums.items()}
        return cells.hidden(parts) if self.told else {*parts}

    def _row(self, path: str, name: str, sums: Iterable[int], told: bool) -> Told:
        if not told:
            self.suppressed.append(f"{path}.{name}")
        return self._acts(sums, told)

    @staticmethod
    def _acts(sums: Iterable[int], told: bool) -> Told:
        people, acts, milligrams, hundredths = sums
        if not told:
            return dict.fromkeys(("tonnes", "acts", "points", "active"))
        return {
            "tonnes": tonnes(milligrams),
            "acts": acts,
            "points": points(hundredths),
            "active": people,
        }


def _titles(known: Any, code: str) -> Told:
    return {name: getattr(known, name, code) for name in ("title_zh", "title_en")}


def _benefit(sums: Iterable[int] | None) -> Told:
    if sums is None:
        return dict.fromkeys(("redeemed", "points", "cash", "funder_owes"))
    _, redeemed, hundredths, cash, owed = sums
    return {
        "redeemed": redeemed,
        "points": points(hundredths),
        "cash": yuan(cash),
        "funder_owes": yuan(owed),
    }


def report(work: Work, month: str | None) -> Told:
    """A month (`YYYY-MM`, the present one by default) as the newest count has it."""
    count = store.told(work)
    figures = count.figures if count else Figures({}, {})
    found = Month(work, figures, month or f"{work.today:%Y-%m}")
    days: list[Told] = []
    told: Told = {"month": found.month, "as_of": None, "until": None} | found.whole()
    told |= {"by_category": found.by_category(), "by_behaviour": found.by_behaviour()}
    if count:
        first, last, _ = gathering.window(work, count)
        days = found.by_day(first, last)
        told |= {"as_of": at(work, count.began_at), "until": last.isoformat()}
    told |= {"by_day": days, "benefits": found.benefits()}
    return told | {"suppressed": found.suppressed}
