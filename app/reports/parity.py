"""Is the factor steady, and is it fair? Pure: whole numbers and Decimals in, a plain report out.

Distribution: how many stand in each grade and band. Stability: the population stability index of
the bands between two quarters, Σ (p − q) × ln(p ÷ q), and who moved. Parity: the mean factor of
each group beside that of the best group (the four-fifths rule of US employment law, EEOC 29 CFR
1607.4 D, used as a yardstick). Groups of fewer than ten are counted, and not told apart.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Any, NamedTuple

BAND = 100
BANDS = 10
FEWEST = 10
FOUR_FIFTHS = Decimal("0.80")
# Below 0.10 a population counts as steady, above 0.25 as another one: the usual rule of thumb.
STEADY, SHIFTED = Decimal("0.10"), Decimal("0.25")
_PLACES = Decimal("0.0001")
_HALF = Decimal("0.5")


class Standing(NamedTuple):
    """One resident's grade of a quarter: the code (None: no grade), and the factor, 0 to 1000."""

    resident: bytes
    code: str | None
    factor: int


def band(factor: int) -> int:
    """0 for 0 to 99, … 9 for 900 to 1000."""
    return min(factor // BAND, BANDS - 1)


def distribution(found: Sequence[Standing], codes: Iterable[str]) -> dict[str, Any]:
    """How many of each grade and band, and the factor's quartiles (None without anybody)."""
    grades = Counter(each.code for each in found)
    factors = sorted(each.factor for each in found)
    return {
        "residents": len(found),
        "grades": {code: grades[code] for code in codes},
        "bands": _bands(found),
        "factor": {
            name: factors[(len(factors) - 1) * part // 4] if factors else None
            for part, name in enumerate(
                ("least", "lower_quarter", "median", "upper_quarter", "most")
            )
        },
    }


def _bands(found: Iterable[Standing]) -> list[int]:
    counted = Counter(band(each.factor) for each in found)
    return [counted[each] for each in range(BANDS)]


def stability(now: Sequence[Standing], before: Sequence[Standing]) -> dict[str, Any]:
    """The index, a word for it, and how many stayed, rose, fell, came and went."""
    index = _index(_bands(now), _bands(before)) if now and before else None
    earlier = {each.resident: each.factor for each in before}
    moved: Counter[str] = Counter()
    for each in now:
        if each.resident not in earlier:
            moved["came"] += 1
        else:
            step = band(each.factor) - band(earlier[each.resident])
            moved["rose" if step > 0 else "fell" if step < 0 else "stayed"] += 1
    moved["went"] = len(earlier.keys() - {each.resident for each in now})
    told = {name: moved[name] for name in ("stayed", "rose", "fell", "came", "went")}
    return {"index": None if index is None else str(index), "verdict": _verdict(index)} | told


def _index(now: Sequence[int], before: Sequence[int]) -> Decimal:
    """Empty bands count half a resident, or one newcomer would make the index endless."""
    found = Decimal(0)
    for new, old in zip(now, before, strict=True):
        p = max(Decimal(new), _HALF) / sum(now)
        q = max(Decimal(old), _HALF) / sum(before)
        found += (p - q) * (p / q).ln()
    return found.quantize(_PLACES, ROUND_DOWN)


def _verdict(index: Decimal | None) -> str:
    if index is None:
        return "too_few"
    return "steady" if index < STEADY else "moved" if index < SHIFTED else "shifted"


def parity(found: Iterable[Standing], groups: Mapping[bytes, str | None]) -> dict[str, Any]:
    """Groups with their mean factor (rounded down) and its part of the best group's; those whose
    residents have not said, or are too few, are only counted together."""
    factors: dict[str, list[int]] = defaultdict(list)
    untold = 0
    for each in found:
        group = groups.get(each.resident)
        if group is None:
            untold += 1
        else:
            factors[group].append(each.factor)
    small = {name for name, those in factors.items() if len(those) < FEWEST}
    means = {name: sum(those) // len(those) for name, those in factors.items() if name not in small}
    best = max(means.values(), default=0)
    ratios = {
        name: (Decimal(mean) / best).quantize(_PLACES, ROUND_DOWN) if best else Decimal(1)
        for name, mean in means.items()
    }
    least = min(ratios.values(), default=None)
    return {
        "groups": [
            {
                "group": name,
                "residents": len(factors[name]),
                "mean_factor": means[name],
                "ratio": str(ratios[name]),
            }
            for name in sorted(means)
        ],
        "suppressed": sum(len(factors[name]) for name in small) + untold,
        "least_ratio": None if least is None else str(least),
        "fair": least is None or least >= FOUR_FIFTHS,
    }
