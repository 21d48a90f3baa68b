"""Use cases of links: join a partner's account to one's own by one consent, and end that.

Whatever changes a link locks its resident's wallet first, as exchanges, vouchers and a closing
account do; so none of them comes between. What is hot, a partner's position, is touched last, and
partners in the order of their codes.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple

from app import activities, consent, identity, ledger, webhooks
from app.activities import Payer
from app.kernel import Conflict, Forbidden, Invalid, Refused, add_months
from app.plumbing.work import Work
from app.recognition import exchanging, seats, store
from app.recognition.model import ACTIVE, ENDED, Link, unknown_link
from app.recognition.statements import Asked, Fault, PartnerIdentityPort, Used
from app.rulebook import Platform

_CHUNK = 100
_DAY = timedelta(days=1)
_REFUSALS_KEPT = timedelta(days=90)


class Ended(NamedTuple):
    """A link that has ended, and how many exchanges on their way were taken back with it."""

    link: Link
    taken_back: int


def link(
    work: Work,
    port: PartnerIdentityPort,
    *,
    partner: str,
    proof: str,
    account: str | None = None,
    version: str | None = None,
    from_day: date | None = None,
    months: int | None = None,
) -> Link | Refused:
    """Link an account at a partner (its code, or the id of one of its clients) to the resident.

    `version` is that of the consent; `months` may shorten its term. What is wrong with the proof
    is written down for operators, and the answer is one and the same (link_refused). Raises
    NotFound (unknown_partner), Invalid (consent_needed, bad_from), Conflict (already_linked); as
    a `Refused` also Conflict (account_linked), since the statement has been used.
    """
    platform = seats.named(work, partner)
    _check_consent(work, platform, version)
    first = _first_day(work, from_day)
    me = work.actor.id
    wallets = ledger.lock(work, [me])
    identity.require_active(work, me)
    _check_unlinked(work, me, platform.code, wallets)
    asked = Asked(platform.code, identity.phone_of(work, me), proof, account)
    found = port.match(work, asked)
    if not _use(work, platform.code, found.used):
        found = Fault("replayed")
    if isinstance(found, Fault):
        return _refused(work, platform.code, found)
    new = _link(work, platform, found.account, found.by, first, months)
    if not store.add_link(work, new, _account_hash(work, platform.code, found.account)):
        detail = "Somebody has linked that account already; that link has to end first."
        return Refused(Conflict("account_linked", detail))
    consent.give_secret(work, me)
    opened = {"link": new.wire, "account": found.account}
    webhooks.put(work, platform.code, "link.opened", opened)
    consent.partner_looked(work, "partner_link", platform.code, [(me, new.wire)])
    return new


def _check_consent(work: Work, platform: Platform, version: str | None) -> None:
    current = platform.consent.version
    if version == current or (version is None and not work.settings.production):
        return
    raise Invalid(
        "consent_needed",
        "A link needs the consent of its resident, in its present version.",
        consent={"version": current, "url": f"/v1/partners/{platform.code}"},
        errors=[{"pointer": "/consent/version", "code": "required", "detail": "Not the present."}],
    )


def _first_day(work: Work, from_day: date | None) -> date:
    most = work.rules.pack.count("late_days", work.today)
    day = work.today if from_day is None else from_day
    if not work.today - timedelta(days=most) <= day <= work.today:
        raise Invalid(
            "bad_from",
            f"The first day is today, or one of the {most} days before.",
            errors=[{"pointer": "/from", "code": "out_of_range", "detail": "Not such a day."}],
        )
    return day


def _check_unlinked(work: Work, resident: bytes, partner: str, wallets: ledger.Wallets) -> None:
    old = store.open_link(work, resident, partner)
    if old is None:
        return
    if old.until_day >= work.today:
        raise Conflict(
            "already_linked", "An account at this partner is linked; end that link first."
        )
    _end(work, old, "term", wallets)  # its day has passed, and no job has come by yet


def _use(work: Work, partner: str, used: Used | None) -> bool:
    return used is None or store.use_statement(work, partner, used.digest, used.expires_at)


def _refused(work: Work, partner: str, fault: Fault) -> Refused:
    store.tell_refusal(work, partner, fault.kind)
    detail = (
        "The partner does not confirm that this account is yours. Begin again in its app, from an"
        " account with your phone number."
    )
    return Refused(Forbidden("link_refused", detail))


def _account_hash(work: Work, partner: str, account: str) -> bytes:
    return work.keys.fingerprint(f"account:{partner}", account)


def _link(
    work: Work, platform: Platform, account: str, by: str, first: date, months: int | None
) -> Link:
    term = platform.consent.months if months is None else min(months, platform.consent.months)
    return Link(
        id=work.new_id(),
        resident_id=work.actor.id,
        partner=platform.code,
        account_sealed=work.keys.encrypt(account),
        state=ACTIVE,
        from_day=first,
        until_day=add_months(work.today, term) - _DAY,
        consent_version=platform.consent.version,
        consent_digest=platform.consent.digest,
        matched_by=by,
        opened_at=work.now,
        ended_at=None,
        ended_by=None,
    )


# Ending.


def unlink(work: Work, link_id: bytes) -> Ended:
    """End one of the acting resident's links; again, nothing happens. Raises NotFound
    (unknown_link), Unauthorized (account_closed)."""
    wallets = ledger.lock(work, [work.actor.id])
    identity.require_active(work, work.actor.id)
    found = store.find_link(work, link_id, lock=True)
    if found is None or found.resident_id != work.actor.id:
        raise unknown_link()
    return _end(work, found, "resident", wallets)


def unlink_at(work: Work, partner: str, link_id: bytes) -> Ended:
    """A partner ends one of its links; again, nothing happens. Raises NotFound (unknown_link)."""
    seen = store.find_link(work, link_id)
    if seen is None or seen.partner != partner or seen.forgotten:
        raise unknown_link()
    wallets = ledger.lock(work, [seen.resident_id])
    found = store.find_link(work, link_id, lock=True)
    assert found is not None
    return _end(work, found, "partner", wallets)


def end_all(work: Work, resident: bytes) -> int:
    """End every open link of a resident whose account is being closed, and forget which accounts
    at partners were theirs; how many ended."""
    wallets = ledger.lock(work, [resident])
    ended = _end_each(work, store.open_links(work, resident), "closing", wallets)
    store.forget_accounts(work, resident)
    return len(ended)


def end_terms(work: Work) -> int:
    """End links whose consent has run out. Job; safe to run twice."""
    late = store.overdue(work, _CHUNK)
    wallets = ledger.lock(work, {each.resident_id for each in late})
    standing = store.find_links(work, [each.id for each in late])
    open_ones = [each for each in standing.values() if each.state == ACTIVE]
    _end_each(work, open_ones, "term", wallets)
    return len(late)


def _end_each(work: Work, found: Sequence[Link], by: str, wallets: ledger.Wallets) -> list[Ended]:
    in_order = sorted(found, key=lambda each: (each.partner, each.id))
    return [_end(work, each, by, wallets) for each in in_order]


def _end(work: Work, found: Link, by: str, wallets: ledger.Wallets) -> Ended:
    if not store.end_link(work, found.id, by):
        return Ended(found, 0)
    _hand_back(work, found)
    if not store.open_links(work, found.resident_id):
        consent.forget_secret(work, found.resident_id)
    told: dict[str, Any] = {
        "link": found.wire,
        "account": work.keys.decrypt(found.account_sealed),
        "ended_at": work.now.astimezone(work.rules.pack.zone).isoformat(),
        "reason": by,
    }
    webhooks.put(work, found.partner, "link.ended", told)
    seen = [(found.resident_id, found.wire)]
    consent.partner_looked(work, "partner_link", found.partner, seen)
    taken_back = exchanging.abandon(work, found.resident_id, found.id, wallets)
    return Ended(replace(found, state=ENDED, ended_at=work.now, ended_by=by), taken_back)


def _hand_back(work: Work, ended: Link) -> None:
    """What the partner alone was to pay from tomorrow on, the city pays again; what other partners
    were chosen for stays theirs."""
    tomorrow = work.today + _DAY
    spans: dict[str, list[Payer]] = defaultdict(list)
    for each in activities.payers(work, ended.resident_id):
        if each.until_day is None or each.until_day >= tomorrow:
            spans[each.behaviour].append(each)
    for behaviour, found in spans.items():
        begins = [each.from_day for each in found if each.partner == ended.partner]
        if not begins:
            continue
        start = max(tomorrow, min(begins))
        set_payer = partial(activities.set_payer, work, ended.resident_id, behaviour)
        set_payer(None, start)
        for each in found:
            if each.partner != ended.partner and each.from_day > start:
                set_payer(each.partner, each.from_day)
                if each.until_day is not None:
                    set_payer(None, each.until_day + _DAY)


def forget(work: Work) -> int:
    """Delete what remembers statements that have been over for a day, and refusals that operators
    have had time to look at. Job; safe to run twice."""
    forgotten = store.forget_statements(work, work.now - _DAY)
    return forgotten + store.forget_refusals(work, work.now - _REFUSALS_KEPT)


# Who pays.


def choose_payer(
    work: Work, link_id: bytes, behaviour: str, payer: str, from_day: date | None = None
) -> Link:
    """Let the partner (or the city again) alone pay a behaviour of which it sends totals, from a
    day later than today (tomorrow unless said) on.

    Raises NotFound (unknown_link), Conflict (link_ended, not_by_totals), Invalid (bad_from).
    """
    ledger.lock(work, [work.actor.id])
    identity.require_active(work, work.actor.id)
    found = store.find_link(work, link_id)
    if found is None or found.resident_id != work.actor.id:
        raise unknown_link()
    if not found.covers(work.today):
        raise Conflict("link_ended", "This link has ended.")
    recognised = seats.platform(work, found.partner).behaviours.get(behaviour)
    if recognised is None or not recognised.totals:
        raise Conflict("not_by_totals", "This partner sends no totals of that behaviour.")
    day = work.today + _DAY if from_day is None else from_day
    who = found.partner if payer == "partner" else None
    activities.set_payer(work, work.actor.id, behaviour, who, day)
    return found
