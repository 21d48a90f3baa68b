"""Use cases of seats: which partner platform a client of scope `partner` acts for."""

from app import identity
from app.identity import Client
from app.kernel import Conflict, Forbidden, Invalid, NotFound, from_wire
from app.plumbing.work import Work
from app.recognition import store
from app.recognition.model import unknown_partner
from app.rulebook import Platform


def bind(work: Work, client: str, code: str | None = None) -> str | None:
    """Seat a client (wire id) of scope partner at a platform of the pack; the platform's code.

    Without a code: in development the platform that its name names, else the first that nobody
    acts for, else the first; in production nobody's (None). Raises NotFound (unknown_client,
    unknown_partner), Invalid (bad_partner), Conflict (already_bound).
    """
    known = identity.find_client(work, client)
    if known is None:
        raise NotFound("unknown_client", "There is no such client.")
    if known.scope != "partner":
        raise Invalid("bad_partner", "Only clients of scope partner act for a partner platform.")
    if code is None:
        found = None if work.settings.production else _named(work, known)
        if found is None:
            return None
    else:
        found = platform(work, code)
    if not store.add_seat(work, known.id, found.code):
        raise Conflict("already_bound", "This client acts for a partner already.")
    return found.code


def _named(work: Work, client: Client) -> Platform | None:
    name = client.name.strip().casefold()
    platforms = list(work.rules.recognition.platforms.values())
    for alike in (str.__eq__, str.__contains__, _within):
        for each in platforms:
            told = (each.code, each.title_zh, each.title_en, each.legal_name)
            if any(other and alike(name, other.casefold()) for other in told):
                return each
    taken = store.seated(work)
    free = [each for each in platforms if each.code not in taken]
    return next(iter(free or platforms), None)


def _within(name: str, other: str) -> bool:
    return len(name) > 2 and name in other


def platform(work: Work, code: str) -> Platform:
    """The pack's platform of a code. Raises NotFound (unknown_partner)."""
    found = work.rules.recognition.platforms.get(code)
    if found is None:
        raise unknown_partner()
    return found


def named(work: Work, partner: str) -> Platform:
    """The platform behind its code or the id of one of its clients. Raises NotFound."""
    client_id = from_wire("cli", partner)
    code = partner if client_id is None else store.seat(work, client_id)
    return platform(work, code or "")


def seat(work: Work, client_id: bytes) -> str:
    """The code of the platform that the acting client acts for.

    Raises Forbidden (client_inactive, no_seat).
    """
    identity.acting_client(work)
    code = store.seat(work, client_id)
    if code is None or code not in work.rules.recognition.platforms:
        raise Forbidden("no_seat", "This client acts for no partner platform.")
    return code


def partner(work: Work) -> Platform:
    """The platform that calls. Raises Forbidden (client_inactive, no_seat)."""
    return platform(work, seat(work, work.actor.id))
