"""Attestations: credentials that a resident holds and shows.

Owns credentials issued and the status lists that revoke them. Its laws: a credential says only what
its resident chose; it is bound to a key, short-lived, and checked by anybody with the public keys;
whom it was shown to, this service does not learn.
"""

from app.attestations.jobs import JOBS

__all__ = ["JOBS"]
