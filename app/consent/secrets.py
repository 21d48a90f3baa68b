"""The claim secret of a resident: what acts are blinded with, for the partners one is linked to.

It is made at the first link, given to each partner, and forgotten with the last one. That there was
one stays known: what partners have paid until then stays paid.
"""

import secrets as random
from collections.abc import Iterable
from datetime import datetime

from app.consent import store
from app.plumbing.work import Work

_BYTES = 32


def give_secret(work: Work, resident_id: bytes) -> bytes:
    """The resident's claim secret (32 bytes), made where there is none."""
    store.put_secret(work, resident_id, work.keys.encrypt(random.token_bytes(_BYTES).hex()))
    found = secret_of(work, resident_id)
    assert found is not None, "a secret that was kept is there"
    return found


def secret_of(work: Work, resident_id: bytes) -> bytes | None:
    """The resident's claim secret, or None."""
    return secrets(work, [resident_id]).get(resident_id) or None


def secrets(work: Work, residents: Iterable[bytes]) -> dict[bytes, bytes]:
    """Claim secrets of those whom partners know; empty where the last link has ended."""
    found = store.secrets(work, residents)
    return {
        resident: bytes.fromhex(work.keys.decrypt(sealed)) if sealed else b""
        for resident, sealed in found.items()
    }


def secrets_since(work: Work, residents: Iterable[bytes]) -> dict[bytes, datetime]:
    """When the present claim secrets of these residents were made."""
    return store.secrets_since(work, residents)


def linked(work: Work, residents: Iterable[bytes]) -> set[bytes]:
    """Those of these residents with whom partners have, or had, to do."""
    return set(store.secrets(work, residents))


def forget_secret(work: Work, resident_id: bytes) -> None:
    """Forget a claim secret: from now on nobody can make or check its keys."""
    store.forget_secret(work, resident_id)
