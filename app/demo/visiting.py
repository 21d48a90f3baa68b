"""A visitor's ways in: as the resident who earned most, at the café's office, the bank's desk, the
partner's office."""

from collections import Counter
from typing import NamedTuple

from app import identity, ledger
from app.demo.cast import ACTOR, DESK, OFFICE, OFFICERS, PARTNER, residents
from app.kernel import Conflict, to_wire
from app.plumbing import House, tokens

_TOKEN_SECONDS = 12 * 3600


class Visitor(NamedTuple):
    """Who one is, and an access token good for twelve hours."""

    who: str
    access_token: str


def visitor(here: House) -> Visitor:
    """Let somebody look around as a resident. Raises Conflict in production."""
    _only_in_development(here)
    with here.look(ACTOR) as work:
        found = residents(work)
        if not found:
            raise _no_city()
        earned: Counter[bytes] = Counter()
        for (resident, _), paid in ledger.posted(work, found).items():
            earned[resident] += paid
    # Not who has most: the visitor stays the same whatever is spent.
    greenest = max(found, key=lambda each: (earned[each], each))
    return Visitor(to_wire("res", greenest), token_of(here, greenest))


def shopkeeper(here: House) -> Visitor:
    """Let somebody act as the café's office. Raises Conflict in production."""
    return _office(here, OFFICE, _no_city())


def lender(here: House) -> Visitor:
    """Let somebody act as the bank's desk. Raises Conflict in production."""
    return _office(here, DESK, _no_city())


def officer(here: House) -> Visitor:
    """Let somebody act as an officer of the city. Raises Conflict in production."""
    return _office(here, OFFICERS[0], _no_city())


def second_officer(here: House) -> Visitor:
    """Let somebody act as the other officer, who decides what the first has proposed. Raises
    Conflict in production."""
    return _office(here, OFFICERS[1], _no_city())


def partner(here: House) -> Visitor:
    """Let somebody act as the partner platform's office, which is there once the demo city has run.
    Raises Conflict in production."""
    gone = Conflict("no_demo_partner", "There is no partner yet: it comes with `flask up`.")
    return _office(here, PARTNER, gone)


def _office(here: House, name: str, gone: Conflict) -> Visitor:
    _only_in_development(here)
    with here.look(ACTOR) as work:
        named = (each for each in identity.clients(work) if each.name == name and each.active)
        office = next(named, None)
    if office is None:
        raise gone
    now = here.clock.now()
    token = tokens.issue(here.signing_keys, now, _TOKEN_SECONDS, office.scope, office.wire)
    return Visitor(office.wire, token)


def _only_in_development(here: House) -> None:
    if here.settings.production:
        raise Conflict("no_demo_in_production", "The demo city is for development only.")


def _no_city() -> Conflict:
    return Conflict("no_demo_city", "There is no demo city yet. Run: flask demo seed")


def token_of(here: House, resident: bytes) -> str:
    """An access token of a resident, good for twelve hours. For the demo and its tests alone."""
    now, wire = here.clock.now(), to_wire("res", resident)
    return tokens.issue(here.signing_keys, now, _TOKEN_SECONDS, "resident", wire)
