"""Consent: what a resident has agreed to. So far the bindings of subjects, and the secret that
blinds acts for partners.

Owns which provider's subject (a card, a meter, an account) earns for which resident, from which
day and until which. Its laws: a subject belongs to one resident at a time; a new holder waits out
the cooling days; a subject is kept as a keyed hash only; an end is a day, and counts for acts by
the day they were earned on.
"""

from app.consent.model import Held, OwnershipPort
from app.consent.secrets import (
    Secret,
    forget_secret,
    give_secret,
    linked,
    secret_of,
    secrets,
)
from app.consent.service import (
    default_ports,
    end_all,
    hold,
    hold_many,
    subject_hash,
    subject_hashes,
)
from app.consent.store import bound_since, holders

__all__ = [
    "Held",
    "OwnershipPort",
    "Secret",
    "bound_since",
    "default_ports",
    "end_all",
    "forget_secret",
    "give_secret",
    "hold",
    "hold_many",
    "holders",
    "linked",
    "secret_of",
    "secrets",
    "subject_hash",
    "subject_hashes",
]
