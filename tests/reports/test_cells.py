"""What is hidden, and what subtraction leaves."""

from hypothesis import given
from hypothesis import strategies as st

from app.reports import cells, quality


def test_fewer_than_ten_are_hidden_and_nobody_needs_company() -> None:
    assert cells.hidden({"a": 10, "b": 0, "c": 25}) == {"b"}


def test_one_hidden_cell_takes_the_smallest_of_the_others_with_it() -> None:
    assert cells.hidden({"a": 9, "b": 12, "c": 25}) == {"a", "b"}
    assert cells.hidden({"a": 9, "b": 1, "c": 25, "d": 25}) == {"a", "b", "c"}


def test_where_all_are_few_all_are_hidden() -> None:
    assert cells.hidden({"a": 9, "b": 9}) == {"a", "b"}
    assert cells.hidden({}) == set()


def test_few_is_one_to_nine() -> None:
    assert [cells.few(count) for count in (0, 1, 9, 10)] == [False, True, True, False]


people = st.dictionaries(
    st.sampled_from("abcdefg"), st.sets(st.integers(0, 30), max_size=25), max_size=7
)


@given(people)
def test_what_subtraction_leaves_is_of_ten_people_or_of_nobody(found: dict[str, set[int]]) -> None:
    """Of cells that make up a whole, which is told when ten people are in it."""
    if len(set[int]().union(*found.values())) < cells.FEWEST:
        return
    hidden = cells.hidden({name: len(each) for name, each in found.items()})
    left = set[int]().union(*(found[name] for name in hidden))
    assert all(len(found[name]) >= cells.FEWEST for name in found.keys() - hidden)
    assert not left or len(left) >= cells.FEWEST


def test_the_score_is_the_weighted_mean_of_what_can_be_said() -> None:
    rejected = {"bad_quantity": 10, "too_old": 9}
    found = quality.of(100, rejected, 81, 40)
    assert found == quality.Quality(900, 900, 493, 81, "fair")
    assert quality.of(100, {}, 0, 0) == quality.Quality(1000, 1000, None, 100, "good")
    assert quality.of(4, {"unknown_subject": 4}, 0, 0) == quality.Quality(1000, 0, None, 50, "poor")
    assert quality.of(0, {}, 0, 0) == quality.Quality(None, None, None, None, None)
    assert quality.of(5, {"bad_evidence": 5}, 0, 0) == quality.Quality(0, None, None, 0, "poor")
