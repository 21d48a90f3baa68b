"""A bank has us look at what it was shown. Offline, with the public keys and a status list, it
needs nobody for that, and nobody learns of it; by this way the resident's log gets a row."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from app import consent
from app.attestations import sdjwt, store
from app.attestations.model import CLAIMS
from app.consent import Disclosure, Recipient
from app.kernel import from_wire
from app.plumbing.keys import SigningKeys
from app.plumbing.work import Work

_LOOK = "credential"
# A claim → the kind of data that it tells of, as the log of disclosures names it.
_KINDS = {"grade": "grade", "quarter": "window", "factor_band": "factor", "scorecard": "factor"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a presentation holds, and what it says then; `reason` why it does not. `status` is
    valid or revoked, None where it did not come to that."""

    reason: str | None
    claims: dict[str, Any] = field(default_factory=dict)
    ends_at: datetime | None = None
    issuer: str | None = None
    status: str | None = None


def verify(
    work: Work,
    keys: SigningKeys,
    bank: Recipient,
    text: str,
    audiences: Collection[str],
    nonce: str,
) -> Verdict:
    """What a presentation says to a bank that goes by these names and gave this nonce. Once."""
    try:
        proof = sdjwt.check(text, keys.public, work.now)
        list_id, position = _place(proof.claims)
    except sdjwt.Unconvincing as error:
        return Verdict(error.reason)
    issuer, ends = str(proof.claims.get("iss")), datetime.fromtimestamp(proof.claims["exp"], UTC)
    if proof.audience not in audiences:
        return Verdict("wrong_audience", issuer=issuer)
    if proof.nonce != nonce:
        return Verdict("wrong_nonce", issuer=issuer)
    if store.is_revoked(work, list_id, position):
        _tell(work, bank, list_id, position, {}, denied="revoked")
        return Verdict("revoked", ends_at=ends, issuer=issuer, status="revoked")
    seen = work.keys.fingerprint(
        "presentation", f"{bank.key}\n{proof.audience}\n{proof.nonce}\n{proof.hash}"
    )
    if not store.first_seen(work, seen, ends):
        return Verdict("replayed", ends_at=ends, issuer=issuer, status="valid")
    says = {name: proof.claims[name] for name in CLAIMS if name in proof.claims}
    _tell(work, bank, list_id, position, says)
    return Verdict(None, says, ends, issuer, "valid")


def _place(claims: dict[str, Any]) -> tuple[bytes, int]:
    """List and place of a credential's status. Raises Unconvincing (malformed)."""
    try:
        told = claims["status"]["status_list"]
        list_id, position = from_wire("stl", told["uri"].rpartition("/")[2]), told["idx"]
    except (AttributeError, KeyError, TypeError) as error:
        raise sdjwt.Unconvincing("malformed") from error
    if list_id is None or type(position) is not int:
        raise sdjwt.Unconvincing("malformed")
    return list_id, position


def _tell(
    work: Work,
    bank: Recipient,
    list_id: bytes,
    position: int,
    says: dict[str, Any],
    denied: str | None = None,
) -> None:
    """Into the log of whose it is; of one that has long ended nothing is known any more."""
    kept = store.at_place(work, list_id, position)
    if kept is not None:
        who = (kept.resident_id, "bank", bank.key, bank.legal_name)
        kinds = tuple(dict.fromkeys(_KINDS[name] for name in says))
        consent.disclose(work, [Disclosure(*who, kinds, _LOOK, denied=denied, about=kept.wire)])
