"""The log of disclosures: who looked at a resident's data or was told, when, what and why."""

from collections.abc import Sequence
from datetime import timedelta

from app.consent import disclosures
from app.consent.agreement import Disclosed, Disclosure
from app.kernel import local_midnight
from app.plumbing.paging import Page, before_id
from app.plumbing.work import Work


def disclose(work: Work, rows: Sequence[Disclosure]) -> None:
    """Write down that residents' data was read or told, in the work that does it: one statement,
    however many residents. A resident sees the row as soon as the work commits.

    `why` is a purpose, or a look of the pack's `privacy/looks.toml` (then the log says it in
    words); `what` are names of kinds of data, never values.
    """
    disclosures.add(work, rows)


def log(work: Work, resident_id: bytes, page: Page) -> list[Disclosed]:
    """A page of a resident's log and one row more, the newest first."""
    zone = work.rules.pack.zone
    first = None if page.since is None else local_midnight(page.since, zone)
    end = None if page.until is None else local_midnight(page.until + timedelta(days=1), zone)
    return disclosures.listed(work, resident_id, page.limit + 1, before_id(page), (first, end))
