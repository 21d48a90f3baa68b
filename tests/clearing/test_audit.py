"""The audit adds the books up again, and finds what was tampered with."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
import sqlalchemy as sa

from app import clearing
from tests.clearing.conftest import MONDAY, TESTER, Town, reference

CASES = [
    ("UPDATE clearing_file SET csv = :byte", "is not the CSV that was made"),
    ("UPDATE clearing_file SET json = :byte", "is not the JSON that was made"),
    ("UPDATE clearing_file SET csv = :byte, csv_sha256 = :hash", "names another hash"),
    ("UPDATE clearing_file SET amount = amount + 1", "has other totals than its lines"),
    ("UPDATE clearing_line SET amount = 200 WHERE amount = 199", "tells other lines"),
    ("UPDATE clearing_line SET amount = 500 - amount WHERE amount > 0", "tells other lines"),
    ("UPDATE clearing_line SET file_id = NULL WHERE amount = 301", "is in no file"),
    ("UPDATE clearing_line SET file_id = :id WHERE amount = 301", "a file that is not its own"),
    ("UPDATE clearing_line SET party = 'cafe' WHERE amount = 301", "a file that is not its own"),
    ("DELETE FROM clearing_line WHERE amount = 301", "tells other lines"),
    ("DELETE FROM clearing_file WHERE amount = 500", "is of no file"),
    ("UPDATE payout SET amount = amount + 1 WHERE state = 'due'", "is off its lines"),
    ("DELETE FROM payout WHERE state = 'due'", "is missing"),
    ("DELETE FROM payout WHERE state = 'netted'", "is off its lines"),
    ("UPDATE payout SET netted_into = :id WHERE state = 'netted'", "have gone into no payout"),
]


@pytest.fixture
def books(town: Town) -> Town:
    """Three files, something carried over, and lines that wait for the next file."""
    town.add(town.line(1), town.line(2, 301))
    town.stands_on(MONDAY + timedelta(days=1))
    town.close(MONDAY)
    town.add(town.line(2, -301, "void"))
    town.stands_on(MONDAY + timedelta(days=2))
    town.close(MONDAY + timedelta(days=1))
    town.add(town.line(3, 1000))
    midnight = datetime(2026, 3, 11, 16, tzinfo=UTC)
    town.clock.instant = midnight - timedelta(seconds=1)
    late = town.line(4)
    town.clock.instant = midnight + timedelta(seconds=1)
    town.close(MONDAY + timedelta(days=2))
    town.add(late, town.line(5))
    return town


def audit(town: Town) -> list[str]:
    with town.house.look(TESTER) as work:
        return list(clearing.verify(work))


def test_a_line_kept_while_its_day_was_closed_is_no_fault(books: Town) -> None:
    assert audit(books) == []


@pytest.mark.parametrize(("statement", "said"), CASES)
def test_the_audit_finds_what_was_changed(books: Town, statement: str, said: str) -> None:
    values = {"byte": b"x", "hash": sha256(b"x").digest(), "id": reference(7)}
    used = {name: value for name, value in values.items() if f":{name}" in statement}
    with books.house.work(TESTER) as work:
        assert work.db.execute(sa.text(statement), used).rowcount > 0
    assert any(said in each for each in audit(books)), audit(books)
