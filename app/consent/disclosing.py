"""The log of disclosures: who looked at a resident's data or was told, when, what and why."""

from collections.abc import Iterable, Sequence
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


def looked(
    work: Work, look: str, who: str, name: str, seen: Iterable[tuple[bytes, str | None]]
) -> None:
    """The same of a look that the pack describes (its code is of `rulebook.vocabulary.LOOKS`): who
    it was and what they are called, and (resident, wire id of the thing) of all that was seen; one
    row a resident."""
    known = work.rules.privacy.look(look)
    about = dict(reversed(list(seen)))  # of several things of one resident the first is named
    disclose(
        work,
        [
            Disclosure(resident, known.kind, who, name, known.data, look, about=thing)
            for resident, thing in about.items()
        ],
    )


def partner_looked(
    work: Work, look: str, partner: str, seen: Iterable[tuple[bytes, str | None]]
) -> None:
    """The same of a partner platform, by its code."""
    platform = work.rules.recognition.platforms.get(partner)
    looked(work, look, partner, platform.legal_name if platform else partner, seen)


def log(work: Work, resident_id: bytes, page: Page) -> list[Disclosed]:
    """A page of a resident's log and one row more, the newest first."""
    zone = work.rules.pack.zone
    first = None if page.since is None else local_midnight(page.since, zone)
    end = None if page.until is None else local_midnight(page.until + timedelta(days=1), zone)
    return disclosures.listed(work, resident_id, page.limit + 1, before_id(page), (first, end))
