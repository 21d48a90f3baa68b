"""The claim secret of a resident: what acts are blinded with, for the partners one is linked to.

It is made at the first link, given to each partner, and forgotten with the last one. That there was
one stays known: what partners have paid until then stays paid.
"""

import secrets as random
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from app.consent import store
from app.plumbing.work import Work

_BYTES = 32


class Secret(NamedTuple):
    """A claim secret, and when it was made; `key` is empty where the last link has ended."""

    key: bytes
    made_at: datetime


def give_secret(work: Work, resident_id: bytes) -> bytes:
    """The resident's claim secret (32 bytes), made where there is none."""
    store.put_secret(work, resident_id, work.keys.encrypt(random.token_bytes(_BYTES).hex()))
    found = secret_of(work, resident_id)
    assert found is not None, "a secret that was kept is there"
    return found


def secret_of(work: Work, resident_id: bytes) -> bytes | None:
    """The resident's claim secret, or None."""
    found = secrets(work, [resident_id]).get(resident_id)
    return found.key or None if found else None


def secrets(work: Work, residents: Iterable[bytes]) -> dict[bytes, Secret]:
    """Claim secrets of those with whom partners have, or had, to do."""
    return {
        resident: Secret(bytes.fromhex(work.keys.decrypt(sealed)) if sealed else b"", made_at)
        for resident, sealed, made_at in store.secrets(work, residents)
    }


def linked(work: Work, residents: Iterable[bytes]) -> set[bytes]:
    """Those of these residents with whom partners have, or had, to do."""
    return {resident for resident, *_ in store.secrets(work, residents)}


def forget_secret(work: Work, resident_id: bytes) -> None:
    """Forget a claim secret: from now on nobody can make or check its keys."""
    store.forget_secret(work, resident_id)
