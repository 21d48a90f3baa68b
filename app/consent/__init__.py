"""Consent: what a resident has agreed to, and who was given what.

Owns which provider's subject (a card, a meter, an account) earns for which resident, from which
day and until which; the secret that blinds acts for partners; the register of consents; the log of
disclosures. Its laws: a subject belongs to one resident at a time; a new holder waits out the
cooling days; a subject is kept as a keyed hash only; an end is a day, and counts for acts by the
day they were earned on. A consent is for one purpose and one recipient, of a notice that is kept
word for word, for some days and some reads; it ends at once, and with its notice; no service asks
for one. The log holds names of what was given, never values.
"""

from app.consent.agreement import Consent, Denial, Disclosure, Given, Recipient
from app.consent.disclosing import disclose, looked, partner_looked
from app.consent.granting import end_consents
from app.consent.jobs import JOBS
from app.consent.leaving import leave
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
from app.consent.showing import copy_of
from app.consent.spending import await_reads, look, spend
from app.consent.store import bound_since, holders

__all__ = [
    "JOBS",
    "Consent",
    "Denial",
    "Disclosure",
    "Given",
    "Held",
    "OwnershipPort",
    "Recipient",
    "Secret",
    "await_reads",
    "bound_since",
    "copy_of",
    "default_ports",
    "disclose",
    "end_all",
    "end_consents",
    "forget_secret",
    "give_secret",
    "hold",
    "hold_many",
    "holders",
    "leave",
    "linked",
    "look",
    "looked",
    "partner_looked",
    "secret_of",
    "secrets",
    "spend",
    "subject_hash",
    "subject_hashes",
]
