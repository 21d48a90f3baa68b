"""Attestations: credentials that a resident holds and shows.

Owns credentials issued and the status lists that revoke them. Its laws: a credential says only what
its resident chose; it is bound to a key, short-lived, and checked by anybody with the public keys;
of it only a few words are kept, so whom it was shown to, this service does not learn; when a grade
is corrected, what no longer holds is revoked.
"""

from app.attestations.copying import copy_of
from app.attestations.jobs import JOBS
from app.attestations.service import revoke_all, revoke_for

__all__ = ["JOBS", "copy_of", "revoke_all", "revoke_for"]
