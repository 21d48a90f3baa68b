"""Use cases of this room: reports in, reversals in, scores again. Each takes a `Work`.

All go one way: read what a change can touch (`scene`), score it (`scoring`, pure), write what is
different, and post the difference to the ledger, in one transaction.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from app import consent, ledger
from app.activities import intake, posting, registers, restatements, store
from app.activities.batch import Batch, Item, score
from app.activities.model import REJECTED, REVERSED, Provider, Rejection, Report, Result, Undone
from app.activities.registry import PACK, SOLD, RegistryPort, Sight
from app.activities.stage import Scenes
from app.activities.store import Stored
from app.plumbing.db import pipelined
from app.plumbing.work import Work

# Is shown the results, and gives a write.
Keep = Callable[[list[list[Result]]], Callable[[], None]]


def record(
    work: Work, provider: Provider, items: Sequence[Item], registry: RegistryPort = PACK
) -> list[Result]:
    """Take a list of acts in: score them, pay them, answer each in the order sent.

    One bad item never fails the others. Sending an item again changes nothing. `registry` says
    which acts have been sold elsewhere.
    """
    return record_all(work, [(provider, items)], registry=registry)[0]


def record_all(
    work: Work,
    lists: Sequence[tuple[Provider, Sequence[Item]]],
    keep: Keep | None = None,
    registry: RegistryPort = PACK,
) -> list[list[Result]]:
    """Take several providers' lists in, as if they came one after the other.

    `keep` is shown the results and gives a write that is done beside those of this room.
    """
    read = [_read(work, provider, items, registry) for provider, items in lists]
    reports = [
        (provider, report)
        for (provider, _), answers in zip(lists, read, strict=True)
        for report in answers
        if isinstance(report, Report)
    ]
    residents = _residents(work, reports)
    before = _owners(work, {r.replaces for _, r in reports if r.replaces})
    wallets = ledger.lock(work, {*residents.values(), *before} - {None})  # type: ignore[arg-type]
    batch = Batch(work, residents, _known(work, [report for _, report in reports]), wallets)
    answers = [
        [batch.take(provider, item, each) for item, each in zip(items, found, strict=True)]
        for (provider, items), found in zip(lists, read, strict=True)
    ]
    batch.score()
    results = [
        [each if isinstance(each, Result) else batch.result(item, each)
         for item, each in zip(items, found, strict=True)]
        for (_, items), found in zip(lists, answers, strict=True)
    ]  # fmt: skip
    also = keep(results) if keep else None
    with pipelined(work.db, batch.is_plain(wallets)):
        batch.write(wallets)
        counts = [(p.id, _counts(each)) for (p, _), each in zip(lists, results, strict=True)]
        registers.add_intake(work, counts)
        if also:
            also()
    return results


def _read(
    work: Work, provider: Provider, items: Sequence[Item], registry: RegistryPort
) -> list[Report | Rejection]:
    desk = intake.desk(
        work.rules, provider.wire, provider.behaviours, work.now, work.keys.digest, work.new_id
    )
    found = [intake.read(desk, item) for item in items]
    if registry is PACK and not work.rules.recognition.registered:
        return found
    places = [n for n, each in enumerate(found) if isinstance(each, Report)]
    sights = [_sight(provider, items[n], found[n]) for n in places]
    for n, sold in zip(places, registry.registered(work.rules, sights), strict=True):
        if sold:
            found[n] = Rejection(SOLD, "It was sold or registered as a project's reduction.")
    return found


def _sight(provider: Provider, item: Item, read: Report | Rejection) -> Sight:
    assert isinstance(read, Report)
    return Sight(
        read.act.behaviour, read.act.earned_on, provider.name, item.get("evidence") or {}
    )  # fmt: skip


def _counts(results: Iterable[Result]) -> dict[str, int]:
    """How many of each status, and of each reason for a rejection."""
    found = Counter(result.status for result in results)
    found.update(f"{REJECTED}:{r.reason}" for r in results if r.status == REJECTED)
    return dict(found)


def _residents(work: Work, reports: Sequence[tuple[Provider, Report]]) -> dict[bytes, bytes | None]:
    """Whose act each report is, by its reference: None where the day is not bound. Subjects that
    nobody has bound are absent."""
    subjects: dict[bytes, set[bytes]] = {}
    for provider, report in reports:
        subjects.setdefault(provider.id, set()).add(report.subject)
    held = {id_: consent.holders(work, id_, sorted(asked)) for id_, asked in subjects.items()}
    found: dict[bytes, bytes | None] = {}
    for provider, report in reports:
        bindings = held[provider.id].get(report.subject)
        if bindings:
            day = report.act.earned_on
            found[report.act.reference] = next(
                (each.resident_id for each in bindings if each.covers(day)), None
            )
    return found


def _owners(work: Work, references: set[bytes]) -> set[bytes]:
    """Residents whose reports are to be undone: their wallets are locked with the others."""
    if not references:
        return set()
    return {row.resident for row in store.find(work, sorted(references)).values()}


def _known(work: Work, reports: Sequence[Report]) -> dict[bytes, Stored]:
    wanted = {report.act.reference for report in reports}
    wanted |= {report.replaces for report in reports if report.replaces}
    return store.find(work, sorted(wanted)) if wanted else {}


def reverse(work: Work, provider: Provider, asked: Sequence[tuple[str, str]]) -> list[Undone]:
    """Undo reports by reference, each (reference, reason). What was paid is taken back; what is
    gone already becomes a debt."""
    hashes = [intake.reference_hash(provider.wire, reference) for reference, _ in asked]
    wallets = ledger.lock(work, _owners(work, set(hashes)))
    known = store.find(work, sorted(set(hashes)))
    scenes = Scenes()
    undone: dict[bytes, tuple[Stored, str]] = {}
    answers: list[tuple[str, bytes, str]] = []
    for (reference, reason), hashed in zip(asked, hashes, strict=True):
        row = known.get(hashed)
        mine = row is not None and row.provider == provider.id and row.resident in wallets
        if row is None or not mine or row.resident in wallets.closed:
            answers.append((reference, b"", "unknown"))
        elif row.score.status == REVERSED or hashed in undone:
            answers.append((reference, b"", "already"))
        else:
            undone[hashed] = (row, reason)
            scenes[row.resident].gone.append(row)
            answers.append((reference, row.act.id, REVERSED))
    owed = settle(work, wallets, scenes)
    posting.add_reversals(
        work,
        [(row.resident, row.act.id, provider.id, reason, None) for row, reason in undone.values()],
    )
    return [Undone(ref, status, owed.get(act_id, 0)) for ref, act_id, status in answers]


def settle(
    work: Work, wallets: ledger.Wallets, scenes: Scenes, why: str = restatements.REVERSAL
) -> dict[bytes, int]:
    """Score scenes without new acts, write what differs, post it. Returns new debts by act. `why`
    as in `posting.write`."""
    if not scenes:
        return {}
    score(work, scenes)
    return posting.write(work, registers.edition_id(work), wallets, scenes, {}, why)
