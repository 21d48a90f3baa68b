"""Use cases of credentials: whose a client is, and the terminals that an office makes itself."""

from app import identity
from app.identity import Client
from app.kernel import Conflict, Invalid, NotFound, from_wire
from app.merchants import service, store
from app.merchants.model import (
    OFFICE,
    OPEN,
    Merchant,
    NewStore,
    Seat,
    Terminal,
    check_office,
)
from app.plumbing.work import Work


def bind(
    work: Work, client: str, code: str | None = None, store_code: str | None = None
) -> Merchant | None:
    """Seat a client (wire id) of scope merchant: as a merchant's office, or at one of its stores.

    Without a code: in development the merchant that its name names, made where there is none, and
    in production nobody's (None). Raises NotFound (unknown_client, unknown_merchant,
    unknown_store), Invalid (bad_merchant), Conflict (already_bound).
    """
    known = identity.find_client(work, client)
    if known is None:
        raise NotFound("unknown_client", "There is no such client.")
    if known.scope != "merchant":
        raise Invalid("bad_merchant", "Only clients of scope merchant belong to a merchant.")
    if code is None and store_code is not None:
        raise Invalid("bad_merchant", "Say whose store it is.")
    if code is None and work.settings.production:
        return None
    whose = _named(work, known) if code is None else service.merchant(work, code)
    place, role = None, OFFICE
    if store_code is not None:
        place, role = _open_store(work, whose, store_code), "terminal"
    if not store.add_terminal(work, whose.id, Terminal(known.id, place, role, known.name, True)):
        raise Conflict("already_bound", "This client belongs to a merchant already.")
    return whose


def _open_store(work: Work, whose: Merchant, code: str) -> bytes:
    for each in store.stores(work, whose.id):
        if each.code == code and each.state == OPEN:
            return each.id
    raise NotFound("unknown_store", "The merchant has no open store of this code.")


def _named(work: Work, client: Client) -> Merchant:
    """The merchant of this code or name: in the register, else in the pack, else a new one."""
    name = client.name.strip().casefold()
    for known in service.everyone(work):
        if _among(name, known.code, known.name, known.name_en):
            return known
    benefits = work.rules.offers.benefits.values()
    for told in (each.merchant for each in benefits):
        if told is not None and _among(name, told.code, told.name_zh, told.name_en):
            codes = {code for each in benefits if each.merchant == told for code in each.stores}
            places = [NewStore(code, told.name_zh, "-", "-") for code in sorted(codes)]
            return service.found(work, told.code, told.name_zh, told.name_en, places)
    return service.found(work, f"m_{client.wire.removeprefix('cli_')}", client.name)


def _among(name: str, *names: str | None) -> bool:
    return name in {each.casefold() for each in names if each}


def add(
    work: Work, here: Seat, store_id: bytes, role: str, label: str, secret_digest: bytes
) -> Terminal:
    """One more credential at a store of the office's merchant; the device made its secret itself.

    Raises Forbidden (office_only), NotFound (unknown_store), Conflict (store_closed), Invalid
    (bad_name, bad_secret).
    """
    check_office(here)
    place = service.store_of(work, here.merchant.id, store_id)
    client = identity.register_client(work, "merchant", label, secret_digest)
    new = Terminal(client.id, place.id, role, label, active=True)
    store.add_terminal(work, here.merchant.id, new)
    return new


def listed(work: Work, here: Seat, limit: int, before: bytes | None) -> list[Terminal]:
    """All credentials of the office's merchant, newest first. Raises Forbidden (office_only)."""
    check_office(here)
    return store.terminals(work, here.merchant.id, limit, before)


def switch_off(work: Work, here: Seat, client: str) -> None:
    """End a credential (wire id): from now on it acts no more and gets no token.

    Again, nothing happens. Raises Forbidden (office_only), NotFound (unknown_terminal), Conflict
    (own_seat): an office does not lock itself out.
    """
    check_office(here)
    client_id = from_wire("cli", client)
    if client_id == here.client_id:
        raise Conflict("own_seat", "This is the credential you are using.")
    if client_id is None or not store.switch_off(work, here.merchant.id, client_id):
        raise NotFound("unknown_terminal", "Your merchant has no such terminal.")
    identity.switch_off(work, client_id)
