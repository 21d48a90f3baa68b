"""Money is text outside and whole fen inside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import BadQuantity, fen, yuan


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.99", 199),
        ("-1.99", -199),
        ("0.01", 1),
        ("-0.01", -1),
        ("3", 300),
        ("3.5", 350),
        ("0", 0),
        ("1000000.00", 100_000_000),
    ],
)
def test_money_is_read_in_fen(text: str, amount: int) -> None:
    assert fen(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", "1.", ".5", "01", "1.999", "1,00", "+1", " 1", "1\n", "1e2", "¥1", "１", "--1"),
        *("1000000.01", "10000000", None, 1, b"1"),
    ],
)
def test_what_is_not_plain_money_is_refused(text: object) -> None:
    with pytest.raises(BadQuantity):
        fen(text)


@given(st.integers(-100_000_000, 100_000_000))
def test_money_shows_both_places_and_is_read_back(amount: int) -> None:
    assert yuan(amount)[-3] == "."
    assert fen(yuan(amount)) == amount
