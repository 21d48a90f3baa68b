from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.attestations import statuslist
from tests.attestations import vectors
from tests.attestations.desk import unpacked

URI = "https://city.example/v1/attestations/status/stl_1"


def test_the_example_of_the_draft() -> None:
    revoked = [place for place, bit in enumerate(vectors.BITS) if bit]
    assert statuslist.packed(16, revoked) == vectors.LIST
    assert unpacked(vectors.LIST) == bytes([0xB9, 0xA3])


@given(st.sets(st.integers(0, 1023)))
def test_each_bit_is_that_of_its_place(revoked: set[int]) -> None:
    bits = unpacked(statuslist.packed(1024, revoked))
    assert {each for each in range(1024) if bits[each // 8] >> each % 8 & 1} == revoked


def test_what_has_not_changed_has_the_same_bytes_for_a_while() -> None:
    begin = datetime(2026, 8, 20, 4, 0, tzinfo=UTC)
    end = begin + timedelta(seconds=statuslist.FRESH_S)
    first = statuslist.body(URI, 64, [3], begin)
    assert statuslist.body(URI, 64, [3], end - timedelta(microseconds=1)) == first
    assert statuslist.body(URI, 64, [3], end) != first
    assert first["sub"] == URI
    assert first["exp"] > first["iat"] + 2 * first["ttl"]
    assert 2 * first["ttl"] <= 60, "a cache's and a verifier's age together"


def test_a_full_list_of_a_city_is_small_enough_to_fetch() -> None:
    half = range(0, 1 << 17, 2)
    assert len(statuslist.packed(1 << 17, half)) < 22_000
    assert len(statuslist.packed(1 << 17, range(64))) < 500
