"""Use cases of residents: make a credential, look at one's own, end them; and what ends them by
itself. Whoever makes or ends one locks its resident's wallet first."""

import json
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from app import grades, identity, ledger
from app.attestations import sdjwt, statuslist, store
from app.attestations.model import (
    DIGESTS,
    LIST_SIZE,
    MOST_ACTIVE,
    TYPE,
    Attestation,
    Basis,
    Why,
    chosen,
    no_grade,
    unknown_attestation,
)
from app.grades import Grade, Quarter
from app.kernel import Conflict, Invalid, NotFound, from_wire, to_wire
from app.plumbing import tokens
from app.plumbing.keys import SigningKeys
from app.plumbing.work import Work

# So many draws in a row that all meet a place taken: the list is about half full, and the next
# one begins. Nobody has to count, and nobody waits for a counter.
_DRAWS = 8
_FIRST_DECOYS, _FURTHER_DECOYS = 32, 4
_PATH = "/v1/attestations/status/"


class Bound(NamedTuple):
    """Whom a credential is for: the holder's own key (a JWK), or an audience with its nonce, for
    which the service binds it here and now."""

    key: Mapping[str, Any] | None
    audience: str | None = None
    nonce: str | None = None


class Made(NamedTuple):
    """A credential, for the only time that this service sees it. `presentation` where the service
    bound it."""

    kept: Attestation
    says: dict[str, Any]
    uri: str
    credential: str
    presentation: str | None


def make(
    work: Work, keys: SigningKeys, base: str, names: Collection[str], bound: Bound, term: int | None
) -> Made:
    """A credential of the acting resident's grade that says what was chosen, for a `term` of
    minutes (None: as the city has it).

    `base` is the address of this service. Raises Conflict (no_grade, too_many_attestations),
    Invalid (too_long).
    """
    me = work.actor.id
    ledger.lock(work, [me])
    identity.require_active(work, me)
    if store.count_active(work, me) >= MOST_ACTIVE:
        raise Conflict(
            "too_many_attestations", f"At most {MOST_ACTIVE} good ones at a time; end one first."
        )
    grade = grades.latest(work, me)
    says = {} if grade is None else _says(work, grade, names)
    if grade is None or not says:
        raise no_grade()
    kept = _keep(work, grade, says, work.now + _life(work, term))
    uri = list_uri(base, kept.list_id)
    private, holder = sdjwt.one_time_key() if bound.key is None else (None, dict(bound.key))
    payload, disclosures = sdjwt.conceal(says, DIGESTS)
    payload |= {
        "iss": base,
        "iat": work.now,
        "exp": kept.ends_at,
        "vct": TYPE,
        "cnf": {"jwk": holder},
        "status": {"status_list": {"idx": kept.position, "uri": uri}},
    }
    credential = sdjwt.joined(tokens.sign(keys, sdjwt.CREDENTIAL, payload), disclosures)
    shown = None
    if bound.audience is not None and bound.nonce is not None:
        shown = sdjwt.bind(credential, private, bound.audience, bound.nonce, work.now)
    return Made(kept, says, uri, credential, shown)


def _life(work: Work, minutes: int | None) -> timedelta:
    credit = work.rules.credit
    most = credit.count("attestation_most", work.today)
    if minutes is not None and minutes > most:
        fault = {"pointer": "/minutes", "code": "too_long", "detail": f"At most {most}."}
        text = f"A credential lives {most} minutes at most; ask for fewer."
        raise Invalid("too_long", text, errors=[fault])
    return timedelta(minutes=minutes or credit.count("attestation_minutes", work.today))


def _says(work: Work, grade: Grade, names: Collection[str]) -> dict[str, Any]:
    """What of a grade these names say; nothing where nothing was saved. Of the factor only its
    band, by the scorecard of the quarter's last day."""
    card = work.rules.credit.scorecard
    if grade.code is None:
        return {}
    band = "{}-{}".format(*card.band(grade.factor, grade.quarter.last)) if card else None
    return chosen(Basis(grade.code, str(grade.quarter), band, grade.card), names)


def _keep(work: Work, grade: Grade, says: dict[str, Any], ends_at: datetime) -> Attestation:
    list_id, position = place(work)
    kept = Attestation(
        resident_id=work.actor.id,
        id=work.new_id(),
        list_id=list_id,
        position=position,
        claims=",".join(says),
        quarter=str(grade.quarter),
        version=grade.version,
        basis=_hash(work, says),
        issued_at=work.now,
        ends_at=ends_at,
        ended_at=None,
        why=None,
    )
    store.add(work, kept)
    return kept


def _hash(work: Work, says: dict[str, Any]) -> bytes:
    return work.keys.fingerprint("attested", json.dumps(says, sort_keys=True))


def place(work: Work) -> tuple[bytes, int]:
    """A place of a status list at random; two who draw the same one meet at its key."""
    newest = store.newest_list(work)
    if newest is not None:
        list_id, size = newest
        for _ in range(_DRAWS):
            position = secrets.randbelow(size)
            if store.take(work, list_id, position):
                return list_id, position
    list_id = store.open_list(work, LIST_SIZE)
    _hide(work, list_id, LIST_SIZE, _FIRST_DECOYS + secrets.randbelow(_FIRST_DECOYS))
    while not store.take(work, list_id, position := secrets.randbelow(LIST_SIZE)):
        pass
    return list_id, position


def _hide(work: Work, list_id: bytes, size: int, decoys: int) -> None:
    """Revoke some places that nobody has: whoever watches a list cannot count."""
    for position in sorted(secrets.randbelow(size) for _ in range(decoys)):
        store.take(work, list_id, position, revoked=True)


def list_uri(base: str, list_id: bytes) -> str:
    """Where a status list is read."""
    return f"{base}{_PATH}{to_wire('stl', list_id)}"


def status_list(work: Work, keys: SigningKeys, base: str, name: str) -> str:
    """A status list as a signed token. Raises NotFound (unknown_status_list)."""
    list_id = from_wire("stl", name)
    size = None if list_id is None else store.list_size(work, list_id)
    if list_id is None or size is None:
        raise NotFound("unknown_status_list", "There is no such status list.")
    revoked = store.revoked(work, list_id)
    body = statuslist.body(list_uri(base, list_id), size, revoked, work.now)
    return tokens.sign(keys, statuslist.TYPE, {"iss": base} | body)


def mine(work: Work, attestation_id: bytes | None) -> Attestation:
    """One of the acting resident's. Raises NotFound."""
    found = None if attestation_id is None else store.find(work, work.actor.id, attestation_id)
    if found is None:
        raise unknown_attestation()
    return found


def revoke(work: Work, attestation_id: bytes | None) -> None:
    """End one of the acting resident's; ended again, nothing happens. Raises NotFound."""
    ledger.lock(work, [work.actor.id])
    found = mine(work, attestation_id)
    if found.state(work.now) == "active":
        _end(work, [found], "resident")


def revoke_all(work: Work, resident: bytes) -> int:
    """End all of a resident's, whose account closes; how many."""
    ledger.lock(work, [resident])
    return _end(work, store.active(work, resident), "closing")


def revoke_for(work: Work, resident: bytes, quarter: Quarter) -> int:
    """End those of a resident's that say of a quarter what its grade no longer says; how many."""
    ledger.lock(work, [resident])
    grade = grades.of(work, resident, quarter)
    found = [each for each in store.active(work, resident) if each.quarter == str(quarter)]
    if grade is not None:
        store.know(work, found, grade.version)
    untrue = [each for each in found if grade is None or each.basis != _basis(work, grade, each)]
    return _end(work, untrue, "correction")


def _basis(work: Work, grade: Grade, found: Attestation) -> bytes:
    return _hash(work, _says(work, grade, found.names))


def follow(work: Work) -> int:
    """Revoke what corrected grades no longer say; one that says the same still stays. Job."""
    newer = grades.newer(work, store.versions(work))
    return sum(revoke_for(work, resident, quarter) for resident, quarter in newer)


def _end(work: Work, found: list[Attestation], why: Why) -> int:
    for each in found:
        store.end(work, each, why)
    store.revoke(work, [(each.list_id, each.position) for each in found])
    for list_id in sorted({each.list_id for each in found}):
        size = store.list_size(work, list_id)
        assert size is not None, "a list outlives its credentials"
        _hide(work, list_id, size, secrets.randbelow(_FURTHER_DECOYS))
    return len(found)
