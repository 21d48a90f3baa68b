"""A visitor's way in: one resident of the demo city, and a token to look with."""

from typing import NamedTuple

from app import ledger
from app.demo.seeding import ACTOR, residents
from app.kernel import Conflict, to_wire
from app.plumbing import House, tokens

_TOKEN_SECONDS = 12 * 3600


class Visitor(NamedTuple):
    """The resident with the most points, and an access token good for twelve hours."""

    resident: str
    access_token: str


def visitor(here: House) -> Visitor:
    """Let somebody look around as a resident of the demo city. Raises Conflict in production."""
    if here.settings.production:
        raise Conflict("no_demo_in_production", "The demo city is for development only.")
    with here.look(ACTOR) as work:
        found = residents(work)
        if not found:
            raise Conflict("no_demo_city", "There is no demo city yet. Run: flask demo seed")
        richest = max(found, key=lambda each: ledger.wallet(work, each).available)
    return Visitor(to_wire("res", richest), token_of(here, richest))


def token_of(here: House, resident: bytes) -> str:
    """An access token of a resident, good for twelve hours. For the demo and its tests alone."""
    now, wire = here.clock.now(), to_wire("res", resident)
    return tokens.issue(here.signing_keys, now, _TOKEN_SECONDS, "resident", wire)
