"""Pockets and lots, one story each."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app import ledger
from app.kernel import FixedClock
from app.ledger import Change, HoldClosed, NotEnoughPoints, Wallet
from app.ledger.model import Age, Terms, lot_day
from app.plumbing import Actor, House

TESTER = Actor("test")
ME = b"m" * 16
START = datetime(2026, 3, 10, 4, tzinfo=UTC)
ONE_DAY = timedelta(days=1)


class Purse:
    """A resident's ledger by day of March 2026 and amount."""

    def __init__(self, house: House, clock: FixedClock) -> None:
        self.house, self.clock = house, clock
        clock.instant = START

    def earn(self, due: date, amount: int, cause: bytes = b"c" * 16) -> dict[bytes, int]:
        with self.house.work(TESTER) as work:
            wallets = ledger.lock(work, [ME])
            return ledger.adjust(work, wallets, [Change(ME, cause, due, amount)])

    def hold(self, amount: int, lapses_at: datetime | None = None) -> bytes:
        with self.house.work(TESTER) as work:
            return ledger.hold(work, ME, amount, lapses_at=lapses_at)

    def settle(self, hold: bytes, amount: int | None = None) -> int:
        with self.house.work(TESTER) as work:
            return ledger.settle(work, ME, hold, amount)

    def release(self, hold: bytes, amount: int | None = None) -> int:
        with self.house.work(TESTER) as work:
            return ledger.release(work, ME, hold, amount)

    def give_back(self, hold: bytes, amount: int | None = None) -> int:
        with self.house.work(TESTER) as work:
            return ledger.give_back(work, ME, hold, amount)

    def job(self, name: str) -> None:
        with self.house.work(TESTER) as work:
            ledger.JOBS[name][0](work)

    @property
    def now(self) -> Wallet:
        with self.house.look(TESTER) as work:
            assert list(ledger.differences(work)) == []
            return ledger.wallet(work, ME)


@pytest.fixture
def purse(house: House, clock: FixedClock) -> Purse:
    return Purse(house, clock)


def test_a_lot_lives_to_the_end_of_the_quarter_24_months_on(purse: Purse) -> None:
    purse.earn(date(2026, 3, 10), 800)
    assert purse.now.lots == ((date(2028, 3, 31), 800),)
    purse.earn(date(2025, 4, 1), 100)
    assert purse.now.lots[0] == (date(2027, 6, 30), 100)


def test_points_wait_until_their_day_and_mature_without_a_job(purse: Purse) -> None:
    purse.earn(date(2026, 3, 12), 800)
    assert (purse.now.available, purse.now.pending) == (0, 800)
    purse.clock.instant += 2 * ONE_DAY
    assert (purse.now.available, purse.now.pending) == (800, 0)
    purse.job("ledger.book_due")
    assert (purse.now.available, purse.now.pending) == (800, 0)


def test_the_lot_that_expires_first_is_spent_first(purse: Purse) -> None:
    purse.earn(date(2026, 3, 10), 500)
    purse.earn(date(2025, 3, 31), 300)
    purse.settle(purse.hold(400))
    assert purse.now.lots == ((date(2028, 3, 31), 400),)


def test_what_was_held_goes_back_to_the_lots_it_came_from(purse: Purse) -> None:
    purse.earn(date(2026, 3, 10), 500)
    purse.earn(date(2025, 3, 31), 300)
    before = purse.now
    hold = purse.hold(400)
    assert (purse.now.available, purse.now.held) == (400, 400)
    purse.release(hold)
    assert purse.now == before


def test_a_part_is_released_in_the_reverse_order_of_taking(purse: Purse) -> None:
    purse.earn(date(2026, 3, 10), 500)
    purse.earn(date(2025, 3, 31), 300)
    hold = purse.hold(400)
    purse.release(hold, 150)
    assert purse.now.lots == ((date(2027, 3, 31), 50), (date(2028, 3, 31), 500))
    purse.settle(hold)
    assert (purse.now.available, purse.now.held) == (550, 0)


def test_more_than_there_is_cannot_be_held(purse: Purse) -> None:
    purse.earn(date(2026, 3, 10), 500)
    with pytest.raises(NotEnoughPoints) as refused:
        purse.hold(501)
    assert refused.value.extra == {"missing": "0.01"}
    assert purse.now.available == 500


def test_taking_back_what_was_spent_leaves_a_debt_that_the_next_earnings_pay(
    purse: Purse,
) -> None:
    purse.earn(date(2026, 3, 10), 800)
    purse.settle(purse.hold(700))
    owed = purse.earn(date(2026, 3, 10), -800)
    assert owed == {b"c" * 16: 700}
    assert (purse.now.available, purse.now.debt) == (0, 700)
    purse.earn(date(2026, 3, 9), 500, b"d" * 16)
    assert (purse.now.available, purse.now.debt) == (0, 200)
    purse.earn(date(2026, 3, 12), 300, b"e" * 16)
    assert (purse.now.pending, purse.now.debt) == (300, 200), "a debt is paid once points are due"
    purse.clock.instant += 3 * ONE_DAY
    assert (purse.now.available, purse.now.debt) == (100, 0)


def test_released_points_pay_the_debt_first(purse: Purse) -> None:
    purse.earn(date(2026, 3, 10), 800)
    hold = purse.hold(800)
    purse.earn(date(2026, 3, 10), -300)
    assert (purse.now.held, purse.now.debt) == (800, 300), "held points are untouched"
    purse.release(hold)
    assert (purse.now.available, purse.now.debt) == (500, 0)


def test_an_expired_lot_posts_to_the_expired_account(purse: Purse) -> None:
    purse.earn(date(2026, 3, 10), 800)
    purse.clock.instant = datetime(2028, 3, 31, 15, 59, tzinfo=UTC)
    assert purse.now.available == 800, "the last day is a day of use, to its end in Shanghai"
    purse.clock.instant = datetime(2028, 3, 31, 16, tzinfo=UTC)
    assert purse.now.available == 0
    purse.job("ledger.book_due")
    with purse.house.look(TESTER) as work:
        assert ledger.totals(work)["expired"] == (0, 800)
    assert purse.now.available == 0


def test_a_correction_of_an_expired_lot_takes_from_what_expired(purse: Purse) -> None:
    purse.earn(date(2026, 3, 10), 800)
    purse.clock.instant = datetime(2028, 4, 2, tzinfo=UTC)
    assert purse.earn(date(2026, 3, 10), -300) == {}
    assert (purse.now.available, purse.now.debt) == (0, 0)


def test_a_release_after_expiry_gets_one_grace_lot_and_no_second(purse: Purse) -> None:
    purse.earn(date(2026, 3, 10), 800)
    hold = purse.hold(800)
    purse.clock.instant = datetime(2028, 4, 2, tzinfo=UTC)
    purse.release(hold)
    assert purse.now.lots == ((date(2028, 4, 9), 800),)
    again = purse.hold(800)
    purse.clock.instant = datetime(2028, 4, 20, tzinfo=UTC)
    purse.release(again)
    assert purse.now.available == 0


def test_what_was_paid_out_comes_back_in_the_reverse_order_and_never_twice(purse: Purse) -> None:
    purse.earn(date(2026, 3, 10), 500)
    purse.earn(date(2025, 3, 31), 300)
    before = purse.now
    hold = purse.hold(400)
    with pytest.raises(HoldClosed):
        purse.give_back(hold)
    purse.settle(hold)
    assert purse.give_back(hold, 150) == 150
    assert purse.now.lots == ((date(2027, 3, 31), 50), (date(2028, 3, 31), 500))
    with pytest.raises(HoldClosed):
        purse.give_back(hold, 251)
    assert purse.give_back(hold) == 250
    assert purse.now == before
    with pytest.raises(HoldClosed):
        purse.give_back(hold)


def test_what_comes_back_pays_the_debt_first_and_an_expired_lot_gets_a_grace(purse: Purse) -> None:
    purse.earn(date(2026, 3, 10), 800)
    hold = purse.hold(800)
    purse.settle(hold)
    assert purse.earn(date(2026, 3, 10), -200) == {b"c" * 16: 200}
    purse.clock.instant = datetime(2028, 4, 2, tzinfo=UTC)
    purse.give_back(hold)
    assert (purse.now.debt, purse.now.lots) == (0, ((date(2028, 4, 9), 600),))


def test_a_hold_that_nobody_settles_lapses(purse: Purse) -> None:
    purse.earn(date(2026, 3, 10), 800)
    purse.hold(300, START + timedelta(minutes=5))
    purse.job("ledger.lapse_holds")
    assert purse.now.held == 300
    purse.clock.instant += timedelta(minutes=5)
    purse.job("ledger.lapse_holds")
    assert (purse.now.available, purse.now.held) == (800, 0)


def test_a_closed_book_and_the_open_hour_add_up(purse: Purse) -> None:
    purse.earn(date(2026, 3, 10), 800)
    purse.clock.instant += timedelta(hours=3)
    purse.job("ledger.close_hours")
    purse.earn(date(2026, 3, 9), 50, b"d" * 16)
    with purse.house.look(TESTER) as work:
        assert ledger.totals(work)["issuance"] == (850, 0)
    assert purse.now.available == 850


def test_the_terms_of_the_due_day_count_whenever_points_arrive() -> None:
    ages = (Age(date(2020, 1, 1), 24, "quarter"), Age(date(2026, 4, 1), 12, "year"))
    terms = Terms(ages, 7)
    assert lot_day(date(2026, 3, 31), terms) == date(2028, 3, 31)
    assert lot_day(date(2026, 4, 1), terms) == date(2027, 12, 31)
