"""How fast a file is taken in, beside the same rows by plain SQL, and in how much memory."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bench import floor, mixes
from bench.figures import Figure, say
from bench.place import Base, City, Place, found_city

LINES = 1_000_000
RESIDENTS = 100_000
_FEWEST_LINES = 20_000
_LEAST_RATIO = 0.5
_FLAT = 1.2
_ROWS = "the same rows by COPY, two inserts and balances"


class File(NamedTuple):
    """What one import of a run was like: acts a second of product and floor, peak in MB."""

    product: float
    floor: float
    peak_mb: float


class Load:
    """Files imported one after the other into the product, and their rows into the floor."""

    def __init__(self, place: Place, product: Base, plain: Base, residents: int) -> None:
        self.place = place
        self.product = product
        self.plain = plain
        today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
        self.days: list[date] = mixes.last_days(today)
        say(f"{product.name}: {residents:,} residents with a card")
        self.city: City = found_city(product, residents, self.days[0] - timedelta(days=60))

    def take_in(self, tag: str, lines: int, acts: mixes.Acts) -> File:
        """Import a file and write the same rows plainly; both from rest."""
        path = self.place.folder / f"{tag}.csv"
        say(f"{tag}: writing a file of {lines:,} acts")
        mixes.write(path, tag, lines, self.days, acts)
        since, seconds, peak = self._import(path.name, lines)
        rows = self.place.folder / f"{tag}.rows"
        say(f"{tag}: reading back what was written, for the floor")
        lost = floor.export(self.product, rows, f"{self.city.provider}|{tag}", lines, since)
        self.product.settle()
        self.plain.settle()
        plain = floor.write(self.plain, rows, lost)
        self.plain.settle()
        product_has, plain_has = floor.written(self.product), floor.written(self.plain)
        assert product_has == plain_has, f"the floor wrote other rows: {product_has} {plain_has}"
        rows.unlink()
        path.unlink()
        say(f"{tag}: product {seconds:.1f} s, floor {plain:.1f} s")
        return File(lines / seconds, lines / plain, peak)

    def _import(self, name: str, lines: int) -> tuple[datetime, float, float]:
        say(f"{name}: importing")
        since = datetime.now(UTC)
        printed, peaks = self.product.watch(
            "bench.importer", str(self.place.folder / name), self.city.provider
        )
        peak_kb, processes = peaks.stop()
        done = json.loads(printed)
        report = done["report"]
        assert report["lines"] == lines, report
        assert not report["rejected"], report
        say(f"{name}: {report['counts']}, {processes} processes")
        return since, done["seconds"], peak_kb / 1024


def city(place: Place) -> Iterator[Figure]:
    """A month of a city, a second one on the same residents and days, and memory."""
    lines, residents = place.scaled(LINES), place.scaled(RESIDENTS, 100)
    with place.base("city") as product, place.base("city_floor") as plain:
        load = Load(place, product, plain, residents)
        first = load.take_in("first", lines, mixes.City(residents, 1))
        yield _rate(f"import, {lines:,} acts of {residents:,} residents", first)
        second = load.take_in("second", lines, mixes.City(residents, 2))
        yield _rate(f"import, {lines:,} more on the same days", second)
        fewer = min(lines, max(lines // 10, _FEWEST_LINES))
        small = load.take_in("small", fewer, mixes.City(residents, 3))
        yield Figure(
            f"import, memory at {lines:,} lines", "MB", first.peak_mb, small.peak_mb,
            f"at {fewer:,} lines", most=_FLAT,
        )  # fmt: skip


def meters(place: Place) -> Iterator[Figure]:
    """A city of which a tenth are households with meters that are read every day, bills, and
    behaviours with caps by month; they make half of the acts."""
    lines, residents = place.scaled(LINES), place.scaled(RESIDENTS, 100)
    with place.base("meters") as product, place.base("meters_floor") as plain:
        load = Load(place, product, plain, residents)
        found = load.take_in("meters", lines, mixes.Mixed(residents, 4))
        yield _rate(f"import, {lines:,} acts, half of meters and month caps", found)


def _rate(name: str, found: File) -> Figure:
    return Figure(name, "acts/s", found.product, found.floor, _ROWS, least=_LEAST_RATIO)
