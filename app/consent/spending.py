"""Use of a consent: one read is taken, or it is said what stands in the way."""

from collections.abc import Collection

from app.consent import register
from app.consent.agreement import Consent, Denial, Use, denied
from app.plumbing.work import Work


def application_hash(work: Work, reference: str | None) -> bytes | None:
    """The keyed hash that stands for an application at a bank."""
    return None if reference is None else work.keys.fingerprint("application", reference)


def spend(
    work: Work,
    consent_id: bytes,
    recipient_key: str,
    purpose: str,
    *,
    product: str | None = None,
    application_reference: str | None = None,
) -> Consent | Denial:
    """Take one read of a consent: how it stands afterwards, or why it was denied.

    Where the consent names a product or an application, it is good for no other. The same two
    statements are made whatever the answer is, so it takes as long to be refused.
    """
    use = Use(recipient_key, purpose, product, application_hash(work, application_reference))
    shown = work.rules.privacy.notice(purpose)
    taken = register.take(work, consent_id, use, shown)
    found = register.find(work, consent_id)
    if taken and found is not None:
        return found
    no = denied(found, use, work.today, shown)
    assert no is not None, "what may be used was taken"
    return no


def look(
    work: Work,
    consent_id: bytes,
    recipient_key: str,
    purpose: str,
    *,
    product: str | None = None,
    application_reference: str | None = None,
) -> Consent | Denial:
    """The same without taking a read: a consent whose reads are all taken is `exhausted`."""
    use = Use(recipient_key, purpose, product, application_hash(work, application_reference))
    found = register.find(work, consent_id)
    no = denied(found, use, work.today, work.rules.privacy.notice(purpose))
    if no is None:
        assert found is not None, "what is unknown is denied"
        return found
    return no


def await_reads(work: Work, residents: Collection[bytes]) -> None:
    """Wait for all who are using a consent of these residents now: what they keep of it can be
    read afterwards, and whoever comes later reads what stands by now."""
    register.await_reads(work, residents)
