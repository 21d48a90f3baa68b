"""Use cases of vouchers: issue, cancel, expire, freeze.

Whoever changes a voucher has locked its resident's wallet before reading it, so the state read is
the state changed. What is limited for all together (stock, budgets) is taken last.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from app import identity, ledger
from app.kernel import Conflict, Refusal, Refused
from app.plumbing.work import Work
from app.redemption import codebook, counters, pool, store
from app.redemption.counters import TOTAL, Allowance, Change
from app.redemption.model import (
    CANCELLED,
    EXPIRED,
    FROZEN,
    HOLDING,
    ISSUED,
    LICENCE,
    TRANSITIONS,
    Voucher,
    limit_reached,
    not_offered,
    spending_frozen,
    unknown_benefit,
    unknown_voucher,
    wrong_state,
)
from app.rulebook import Benefit

_PURPOSE = "vch"


class Held(NamedTuple):
    """A voucher whose resident's wallet is locked."""

    voucher: Voucher
    wallets: ledger.Wallets


def issue(work: Work, code: str) -> Held:
    """A voucher of a benefit for the acting resident; its points are held.

    Raises NotFound (unknown_benefit), Conflict (not_offered, spending_frozen, limit_reached,
    not_enough_points, sold_out, sold_out_today, budget_reached, budget_slowed).
    """
    benefit, change = offered(work, code)
    me = work.actor.id
    wallets = ledger.lock(work, [me])
    if identity.resident(work, me).spending_frozen:
        raise spending_frozen()
    _check_person(work, benefit)
    new = _voucher(work, benefit)
    purpose = ledger.Purpose(_PURPOSE, new.id)
    ledger.hold(work, me, new.price, purpose, wallets=wallets)
    store.add(work, new)
    if benefit.kind == LICENCE and not pool.give(work, code, new.id):
        raise Conflict("sold_out", "There is none of this left.")
    _take_limits(work, benefit, change, new)
    return Held(new, wallets)


def offered(work: Work, code: str) -> tuple[Benefit, Change]:
    """A benefit that can be had today, and what operators changed of it.

    Raises NotFound (unknown_benefit), Conflict (not_offered).
    """
    benefit = work.rules.offers.benefits.get(code)
    if benefit is None:
        raise unknown_benefit()
    if not benefit.offered(work.today):
        raise not_offered("This benefit is not offered today.")
    change = counters.change_of(work, code)
    if change.paused:
        raise not_offered("This benefit is paused; your vouchers of it stay good.")
    return benefit, change


def _voucher(work: Work, benefit: Benefit) -> Voucher:
    return Voucher(
        resident_id=work.actor.id,
        id=work.new_id(),
        benefit=benefit.code,
        state=ISSUED,
        prior=None,
        price=benefit.price(work.today),
        cash=benefit.cash(work.today),
        cost=benefit.unit_cost(work.today),
        funder=benefit.funder,
        issued_at=work.now,
        issued_on=work.today,
        expires_on=work.today + timedelta(days=benefit.valid_days - 1),
        redemption_id=None,
        changed_at=work.now,
    )


def _check_person(work: Work, benefit: Benefit) -> None:
    limits = benefit.limits
    if limits.person_total is limits.person_monthly is limits.person_daily is None:
        return
    had = store.had(work, work.actor.id, benefit.code)
    for name, most, count in (
        ("person_total", limits.person_total, had.total),
        ("person_monthly", limits.person_monthly, had.month),
        ("person_daily", limits.person_daily, had.day),
    ):
        if most is not None and count >= most:
            raise limit_reached(name, most)


def _take_limits(work: Work, benefit: Benefit, change: Change, new: Voucher) -> None:
    """Stock of the day, stock in all, budget: always in this order (that of their keys), and last
    of all, so that nobody waits for anything while holding one of these rows."""
    limits = benefit.limits
    if limits.stock_daily is not None and not counters.take_stock(
        work, benefit.code, work.today.isoformat(), limits.stock_daily
    ):
        raise Conflict("sold_out_today", "There is none of this left today; try tomorrow.")
    if not counters.take_stock(work, benefit.code, TOTAL, stock_total(benefit, change)):
        raise Conflict("sold_out", "There is none of this left.")
    if new.cost:
        allowed = allowance(work, new.funder)
        if not counters.take_budget(work, new.funder, new.cost, allowed):
            raise _no_budget(work, new, allowed)


def stock_total(benefit: Benefit, change: Change) -> int | None:
    """All that was ever on offer, with what operators added; None without a limit."""
    stock = benefit.limits.stock_total
    return None if stock is None else stock + change.extra_stock


def allowance(work: Work, funder: str) -> Allowance:
    """What a funder's grants allow today, by the pack's brakes."""
    offers = work.rules.offers
    granted = offers.funders[funder].granted(work.today)
    reserve = offers.count("budget_reserve_percent", work.today)
    slow = offers.count("budget_slow_percent", work.today)
    share = offers.count("budget_share_percent", work.today)
    return Allowance(granted, granted - granted * reserve // 100, granted * slow // 100, share)


def _no_budget(work: Work, new: Voucher, allowed: Allowance) -> Conflict:
    used = counters.budgets(work).get(new.funder)
    if new.cost + (used.used if used else 0) > allowed.most:
        return Conflict("budget_reached", "What was set aside for this benefit is used up.")
    return Conflict(
        "budget_slowed", "What is left for this benefit is given out day by day; try tomorrow."
    )


def mine(work: Work, resident_id: bytes, voucher_id: bytes) -> Held:
    """A voucher, behind the lock of its resident's wallet. Raises NotFound (unknown_voucher)."""
    wallets = ledger.lock(work, [resident_id])
    found = store.find(work, resident_id, voucher_id, lock=True)
    if found is None:
        raise unknown_voucher()
    return Held(found, wallets)


def refuse(work: Work, found: Voucher, wanted: str) -> Refused | None:
    """A refusal, written down, of a step that is not on the list; None when it is."""
    if wanted in TRANSITIONS[found.state]:
        return None
    return turned_down(work, found, wanted, wrong_state(found.state, wanted))


def turned_down(work: Work, found: Voucher, wanted: str, refusal: Refusal) -> Refused:
    """A refusal, written into the voucher's history: its owner sees what was tried with it."""
    store.tell_refusal(work, found, wanted, refusal.code)
    return Refused(refusal)


def cancel(work: Work, voucher_id: bytes) -> Voucher | Refused:
    """Give the acting resident's voucher back: its points return to the lots they came from.

    Raises NotFound, Conflict (offline_code_alive) while a code may still come in from offline.
    """
    held = mine(work, work.actor.id, voucher_id)
    refused = refuse(work, held.voucher, CANCELLED)
    if refused:
        return refused
    if _offline_alive(work, held.voucher):
        raise Conflict(
            "offline_code_alive",
            "An offline code of this voucher may still be on its way; wait until it has ended.",
        )
    ended = end(work, held, CANCELLED)
    give_limits_back(work, [ended])
    return ended


def cancel_all(work: Work, resident_id: bytes) -> int:
    """Give back the vouchers of a resident whose account closes, and end all codes; how many."""
    wallets = ledger.lock(work, [resident_id])
    found = store.holding(work, resident_id)
    for each in found:
        # A frozen one cannot be cancelled; it expires with its account.
        end(work, Held(each, wallets), EXPIRED if each.state == FROZEN else CANCELLED)
    codebook.kill_all(work, resident_id)
    give_limits_back(work, found)
    return len(found)


def end(work: Work, held: Held, state: str) -> Voucher:
    """Cancel or expire: points go back, its codes die. What it took of stock and budget is given
    back by `give_limits_back`, last."""
    found, wallets = held
    ledger.release(work, found.resident_id, found.id, wallets=wallets)
    codebook.kill(work, found.resident_id, found.id, codebook.OF_VOUCHERS)
    return store.move(work, found, state)


def give_limits_back(work: Work, ended: Iterable[Voucher]) -> None:
    """What vouchers had taken of stock and budget is free again; in the order of taking."""
    stock: Counter[tuple[str, str]] = Counter()
    budget: Counter[tuple[str, date]] = Counter()
    for each in ended:
        benefit = work.rules.offers.benefits[each.benefit]
        if benefit.limits.stock_daily is not None:
            stock[each.benefit, each.issued_on.isoformat()] += 1
        stock[each.benefit, TOTAL] += 1
        budget[each.funder, each.issued_on] += each.cost
    counters.return_stock(work, stock)
    counters.return_budgets(work, budget)


def expire(work: Work, chunk: int) -> int:
    """End vouchers whose last day has passed; how many. Safe to run twice."""
    overdue = store.overdue(work, chunk, _offline_since(work))
    wallets = ledger.lock(work, {resident for resident, _ in overdue})
    ended = []
    for resident, voucher_id in overdue:
        found = store.find(work, resident, voucher_id)
        if found is not None and found.state in HOLDING:
            ended.append(end(work, Held(found, wallets), EXPIRED))
    give_limits_back(work, ended)
    return len(overdue)


def _offline_since(work: Work) -> datetime:
    """An offline code that ended before this comes in too late."""
    hours = work.rules.offers.count("offline_upload_hours", work.today)
    return work.now - timedelta(hours=hours)


def _offline_alive(work: Work, found: Voucher) -> bool:
    since = _offline_since(work)
    return found.id in codebook.offline_alive(work, found.resident_id, since)


def _standing(work: Work, resident_id: bytes, voucher_id: bytes) -> Held:
    """As `mine`, of an account that is open."""
    held = mine(work, resident_id, voucher_id)
    if resident_id in held.wallets.closed:
        raise unknown_voucher()
    return held


def freeze(work: Work, resident_id: bytes, voucher_id: bytes, note: str) -> Voucher | Refused:
    """Stop a voucher from being redeemed while somebody looks into it."""
    held = _standing(work, resident_id, voucher_id)
    refused = refuse(work, held.voucher, FROZEN)
    if refused:
        return refused
    codebook.kill(work, resident_id, voucher_id, codebook.ONLINE)
    return store.move(work, held.voucher, FROZEN, prior=held.voucher.state, note=note)


def thaw(work: Work, resident_id: bytes, voucher_id: bytes, note: str) -> Voucher | Refused:
    """Let a frozen voucher go on from where it was."""
    held = _standing(work, resident_id, voucher_id)
    refused = refuse(work, held.voucher, held.voucher.prior or ISSUED)
    if refused:
        return refused
    return store.move(work, held.voucher, held.voucher.prior or ISSUED, note=note)
