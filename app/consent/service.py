"""Use cases of bindings: bind a subject, look at bindings, end them, ask who holds what."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from app.consent import store
from app.consent.model import (
    MOST_BINDINGS,
    Binding,
    BindingView,
    OwnershipPort,
    Provider,
    check_free,
)
from app.kernel import Conflict, Forbidden, Invalid, NotFound, to_wire
from app.plumbing.work import Work
from app.settings import Settings

FindProvider = Callable[[Work, str], Provider | None]


class AnyProof:
    """Development: any words prove that a card is one's own."""

    def owns(self, provider: str, subject: str, proof: str) -> bool:
        return bool(provider and subject and proof.strip())


class NoProof:
    """Production without a way to ask the provider: nobody can prove anything."""

    def owns(self, provider: str, subject: str, proof: str) -> bool:
        del provider, subject, proof
        return False


def default_ports(settings: Settings) -> dict[str, Any]:
    """`ownership`: any proof in development, none in production until a real port is given."""
    ownership: OwnershipPort = NoProof() if settings.production else AnyProof()
    return {"ownership": ownership}


def subject_hash(work: Work, provider_id: bytes, subject: str) -> bytes:
    """The keyed hash (16 bytes) that stands for a provider's own id of a person."""
    return subject_hashes(work, provider_id, (subject,))[0]


def subject_hashes(work: Work, provider_id: bytes, subjects: Iterable[str]) -> list[bytes]:
    """The same for many subjects of one provider, in their order."""
    kind = f"subject:{to_wire('cli', provider_id)}"
    return [work.keys.fingerprint(kind, subject) for subject in subjects]


def bind(
    work: Work,
    find_provider: FindProvider,
    ownership: OwnershipPort,
    *,
    provider: str,
    subject: str,
    proof: str,
    from_day: date | None = None,
) -> BindingView:
    """Bind a provider's subject to the acting resident, from a day (default today) on.

    Raises NotFound (unknown_provider), Invalid (bad_from), Forbidden (ownership_unproven),
    Conflict (already_bound, subject_bound, subject_cooling, too_many_bindings).
    """
    found = find_provider(work, provider)
    if found is None or found.scope != "provider" or not found.active:
        raise NotFound("unknown_provider", "There is no such provider.")
    day = work.today if from_day is None else from_day
    _check_first_day(work, day)
    if not ownership.owns(found.wire, subject, proof):
        raise Forbidden("ownership_unproven", "The provider does not confirm that this is yours.")
    if store.count_open(work, work.actor.id) >= MOST_BINDINGS:
        raise Conflict("too_many_bindings", f"At most {MOST_BINDINGS} bindings; end one first.")
    new = hold(work, found.id, subject_hash(work, found.id, subject), work.actor.id, day)
    return BindingView(new, found.wire, found.name)


def _check_first_day(work: Work, day: date) -> None:
    far = timedelta(days=work.rules.pack.count("late_days", work.today))
    if not work.today - far <= day <= work.today + far:
        raise Invalid(
            "bad_from",
            f"The first day is at most {far.days} days away from today.",
            errors=[{"pointer": "/from", "code": "out_of_range", "detail": "Too far away."}],
        )


def hold(
    work: Work, provider_id: bytes, subject: bytes, resident_id: bytes, from_day: date
) -> Binding:
    """Bind a subject (its keyed hash) without asking for a proof. Raises Conflict as `bind`."""
    held = store.lock_subject(work, provider_id, subject)
    cooling = work.rules.pack.count("cooling_days", work.today)
    check_free(held, resident_id, from_day, cooling)
    return store.add(work, provider_id, subject, resident_id, from_day)


def hold_many(work: Work, provider_id: bytes, bindings: Iterable[tuple[str, bytes, date]]) -> None:
    """Bind (subject, resident, first day) rows at once, for subjects nobody has ever bound."""
    asked = list(bindings)
    hashes = subject_hashes(work, provider_id, (subject for subject, _, _ in asked))
    rows = [(key, resident, day) for key, (_, resident, day) in zip(hashes, asked, strict=True)]
    store.add_many(work, provider_id, rows)


def bindings(
    work: Work, find_provider: FindProvider, limit: int, before: bytes | None
) -> list[BindingView]:
    """The acting resident's bindings, newest first."""
    found = store.listed(work, work.actor.id, limit, before)
    names: dict[bytes, str] = {}
    for provider_id in {each.provider_id for each in found}:
        provider = find_provider(work, to_wire("cli", provider_id))
        names[provider_id] = provider.name if provider else ""
    return [
        BindingView(each, to_wire("cli", each.provider_id), names[each.provider_id])
        for each in found
    ]


def end(work: Work, binding_id: bytes) -> None:
    """End one of the acting resident's bindings: today is its last day.

    Ending it again changes nothing. Raises NotFound (unknown_binding).
    """
    found = store.lock_binding(work, work.actor.id, binding_id)
    if found is None:
        raise NotFound("unknown_binding", "You have no such binding.")
    if found.until_day is None:
        store.end(work, found)


def end_all(work: Work, resident_id: bytes) -> int:
    """End every open binding of a resident; how many."""
    found = store.lock_open(work, resident_id)
    for each in found:
        store.end(work, each)
    return len(found)
