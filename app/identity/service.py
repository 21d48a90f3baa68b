"""Use cases of residents: who opens which account, what they see of it, how it ends."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from app.identity import presence, store
from app.identity.model import (
    DOCUMENTS,
    PHONE_LEVEL,
    REAL_NAME,
    Document,
    Person,
    PersonPort,
    Profile,
    Resident,
    account_closed,
    adopts,
    masked,
    needs_guardian,
    phone_number,
    step_up_required,
)
from app.kernel import Conflict, Forbidden, Invalid
from app.plumbing.work import Work

_FOLDER = Path(__file__).parent / "documents"
_ENOUGH_TRIES = 3


def phone_key(work: Work, phone: str) -> bytes:
    """The keyed hash under which a number is found."""
    return work.keys.fingerprint("phone", phone)


def person_key(work: Work, person: Person) -> bytes:
    """The keyed hash that tells persons apart; a number is never taken for a real name."""
    return work.keys.fingerprint(f"person:{person.level}", person.key)


# Whose account.


def sign_in(
    work: Work, phone: str, person: Person, accept: dict[str, str] | None
) -> tuple[Resident, bool]:
    """The account of whoever has just proven to hold `phone`, opened if need be.

    The number ends up with this account and no other. True beside it when the number replaced
    another one. Raises Forbidden (step_up_required), Invalid (accept_required, unknown_version).
    """
    hashed = person_key(work, person)
    for _ in range(_ENOUGH_TRIES):
        holders = store.lock_holders(work, phone_key(work, phone), hashed)
        found = _account(work, holders, phone, person, hashed)
        if found is not None:
            if accept:
                _accept(work, found.id, accept)
            return _with_phone(work, found, holders, phone)
        new = _open(work, holders, phone, person, hashed)
        if new is not None:
            _accept_on_opening(work, new, accept)
            return resident(work, new), False
    raise _twin()


def _twin() -> Conflict:
    return Conflict("try_again", "The same person is signing in elsewhere.", retry_after=1)


def _account(
    work: Work, holders: list[Resident], phone: str, person: Person, hashed: bytes
) -> Resident | None:
    """Which of the locked holders this person is; None when they have no account yet."""
    key = phone_key(work, phone)
    by_number = next((each for each in holders if each.phone_key == key), None)
    by_person = next((each for each in holders if each.person_key == hashed), None)
    idle_days = work.settings.phone_idle_days
    if person.level == PHONE_LEVEL:
        if by_number is not None and by_number.phone_idle(work.now, idle_days):
            raise step_up_required()
        return by_number
    if by_person is not None:
        return by_person
    if by_number is not None and adopts(by_number, person, work.now, idle_days):
        if not store.take_person(work, by_number.id, REAL_NAME, hashed):
            raise _twin()
        return by_number
    return None


def _with_phone(
    work: Work, found: Resident, holders: list[Resident], phone: str
) -> tuple[Resident, bool]:
    """The number now belongs to `found`, proven just now."""
    key = phone_key(work, phone)
    _detach(work, [each for each in holders if each.phone_key == key and each.id != found.id])
    columns: dict[str, Any] = {"phone_seen_at": work.now}
    replaced = found.phone_key != key
    if replaced:
        columns |= {"phone_key": key, "phone_sealed": work.keys.encrypt(phone)}
    store.change_resident(work, found.id, **columns)
    return resident(work, found.id), replaced


def _detach(work: Work, holders: list[Resident]) -> None:
    """Take the number from its former holders; an account known by it alone is nobody's now."""
    for each in holders:
        columns: dict[str, Any] = {"phone_key": None, "phone_sealed": None, "phone_seen_at": None}
        if each.level == PHONE_LEVEL:
            columns["person_key"] = None
        store.change_resident(work, each.id, **columns)


def _open(
    work: Work, holders: list[Resident], phone: str, person: Person, hashed: bytes
) -> bytes | None:
    """A new account at nothing; None when a twin of this request was faster."""
    _detach(work, holders)
    return store.add_resident(
        work,
        level=person.level,
        person_key=hashed,
        phone_key=phone_key(work, phone),
        phone_sealed=work.keys.encrypt(phone),
        phone_seen_at=work.now,
    )


# What was agreed to.


def documents() -> list[Document]:
    """Every published version of the agreement and of the personal-information notice."""
    found = []
    for path in sorted(_FOLDER.glob("*.md")):
        kind, _, version = path.stem.partition("-")
        text = path.read_text(encoding="utf-8")
        found.append(Document(kind, version, sha256(text.encode()).digest(), text))
    return found


def _accept_on_opening(work: Work, resident_id: bytes, accept: dict[str, str] | None) -> None:
    if accept:
        _accept(work, resident_id, accept)
    elif work.settings.production:
        raise Invalid(
            "accept_required",
            "A first sign-in opens an account: accept the agreement and the notice.",
            errors=[{"pointer": "/accept", "code": "required", "detail": "Two versions."}],
        )


def _accept(work: Work, resident_id: bytes, accept: dict[str, str]) -> None:
    published = {(each.document, each.version): each.hash for each in documents()}
    for name in DOCUMENTS:
        digest = published.get((name, accept[name]))
        if digest is None and work.settings.production:
            raise Invalid(
                "unknown_version",
                "This version was never published; GET /v1/documents lists those that were.",
                errors=[{"pointer": f"/accept/{name}", "code": "unknown", "detail": "Unknown."}],
            )
        store.add_acceptance(work, resident_id, name, accept[name], digest)


# The account itself.


def resident(work: Work, resident_id: bytes, *, lock: bool = False) -> Resident:
    """An open account. Raises Unauthorized (account_closed)."""
    found = store.find_resident(work, resident_id, lock=lock)
    if found is None or not found.open:
        raise account_closed()
    return found


def active(work: Work, resident_id: bytes) -> bool:
    """True while the account is open."""
    found = store.find_resident(work, resident_id)
    return found is not None and found.open


def require_active(work: Work, resident_id: bytes, *, lock: bool = False) -> None:
    """Raises Unauthorized (account_closed) when a token has outlived its account.

    `lock` keeps the account from being closed before the work ends.
    """
    resident(work, resident_id, lock=lock)


def phone_of(work: Work, resident_id: bytes) -> str | None:
    """The eleven digits of an open account's number, None where it has none: for those who must
    compare it with what another knows, and never to be told on. Raises Unauthorized."""
    sealed = resident(work, resident_id).phone_sealed
    return None if sealed is None else work.keys.decrypt(sealed)


def profile(work: Work, resident_id: bytes) -> Profile:
    """What residents see of themselves."""
    found = resident(work, resident_id)
    phone = None if found.phone_sealed is None else masked(work.keys.decrypt(found.phone_sealed))
    who = (found.id, found.level, phone, found.birth_year, found.district, found.opened_at)
    return Profile(*who, found.earning_frozen, found.spending_frozen)


def change_profile(work: Work, resident_id: bytes, changes: dict[str, Any]) -> Profile:
    """Set `birth_year` and `district`; None clears, what is absent stays.

    Raises Forbidden (guardian_required) below 14, Invalid (bad_birth_year).
    """
    resident(work, resident_id, lock=True)
    born = changes.get("birth_year")
    if born is not None and born > work.today.year:
        raise Invalid(
            "bad_birth_year",
            "That year has not come yet.",
            errors=[{"pointer": "/birth_year", "code": "invalid", "detail": "In the future."}],
        )
    if born is not None and needs_guardian(born, work.today):
        raise Forbidden("guardian_required", "Below 14 a guardian must consent first.")
    if changes:
        store.change_resident(work, resident_id, **changes)
    return profile(work, resident_id)


def change_phone(
    work: Work, persons: PersonPort, resident_id: bytes, phone: str, proof: str
) -> Profile:
    """Replace the number by one whose code was just spent; the proof must name this resident."""
    found, holders = _prove(work, resident_id, persons.identify(phone, proof), phone)
    _with_phone(work, found, holders, phone)
    return profile(work, resident_id)


def verify(work: Work, persons: PersonPort, resident_id: bytes, proof: str) -> Profile:
    """Raise the account from `phone` to `real_name`; at `real_name` it only checks the proof."""
    found = resident(work, resident_id)
    if found.phone_sealed is None:
        raise Conflict("no_phone", "This account has no number; sign in again with a proof.")
    phone = work.keys.decrypt(found.phone_sealed)
    _prove(work, resident_id, persons.identify(phone, proof), phone)
    return profile(work, resident_id)


def _prove(
    work: Work, resident_id: bytes, person: Person, phone: str
) -> tuple[Resident, list[Resident]]:
    """The person must be this resident, or have no account yet: then is this resident now.

    Gives the resident and all holders of the number, locked. Raises Conflict
    (person_has_account), Forbidden (another_person).
    """
    hashed = person_key(work, person)
    holders = store.lock_holders(work, phone_key(work, phone), hashed, resident_id)
    found = next((each for each in holders if each.id == resident_id and each.open), None)
    if found is None:
        raise account_closed()
    known = any(each.person_key == hashed for each in holders)
    if found.level != PHONE_LEVEL and found.person_key != hashed:
        raise Forbidden("another_person", "The proof names somebody else.")
    if found.person_key != hashed and (
        known or not store.take_person(work, resident_id, REAL_NAME, hashed)
    ):
        raise Conflict("person_has_account", "This person has another account; sign in to it.")
    return found, holders


def close(work: Work, resident_id: bytes) -> None:
    """Close an account: number, person and profile are erased; sign-ins and sessions end.

    The number and the person are free for a new account; the opaque id stays, for the ledger.
    Raises Unauthorized (account_closed) when it is closed already.
    """
    found = resident(work, resident_id, lock=True)
    if found.phone_key is not None:
        store.drop_code(work, found.phone_key)
    erased = dict.fromkeys(
        ("person_key", "phone_key", "phone_sealed", "phone_seen_at", "birth_year", "district")
    )
    store.change_resident(work, resident_id, status="closed", closed_at=work.now, **erased)
    store.end_sign_ins(work, resident_id)
    presence.end_all(work, resident_id)


def count_residents(work: Work) -> int:
    """Open accounts."""
    return store.count_residents(work)


def demo_resident(work: Work, phone: str) -> bytes:
    """The account of a number, opened without a code: for the demo city and for tests."""
    number = phone_number(phone)
    if number is None:
        raise ValueError("not a mainland mobile number")
    return sign_in(work, number, Person(number, PHONE_LEVEL), None)[0].id
