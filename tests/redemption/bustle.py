"""Many redemptions in little time: the use cases themselves, in one work, without HTTP."""

from collections.abc import Iterable
from dataclasses import replace

from app import identity, ledger, merchants
from app.kernel import from_wire
from app.merchants import Seat, terminals
from app.plumbing import Actor
from app.redemption import presenting, redeeming
from app.redemption.model import Redemption
from app.redemption.presenting import Shown
from tests.redemption.market import COMMAND, CUP, Market


def people(market: Market, count: int, points: int = 1000) -> list[bytes]:
    """The ids of so many new residents, each with so many points from today."""
    with market.house.work(COMMAND) as work:
        found = [identity.demo_resident(work, str(next(market.phones))) for _ in range(count)]
        causes = [next(market.keys).to_bytes(16) for _ in found]
        gains = [
            ledger.Change(who, cause, work.today, points * 100)
            for who, cause in zip(found, causes, strict=True)
        ]
        ledger.adjust(work, ledger.lock(work, found), gains)
    return found


def till(market: Market, merchant: str) -> Seat:
    """A terminal of the merchant's office."""
    with market.house.work(COMMAND) as work:
        wire, _ = identity.create_client(work, "merchant", f"till of {merchant}")
        terminals.bind(work, wire, merchant)
        return merchants.seat(work, from_wire("cli", wire) or b"")


def redeem(
    market: Market,
    seat: Seat,
    who: Iterable[bytes],
    benefit: str = CUP,
    *,
    phone: str | None = None,
) -> None:
    """Each of these residents takes, shows and redeems a benefit here and now."""
    with market.house.work(COMMAND) as work:
        there = replace(work, actor=Actor("client", seat.client_id))
        for each in who:
            mine = replace(work, actor=Actor("resident", each))
            voucher = presenting.take(mine, benefit)
            shown = presenting.show(mine, voucher.id, phone)
            assert isinstance(shown, Shown)
            key = redeeming.key_digest(f"key {next(market.keys)}")
            done = redeeming.redeem(there, seat, shown.text, None, key)
            assert isinstance(done, Redemption)
