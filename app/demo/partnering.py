"""The partner platform of the demo city: its seat here, and the visitor's account there.

The platform itself is examples/partner, a process of its own. It is given new secrets whenever it
is started, since of those before only hashes are known. What a resident and a platform would do to
link an account goes over HTTP, as it would from a phone.
"""

from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import orjson

from app import identity, recognition, webhooks
from app.demo.cast import ACTOR, PARTNER, PLATFORM
from app.demo.visiting import Visitor
from app.kernel import from_wire
from app.plumbing import House

_STATE = "partner.sqlite3"
_UNITS = "200"
_SECONDS = 10


class Seat(NamedTuple):
    """What the platform's process needs: who it is here, its secrets, where it keeps its book.

    `title` is what people call it, `places` the decimals of its unit.
    """

    client_id: str
    client_secret: str
    webhook_secret: str
    code: str
    title: str
    places: int
    state: Path


def take_seat(here: House, webhooks_url: str) -> Seat:
    """Make the platform's client anew, instead of the one before, and tell it of events there.

    A city that never had one begins with an empty book at the platform, too.
    """
    state = here.settings.instance / _STATE
    with here.work(ACTOR) as work:
        before = [each for each in identity.clients(work) if each.name == PARTNER]
        for each in before:
            identity.switch_off(work, each.id)
        wire, secret = identity.create_client(work, "partner", PARTNER)
        recognition.bind(work, wire, PLATFORM)
        told = webhooks.register(work, PLATFORM, webhooks_url)
        where = work.rules.recognition.platforms[PLATFORM]
    state.parent.mkdir(parents=True, exist_ok=True)
    if not before:
        for old in state.parent.glob(f"{_STATE}*"):
            old.unlink()
    return Seat(wire, secret, told, PLATFORM, where.title_en, where.places, state)


def join(here: House, visitor: Visitor, city: str, platform: str) -> bool:
    """See to it that the visitor is a member of the platform and has linked that account; both
    are reached at their addresses. False: one of them does not answer yet."""
    with here.look(ACTOR) as work:
        phone = identity.phone_of(work, from_wire("res", visitor.who) or b"")
        consent = work.rules.recognition.platforms[PLATFORM].consent.version
    account = "LC" + sha256(f"demo {phone}".encode()).hexdigest()[:10]
    mine, links = {"Authorization": f"Bearer {visitor.access_token}"}, f"{city}/v1/me/links"
    try:
        member = {"phone": phone, "account": account, "units": _UNITS}
        _call(f"{platform}/control/members", member)
        if not any(map(_open, _call(links, None, mine)["items"])):
            stated = _call(f"{platform}/control/statement", {"account": account})
            agreed = {
                "partner": PLATFORM,
                "proof": stated["proof"],
                "consent": {"version": consent},
            }
            _call(links, agreed, mine)
    except OSError:
        return False
    return True


def _open(link: dict[str, Any]) -> bool:
    return bool(link["partner"] == PLATFORM and link["status"] == "active")


def _call(url: str, body: Any, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """GET, or POST a body. Raises OSError where nobody answers, or says "later"."""
    data = None if body is None else orjson.dumps(body)
    asked = Request(url, data, {"Content-Type": "application/json", **(headers or {})})  # noqa: S310 - our own addresses
    try:
        with urlopen(asked, timeout=_SECONDS) as answer:  # noqa: S310 - as above
            return dict(orjson.loads(answer.read()))
    except HTTPError as no:
        with no:
            if no.code < HTTPStatus.INTERNAL_SERVER_ERROR:
                raise RuntimeError(f"{url} says {no.code}: {no.read()!r}") from no
            raise
