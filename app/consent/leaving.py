"""What closing an account leaves of bindings and consents: facts that lead to nobody."""

from app.consent import granting, service
from app.consent.agreement import Consent
from app.consent.model import NOBODY
from app.consent.secrets import forget_secret
from app.consent.store import binding
from app.consent.tables import consent
from app.plumbing.work import Work


def leave(work: Work, resident_id: bytes) -> list[Consent]:
    """End a resident's bindings and consents for good; gives the consents, to be told to their
    recipients by the caller.

    That a card was bound until today stays, so that the next holder waits out the cooling days;
    by whom does not. A consent stays as a proof, without the device and the bank's own reference.
    """
    service.end_all(work, resident_id)
    ended = granting.end_consents(work, resident_id)
    forget_secret(work, resident_id)
    work.db.execute(
        binding.update().where(binding.c.resident_id == resident_id).values(resident_id=NOBODY)
    )
    forgotten = dict.fromkeys(("device_sealed", "application_sealed", "application"))
    work.db.execute(
        consent.update().where(consent.c.resident_id == resident_id).values(**forgotten)
    )
    return ended
