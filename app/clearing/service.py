"""Use cases of clearing: close a day, look at files, pay, hold, reconcile."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, timedelta

from app.clearing import payouts, store, suspense
from app.clearing.comparing import Item, compare, kept
from app.clearing.model import (
    ADJUSTMENT,
    RESOLUTIONS,
    Difference,
    File,
    Line,
    Payout,
    Shape,
    Statement,
    Totals,
)
from app.clearing.rendering import render
from app.kernel import Conflict, Forbidden, Invalid, NotFound, add_months
from app.plumbing import Page, bad_cursor, before_id, cursor, cut
from app.plumbing.work import Work


def close(
    work: Work, book: str, party: str, day: date, shape: Shape, payable_on: date
) -> File | None:
    """Make the file of a party's day that is over, empty or not; None when it was made before.

    Takes the lines of that day *or earlier* that are in no file: a work that began before midnight
    may end after it, and its line, which says its own day, goes into the next file. What each payer
    owes becomes a payout for `payable_on`. Raises Conflict (day_not_over).
    """
    if day >= work.today:
        raise Conflict("day_not_over", "The file of a day is made when the day is over.")
    held = store.lock_party(work, book, party)
    if store.find_file(work, book, party, day) is not None:
        return None
    file_id = work.new_id()
    lines = store.take(work, file_id, book, party, day)
    totals = Totals.of(lines, shape)
    content = render(book, party, day, lines, totals, shape, work.rules.pack.zone)
    digests = (content.csv_sha256, content.json_sha256)
    made = File(file_id, book, party, day, work.now, shape, totals, *digests)
    store.add_file(work, made, content)
    payouts.add(work, made, payable_on, held)
    store.closed(work, book, party, day)
    return made


def file(work: Work, book: str, party: str, day: date) -> File:
    """The file of a party and day. Raises NotFound (not_closed)."""
    found = store.find_file(work, book, party, day)
    if found is None:
        raise NotFound(
            "not_closed", "There is no file of this day; one is made after its midnight."
        )
    return found


def files(work: Work, book: str, party: str, page: Page) -> tuple[list[File], str | None]:
    """Files of a party, newest first, and the cursor of what follows."""
    span = (page.since, page.until, _day_before(page))
    found = store.files(work, book, party, *span, page.limit + 1)
    items = found[: page.limit]
    more = len(found) > page.limit
    return items, cursor([items[-1].day.isoformat()]) if more else None


def _day_before(page: Page) -> date | None:
    match page.after:
        case None:
            return None
        case [str(text)]:
            with suppress(ValueError):
                return date.fromisoformat(text)
    raise bad_cursor()


def month(work: Work, book: str, party: str, day: date) -> Statement:
    """The statement of the month in which a day lies: its files, oldest first, and their sums.

    `missing` are its days that are over and have no file.
    """
    first = day.replace(day=1)
    after = add_months(first, 1)
    found = store.files(work, book, party, first, after - timedelta(days=1), None, 31)[::-1]
    totals = Totals.nothing()
    for each in found:
        totals = totals.plus(each.totals)
    told = {each.day for each in found}
    over = min(after, work.today)
    days = [first + timedelta(days=n) for n in range(max(0, (over - first).days))]
    return Statement(first, found, totals, [each for each in days if each not in told])


def hold(work: Work, book: str, party: str) -> int:
    """Hold what is due to a party, and what will be, until it is released; how many payouts."""
    store.lock_party(work, book, party)
    store.mark_held(work, book, party, held=True)
    return payouts.move(work, book, party, "due", "held")


def release(work: Work, book: str, party: str) -> int:
    """Make what was held due again; how many payouts."""
    store.lock_party(work, book, party)
    store.mark_held(work, book, party, held=False)
    return payouts.move(work, book, party, "held", "due")


def pay(work: Work, payout_id: bytes, transfer: str) -> Payout:
    """Note that a payout was paid by a bank transfer (its reference, 1 to 80 characters), once.

    Raises NotFound (unknown_payout), Conflict (already_paid, payout_held, nothing_to_pay,
    not_payable_yet).
    """
    done = payouts.pay(work, payout_id, transfer)
    if done is not None:
        return done
    found = payouts.find(work, payout_id)
    if found is None:
        raise NotFound("unknown_payout", "There is no such payout.")
    if found.state == "due":
        told = found.payable_on.isoformat()
        raise Conflict("not_payable_yet", f"This is payable on {told}.", payable_on=told)
    code, detail = _NOT_DUE[found.state]
    raise Conflict(code, detail)


_NOT_DUE = {
    "paid": ("already_paid", "This has been paid."),
    "held": ("payout_held", "The party's payouts are held."),
    "carried": ("nothing_to_pay", "There is nothing to pay; it is carried over."),
    "netted": ("nothing_to_pay", "There was nothing to pay; it was carried over."),
}


def payouts_in(
    work: Work, book: str, state: str, page: Page
) -> tuple[Sequence[Payout], str | None]:
    """Payouts of a book in one state, newest first, and the cursor of what follows."""
    return cut(payouts.listed(work, book, state, before_id(page), page.limit + 1), page)


def reconcile(
    work: Work, book: str, party: str, day: date, theirs: Iterable[Item]
) -> list[Difference]:
    """Compare a party's own file of a day with ours and park what differs, by reference.

    Sent again, the same differences are the answer, and nothing is added. Raises NotFound
    (not_closed).
    """
    made = file(work, book, party, day)
    lines = store.lines_of(work, made.id)
    ours = [Item(made.shape.name(line), line.kind, line.amount) for line in lines]
    told = {item.reference: line.told for item, line in zip(ours, lines, strict=True)}
    findings = compare(ours, [item._replace(reference=kept(item.reference)) for item in theirs])
    suspense.park(work, made, findings, told)
    return suspense.of(work, made, findings)


def differences(
    work: Work, book: str, party: str | None, state: str | None, page: Page
) -> tuple[Sequence[Difference], str | None]:
    """Differences, open or closed, newest first, and the cursor of what follows."""
    found = suspense.listed(work, book, party, state, before_id(page), page.limit + 1)
    return cut(found, page)


def difference(work: Work, difference_id: bytes) -> Difference:
    """One difference. Raises NotFound (unknown_difference)."""
    found = suspense.find(work, difference_id)
    if found is None:
        raise NotFound("unknown_difference", "There is no such difference.")
    return found


def resolve(
    work: Work,
    difference_id: bytes,
    resolution: str,
    decided_by: tuple[str, str],
    payer: str | None = None,
) -> Difference:
    """Close a difference as two operators decided: proposed by one, approved by another.

    `ours` and `written_off` move nothing; `theirs` makes what the party counts above us (or below)
    an adjustment in its next file, of the payer of our line, or of `payer` where we have none (in a
    book of both ways nobody need be named).
    Raises NotFound (unknown_difference), Forbidden (same_operator), Invalid (unknown_resolution,
    payer_needed), Conflict (already_closed; already_adjusted: another difference of this reference
    and file was closed as theirs).
    """
    if resolution not in RESOLUTIONS:
        raise Invalid("unknown_resolution", f"One of {', '.join(RESOLUTIONS)}.")
    if decided_by[0] == decided_by[1]:
        raise Forbidden("same_operator", "Two different operators close a difference.")
    twins = suspense.lock_twins(work, difference(work, difference_id))
    found = next(each for each in twins if each.id == difference_id)
    if found.state == "closed":
        raise Conflict("already_closed", "This difference has been closed.")
    if resolution == "theirs":
        if any(each.resolution == "theirs" for each in twins):
            raise Conflict("already_adjusted", "This reference has been adjusted for this file.")
        store.add(work, _adjustment(work, found, payer))
    suspense.close(work, found, resolution, decided_by)
    return difference(work, difference_id)


def _adjustment(work: Work, found: Difference, payer: str | None) -> list[Line]:
    if found.excess == 0:
        return []
    shape = file(work, found.book, found.party, found.day).shape
    told = found.told or {}
    if found.told is None and shape.payer is not None:
        if payer is None:
            raise Invalid("payer_needed", "We have no line of this reference; say who pays.")
        told = {shape.payer: payer}
    reference = shape.read(found.reference)
    if reference is None:
        told = {**told, shape.reference: found.reference}
    whose = (work.new_id(), found.book, found.party, work.today, work.now)
    return [Line(*whose, ADJUSTMENT, reference or found.id, found.excess, told)]
