"""Points that go to a partner and come from one."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from app import ledger
from app.kernel import FixedClock, to_wire
from app.ledger import Change, Entry, Purpose, Wallet, tables
from app.ledger.service import entries
from app.plumbing import Actor, House, Page, Work

TESTER = Actor("test")
ME = b"m" * 16
THEM = ledger.PARTNER + 40 * "p"
FIRST = Purpose("xch", b"x" * 16)
START = datetime(2026, 3, 10, 4, tzinfo=UTC)
YESTERDAY = date(2026, 3, 9)
LOT = date(2026, 6, 30)
ONE_MINUTE = timedelta(minutes=1)


@pytest.fixture
def city(house: House, clock: FixedClock) -> Iterator[House]:
    clock.instant = START
    yield house
    with house.look(TESTER) as work:
        assert list(ledger.differences(work)) == []


def earn(house: House, amount: int, due: date = YESTERDAY) -> None:
    with house.work(TESTER) as work:
        wallets = ledger.lock(work, [ME])
        ledger.adjust(work, wallets, [Change(ME, b"c" * 16, due, amount)])


def receive(house: House, amount: int, lot: date = LOT, purpose: Purpose = FIRST) -> None:
    with house.work(TESTER) as work:
        ledger.receive(work, ME, amount, purpose, THEM, lot)


def take_out(house: House, amount: int, lot: date = LOT) -> int:
    with house.work(TESTER) as work:
        return ledger.take_out(work, ME, amount, FIRST, THEM, lot)


def now(house: House) -> Wallet:
    with house.look(TESTER) as work:
        return ledger.wallet(work, ME)


def theirs(house: House) -> tuple[int, int]:
    with house.look(TESTER) as work:
        return ledger.totals(work)[THEM]


def told(house: House) -> list[Entry]:
    with house.look(TESTER) as work:
        return entries(work, ME, Page(20, None, None, None))[0]


def test_what_is_received_stands_in_a_lot_of_its_own_and_can_be_spent(city: House) -> None:
    earn(city, 300)
    receive(city, 1000)
    assert now(city).lots == ((LOT, 1000), (date(2028, 3, 31), 300))
    with city.work(TESTER) as work:
        ledger.settle(work, ME, ledger.hold(work, ME, 1100))
    assert (now(city).available, theirs(city)) == (200, (1000, 0))


def test_what_is_received_pays_the_debt_first(city: House) -> None:
    earn(city, 300)
    with city.work(TESTER) as work:
        ledger.settle(work, ME, ledger.hold(work, ME, 300))
    earn(city, -300)
    receive(city, 1000)
    assert (now(city).debt, now(city).lots) == (0, ((LOT, 700),))
    assert take_out(city, 1000) == 300
    assert (now(city).debt, theirs(city)) == (300, (1000, 1000))


def test_the_way_back_takes_its_own_lot_then_what_lapsed_then_others_then_debt(
    city: House, clock: FixedClock
) -> None:
    receive(city, 1000)
    earn(city, 100)
    assert take_out(city, 400) == 0
    assert now(city).lots == ((LOT, 600), (date(2028, 3, 31), 100))
    clock.instant = datetime(2026, 7, 1, 4, tzinfo=UTC)
    with city.work(TESTER) as work:
        ledger.book_due(work, [ME])
        assert ledger.totals(work)["expired"] == (0, 600)
    assert take_out(city, 500) == 0
    assert now(city).available == 100
    assert take_out(city, 100) == 0
    with city.look(TESTER) as work:
        assert ledger.totals(work)["expired"] == (600, 600)
    assert (now(city).available, now(city).debt, theirs(city)) == (100, 0, (1000, 1000))


def test_what_was_spent_meanwhile_comes_from_other_lots_and_then_as_debt(city: House) -> None:
    receive(city, 1000)
    with city.work(TESTER) as work:
        ledger.settle(work, ME, ledger.hold(work, ME, 1000))
    earn(city, 250)
    assert take_out(city, 1000) == 750
    assert (now(city).available, now(city).debt) == (0, 750)


def test_a_hold_is_paid_to_a_partner_and_comes_back_from_it(city: House) -> None:
    earn(city, 800)
    with city.work(TESTER) as work:
        ledger.hold(work, ME, 500, FIRST)
        ledger.settle(work, ME, FIRST.id, payee=THEM)
    assert (now(city).available, now(city).held, theirs(city)) == (300, 0, (0, 500))
    with city.work(TESTER) as work:
        ledger.give_back(work, ME, FIRST.id)
    assert (now(city).lots, theirs(city)) == (((date(2028, 3, 31), 800),), (500, 500))


def test_every_entry_of_an_exchange_names_it(city: House, clock: FixedClock) -> None:
    earn(city, 800)
    clock.instant += ONE_MINUTE  # ids of one instant have no order
    receive(city, 200)
    clock.instant += ONE_MINUTE
    second = Purpose("xch", b"y" * 16)
    with city.work(TESTER) as work:
        ledger.hold(work, ME, 300, second)
    clock.instant += ONE_MINUTE
    with city.work(TESTER) as work:
        ledger.settle(work, ME, second.id, payee=THEM)
    clock.instant += ONE_MINUTE
    take_out(city, 200)
    first, other = to_wire("xch", FIRST.id), to_wire("xch", second.id)
    assert [(each.code, each.amount, each.available_after, each.cause) for each in told(city)] == [
        ("exchange_back", -200, 500, first),
        ("settle", -100, 700, other),
        ("settle", -200, 700, other),
        ("hold", -100, 700, other),
        ("hold", -200, 800, other),
        ("exchange_in", 200, 1000, first),
        ("earn", 800, 800, to_wire("act", b"c" * 16)),
    ]


def test_partners_are_in_the_closed_book_from_the_hour_they_appear(
    city: House, clock: FixedClock
) -> None:
    earn(city, 800)
    clock.instant += timedelta(hours=2)
    with city.work(TESTER) as work:
        ledger.JOBS["ledger.close_hours"][0](work)
    receive(city, 200)
    clock.instant += timedelta(hours=2)
    with city.work(TESTER) as work:
        ledger.JOBS["ledger.close_hours"][0](work)
    receive(city, 50, purpose=Purpose("xch", b"z" * 16))
    with city.look(TESTER) as work:
        sums = ledger.totals(work)
    assert (sums["issuance"], sums[THEM]) == ((800, 0), (250, 0))


def test_acts_are_not_paid_by_exchanges(city: House) -> None:
    earn(city, 800)
    receive(city, 200)
    take_out(city, 200)
    with city.look(TESTER) as work:
        assert ledger.posted(work, [ME]) == {(ME, YESTERDAY): 800}


def test_nobody_can_be_paid_whom_the_book_does_not_know(city: House) -> None:
    receive(city, 200)
    for name in ("available", "partners"):
        with pytest.raises(AssertionError), city.work(TESTER) as work:
            ledger.receive(work, ME, 100, FIRST, name, LOT)
        with pytest.raises(AssertionError), city.work(TESTER) as work:
            ledger.settle(work, ME, ledger.hold(work, ME, 100), payee=name)


def test_the_audit_sees_a_partner_that_was_moved_otherwise(city: House) -> None:
    receive(city, 200)
    take_out(city, 100)
    transfer = tables.transfer
    back = transfer.c.code == "exchange_back"
    for statement, words in [
        (transfer.update().where(~back).values(code="earn"), "(earn) that is not its own"),
        (transfer.update().where(back).values(code="settle"), "(settle) that is not its own"),
        (transfer.update().where(back).values(amount=201), "more went back to partner:ppp"),
    ]:
        with city.engine.connect() as connection, connection.begin() as trial:
            connection.execute(statement)
            work: Work = city._work(connection, TESTER)
            assert any(words in found for found in ledger.differences(work)), words
            trial.rollback()
