"""Use cases of seats: which bank a client of scope `bank` acts for, and who receives a consent."""

from collections.abc import Sequence

from app import identity
from app.consent import Recipient
from app.credit import store
from app.credit.model import KIND, Inquiry, Seat, unknown_inquiry
from app.identity import Client
from app.kernel import Conflict, Invalid, NotFound, from_wire
from app.plumbing.work import Work
from app.rulebook import Bank


def bind(work: Work, client: str, code: str | None = None) -> str:
    """Seat a client (wire id) of scope bank at a bank of the pack; the bank's key.

    Without a code it stands for itself: its wire id is its key, the city's standard tables are its
    own. Raises NotFound (unknown_client, unknown_bank), Invalid (bad_bank), Conflict
    (already_bound).
    """
    known = identity.find_client(work, client)
    if known is None:
        raise NotFound("unknown_client", "There is no such client.")
    if known.scope != KIND:
        raise Invalid("bad_bank", "Only clients of scope bank act for a bank.")
    if code is None:
        return _key(work, known)
    if code not in work.rules.credit.banks:
        known_banks = ", ".join(sorted(work.rules.credit.banks))
        raise NotFound("unknown_bank", f"The rules have these banks: {known_banks}.")
    if not store.add_seat(work, known.id, code):
        raise Conflict("already_bound", "This client acts for a bank already.")
    return code


def seat(work: Work) -> Seat:
    """The bank that calls. Raises Forbidden (client_inactive)."""
    known = identity.acting_client(work)
    key = _key(work, known)
    return Seat(key, _recipient(work, key, known).legal_name, known.id, known.wire)


def _key(work: Work, known: Client) -> str:
    return store.seat(work, known.id) or known.wire


def bank_of(work: Work, key: str) -> Bank:
    """The bank whose tables count for a key."""
    return work.rules.credit.bank(key)


def name_of(work: Work, key: str) -> str:
    """What a person calls the bank of a key."""
    found = recipient(work, key)
    return key if found is None else found.legal_name


def recipient(work: Work, text: str) -> Recipient | None:
    """The bank behind its code, a client's id, or a name; None where there is none, or where a
    name is that of two."""
    banks = work.rules.credit.banks
    if text in banks:
        return _recipient(work, text)
    if from_wire("cli", text) is not None:
        known = identity.find_client(work, text)
        live = known is not None and known.active and known.scope == KIND
        return _recipient(work, _key(work, known), known) if known and live else None
    called = [
        _recipient(work, each.code)
        for each in banks.values()
        if text in (each.legal_name, each.title_zh, each.title_en)
    ]
    own = [] if called else _of_name(work, text)
    found = {each.key: each for each in (*called, *own)}
    return found.popitem()[1] if len(found) == 1 else None


def _of_name(work: Work, name: str) -> list[Recipient]:
    every = identity.clients(work)
    live = [each for each in every if each.active and each.scope == KIND and each.name == name]
    return [_recipient(work, _key(work, each), each) for each in live]


def _recipient(work: Work, key: str, client: Client | None = None) -> Recipient:
    bank = work.rules.credit.banks.get(key)
    if bank is not None:
        return Recipient(key, bank.legal_name, bank.contact, bank.licence)
    return Recipient(key, client.name if client else key, "", "")


def own(work: Work, bank: str, inquiry_id: bytes, *, lock: bool = False) -> Inquiry:
    """An inquiry for the bank that asked; frozen with the account of which it told. A neutral one
    stays, or it would say that it was about somebody. Raises NotFound (unknown_inquiry)."""
    found = store.find(work, inquiry_id, lock=lock)
    if found is None or found.bank != bank or not thawed(work, [found]):
        raise unknown_inquiry()
    return found


def thawed(work: Work, found: Sequence[Inquiry]) -> list[Inquiry]:
    """Those of these inquiries that told of an account which is open, and those of nobody."""
    told = {each.id: each.resident for each in found if each.resident and not each.neutral}
    frozen = identity.closed_among(work, {*told.values()})
    return [each for each in found if told.get(each.id) not in frozen]
