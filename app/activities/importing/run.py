"""A run: one file of one provider, through to its report, however often it is cut off.

The run is known by what the file holds, so the same file under another name is the same run. Only
one process works on it at a time; what is done is in the database, what is cut in a folder.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from hashlib import sha256
from os import W_OK, access, cpu_count
from pathlib import Path
from time import monotonic_ns, sleep
from typing import Any, NamedTuple, TextIO

from app import consent, identity
from app.activities.importing import report, spool, store
from app.activities.importing.bucket import Job, units_of
from app.activities.importing.console import Screen
from app.activities.importing.formats import FORMATS
from app.activities.importing.formats.shape import BadFile, Feed
from app.activities.importing.report import ImportReport
from app.activities.importing.spool import Spool
from app.activities.importing.store import Run
from app.activities.importing.workers import crew
from app.activities.model import Provider
from app.kernel import Invalid, NotFound, local_day
from app.plumbing import house as house_of
from app.plumbing.console import Tick
from app.plumbing.lease import Lease, lease
from app.plumbing.work import Actor, House, Work

BUCKET_LINES = 5_000
_MOST_WORKERS = 4
_BLOCK = 1 << 20
_ACTOR = Actor("command", name="activities import")
# Reasons that a new binding can cure, and those that a later day or other rules can.
_UNBOUND = {"unknown_subject", "no_consent"}
_UNTIMELY = {"in_the_future", "not_in_force", "unknown_behaviour", "not_permitted"}


class Order(NamedTuple):
    """What is asked for. `content` is the SHA-256 of the file's bytes, `seen` its size and time
    before they were read."""

    house: House
    path: Path
    content: bytes
    seen: tuple[int, int]
    provider: Provider
    format: str
    shift_days: int

    def run_id(self, again: int) -> bytes:
        """The run's id; the same file sent again later, for a reason, has another."""
        named = f"{self.provider.wire}|{self.format}|{self.shift_days}|{again}"
        return sha256(self.content + named.encode()).digest()

    def insist(self) -> None:
        """Raises `BadFile` when the file is no longer the one that was asked for."""
        if not self.path.exists() or _seen(self.path) != self.seen:
            raise BadFile(f"{self.path.name} changed while it was imported; import it again.")

    def folder(self, run_id: bytes) -> Path:
        return self.house.settings.instance / "imports" / run_id.hex()


def run_import(
    app: Any,
    path: Path | str,
    provider_wire: str,
    format: str,
    *,
    shift_days: int = 0,
    workers: int | None = None,
    again: bool = False,
    echo: TextIO | None = None,
) -> ImportReport:
    """Import a file of acts; run again after it was cut off, it goes on where it was.

    `app` is the application, `path` a file of that `format` (see FORMATS), `provider_wire` a
    client_id. `shift_days` moves every act. `workers` are processes (default: as many as there are
    cores, at most four; one on SQLite). A file that is through already is only reported again,
    unless `again` or something it was refused for has changed since. Progress goes to `echo`
    (default stderr). Raises `NotFound`, `Invalid` (no such client or format; `BadFile`).
    """
    began, house, screen = monotonic_ns(), house_of(app), Screen(echo)
    order = _order(house, Path(path), provider_wire, format, shift_days, screen)
    with _alone(order, screen):
        order.insist()
        number, found = _which(order, again)
        run_id = order.run_id(number)
        already = found is not None and found.finished_at is not None
        if already:
            screen.note(f"{order.path.name} is already imported; this is its report.")
            _write_rejected(order, run_id)
            _clear(order, run_id)
        else:
            _import(order, run_id, found, workers, screen)
        done = _report(order, run_id, already, began)
    screen.table(done)
    return done


def _order(
    house: House, path: Path, wire: str, layout: str, shift_days: int, screen: Screen
) -> Order:
    if layout not in FORMATS:
        raise Invalid("unknown_format", f"The formats are {', '.join(FORMATS)}.")
    with house.look(_ACTOR) as work:
        client = identity.find_client(work, wire)
    if client is None or client.scope != "provider" or not client.active:
        raise NotFound("unknown_provider", f"{wire} is no active client of scope provider.")
    provider = Provider(client.id, client.wire, client.behaviours, client.name)
    try:
        seen = _seen(path)
        with path.open("rb") as file, screen.bar("reading", seen[0]) as tick:
            content = _digest(file, tick)
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror}.") from None
    return Order(house, path, content, seen, provider, layout, shift_days)


def _seen(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def _digest(file: Any, tick: Tick) -> bytes:
    found = sha256()
    while block := file.read(_BLOCK):
        found.update(block)
        tick(file.tell())
    return found.digest()


@contextmanager
def _alone(order: Order, screen: Screen) -> Iterator[None]:
    """Be the only one at this file; wait while another is. Its end, however it comes, is noticed
    at once."""
    engine = order.house.engine
    # SQLite has one writer anyhow: one lock file serves all imports there.
    name = f"import-{order.run_id(0).hex()}" if engine.dialect.name == "postgresql" else "import"
    mine: Lease = lease(engine, name, order.house.settings.instance)
    told = False
    while not mine.take():
        if not told:
            screen.note("Another import of this file is running; waiting for its end.")
            told = True
        sleep(1 / 5)
    try:
        yield
    finally:
        mine.release()


def _which(order: Order, again: bool) -> tuple[int, Run | None]:
    """The run to work on or to report: its number among those of this file, and its row."""
    with order.house.look(_ACTOR) as work:
        number, last = 0, None
        while (found := store.find(work, order.run_id(number))) is not None:
            if found.finished_at is None:
                return number, found
            number, last = number + 1, found
        if last is None or again or _may_differ(work, order, number - 1, last):
            return number, None
        return number - 1, last


def _may_differ(work: Work, order: Order, number: int, last: Run) -> bool:
    """Whether lines that were refused may pass now."""
    counts = report.summed(store.buckets_done(work, order.run_id(number)).values())
    reasons = report.by_status(counts)[1].get("rejected", {}).keys()
    if reasons & _UNTIMELY and local_day(last.finished_at, work.rules.pack.zone) < work.today:
        return True
    since = last.began_at
    return bool(reasons & _UNBOUND) and consent.bound_since(work, order.provider.id, since)


def _import(
    order: Order, run_id: bytes, found: Run | None, workers: int | None, screen: Screen
) -> None:
    house, layout = order.house, FORMATS[order.format]
    feed = layout.feed(order.path)
    if found is None:
        with house.work(_ACTOR) as work:
            buckets = max(1, -(-feed.guess // BUCKET_LINES))
            found = store.begin(work, run_id, order.provider.id, buckets)
    count = min(workers or _default_workers(house), found.buckets)
    with crew(house, count) as hands:
        cut = spool.opened(order.folder(run_id) / "spool")
        if cut is None or len(cut.rows) != found.buckets:
            cut = _cut(order, run_id, feed, found.buckets, screen)
        job = Job(run_id, order.provider, order.format, order.shift_days, cut)
        with house.look(_ACTOR) as work:
            done = store.buckets_done(work, run_id).keys()
        left = [b for b in range(found.buckets) if not done >= set(units_of(job, b))]
        lines = cut.lines - sum(cut.rows[bucket] for bucket in left)
        with screen.bar("importing", cut.lines) as tick:
            for more in hands.work_off(job, left):
                lines += more
                tick(lines)
    _conclude(order, job)


def _cut(order: Order, run_id: bytes, feed: Feed, buckets: int, screen: Screen) -> Spool:
    try:
        with screen.bar("sorting", feed.size) as tick:
            found = spool.write(order.folder(run_id) / "spool", feed, buckets, tick)
        order.insist()
    except BadFile:
        _clear(order, run_id)
        raise
    return found


def _default_workers(house: House) -> int:
    if house.engine.dialect.name != "postgresql":
        return 1
    return min(cpu_count() or 1, _MOST_WORKERS)


def _conclude(order: Order, job: Job) -> None:
    """The file of rejected lines, then the mark that all is done, then the folder goes."""
    _write_rejected(order, job.run_id)
    with order.house.work(_ACTOR) as work:
        store.finish(work, job.run_id, job.spool.lines)
    _clear(order, job.run_id)


def _clear(order: Order, run_id: bytes) -> None:
    """Remove the run's folder; one that was cut off just here has left it to the next."""
    if order.folder(run_id).exists():
        shutil.rmtree(order.folder(run_id))


def _write_rejected(order: Order, run_id: bytes) -> None:
    target = _rejected_path(order)
    order.insist()
    with order.house.look(_ACTOR) as work:
        buckets = store.buckets_done(work, run_id)
        kept = [number for number, counts in buckets.items()
                if any(name.startswith("rejected:") for name in counts)]  # fmt: skip
        if not any(store.rejected(work, run_id, kept)):
            target.unlink(missing_ok=True)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        report.write_rejected(
            target, order.path, FORMATS[order.format],
            lambda: store.rejected(work, run_id, kept),
        )  # fmt: skip


def _rejected_path(order: Order) -> Path:
    """Beside the file, or among our own where that folder cannot be written."""
    folder = order.path.absolute().parent
    if not access(folder, W_OK):
        folder = order.house.settings.instance / "imports"
    return folder / f"{order.path.name}.rejected.csv"


def _report(order: Order, run_id: bytes, already: bool, began: int) -> ImportReport:
    with order.house.look(_ACTOR) as work:
        found = store.find(work, run_id)
        counts = report.summed(store.buckets_done(work, run_id).values())
    assert found is not None
    assert found.lines is not None
    totals, reasons = report.by_status(counts)
    rejected_file = _rejected_path(order)
    return ImportReport(
        run=run_id.hex(),
        lines=found.lines,
        counts=totals,
        reasons=reasons,
        rejected_file=rejected_file if rejected_file.exists() else None,
        seconds=Decimal((monotonic_ns() - began) // 1_000_000).scaleb(-3),
        already=already,
    )
