"""The demo city before it opened its shops: for two quarters and until three days before, its
residents lived and sources reported.

Each month is told on the first day of the next one, as sources do, so it counts in its quarter; the
last one, which is not over, on the day before the shops opened.
"""

from collections import defaultdict
from datetime import date, timedelta

from flask import Flask

from app import activities, consent, grades, identity
from app.demo.cast import ACTOR, cards, phones
from app.demo.habits import SOURCES, Item, Source, month, profile, subject
from app.demo.moments import noon, standing_at, today
from app.grades import Quarter
from app.kernel import add_months
from app.plumbing import Actor, House, Work, house, jobs

_QUARTERS = 2
_QUIET = timedelta(days=3)  # then come the taps, which are to be the newest
_MOST = 1000
_CLOSE = "grades.close"


def remember(app: Flask) -> None:
    """Let it have happened; what is known of it already, stays as it is."""
    here = house(app)
    begins, until = _first_quarter(here).first, today(here) - _QUIET
    opening = True
    while begins < until:
        with standing_at(app, noon(here, begins)) as then:
            providers = _settle(then, opening=opening)
        ends = min(add_months(begins, 1), until)
        with standing_at(app, noon(here, ends)) as then:
            _tell(then, providers, begins, ends)
        begins, opening = add_months(begins, 1), False


def close_quarters(here: House) -> None:
    """Close what is to be closed, as the scheduler would within the hour."""
    jobs.run(here, jobs.read(grades.JOBS)[_CLOSE])


def _first_quarter(here: House) -> Quarter:
    """The one before the last whose day of closing is over."""
    now = today(here)
    last = Quarter.of(now).plus(-1)
    closing = timedelta(days=here.rules.credit.count("closing_day", now))
    if now <= last.last + closing:
        last = last.plus(-1)
    return last.plus(1 - _QUARTERS)


def _settle(here: House, *, opening: bool) -> dict[Source, identity.Client]:
    """Residents sign in once a month; on the first day they say who they are, and what they own."""
    with here.work(ACTOR) as work:
        residents = [
            identity.demo_resident(work, phone) for _, phone in zip(cards(), phones(), strict=False)
        ]
        known = {each.name: each for each in identity.clients(work)}
        providers = {
            source: known.get(source.name) or _register(work, source, residents)
            for source in SOURCES
        }
        if opening:
            for place, resident in enumerate(residents):
                who = profile(place, work.today.year)
                identity.change_profile(work, resident, who)
        return providers


def _register(work: Work, source: Source, residents: list[bytes]) -> identity.Client:
    wire, _ = identity.create_client(work, "provider", source.name, source.kind, source.behaviours)
    found = identity.find_client(work, wire)
    assert found is not None
    theirs = [(subject(place), each, work.today) for place, each in enumerate(residents)]
    consent.hold_many(work, found.id, theirs)
    return found


def _tell(here: House, providers: dict[Source, identity.Client], first: date, ends: date) -> None:
    told: dict[Source, list[Item]] = defaultdict(list)
    for place in range(len(cards())):
        for source, item in month(place, first):
            if item["occurred_at"] < ends.isoformat():
                told[source].append(item)
    for source, items in told.items():
        client = providers[source]
        who = activities.Provider(client.id, client.wire, client.behaviours)
        for begin in range(0, len(items), _MOST):
            with here.work(Actor("provider", client.id, client.wire)) as work:
                activities.record(work, who, items[begin : begin + _MOST])
