"""Their file against ours: five kinds of difference, and every single change is found."""

from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.clearing.comparing import Found, Item, compare, kept, read_csv
from app.kernel import Invalid

RIDE = Item("red_1", "redemption", 199)
VOID = Item("red_1", "void", -199)


@pytest.mark.parametrize(
    ("ours", "theirs", "found"),
    [
        ([], [RIDE], ("long", "redemption", None, 199)),
        ([RIDE], [], ("short", "redemption", 199, None)),
        ([RIDE], [RIDE._replace(amount=299)], ("amount", "redemption", 199, 299)),
        ([RIDE, VOID], [RIDE], ("state", "void", 0, 199)),
        ([RIDE], [RIDE, VOID], ("state", "void", 199, 0)),
        ([RIDE], [RIDE._replace(kind="refund")], ("state", "redemption", 199, 199)),
        ([RIDE], [RIDE, RIDE], ("duplicate", "redemption", 199, 398)),
        ([RIDE, VOID], [RIDE, RIDE], ("duplicate", "redemption", 0, 398)),
        ([], [RIDE, RIDE], ("long", "redemption", None, 398)),
    ],
)
def test_each_kind_of_difference(
    ours: list[Item], theirs: list[Item], found: tuple[str, str, int | None, int | None]
) -> None:
    type_, kind, mine, yours = found
    assert compare(ours, theirs) == [Found(type_, "red_1", kind, mine, yours)]


def test_two_refunds_of_one_redemption_are_no_duplicate() -> None:
    parts = [RIDE, Item("red_1", "refund", -50), Item("red_1", "refund", -50)]
    assert compare(parts, parts[::-1]) == []
    assert compare(parts, [*parts, parts[1]])[0].type == "duplicate"
    assert compare(parts, parts[:2])[0] == Found("amount", "red_1", "refund", 99, 149)


def test_an_adjustment_that_they_do_not_list_is_no_difference() -> None:
    ours = [RIDE, Item("red_0", "adjustment", 100)]
    assert compare(ours, [RIDE]) == []
    assert compare(ours, ours) == []
    wrong = [RIDE, Item("red_0", "adjustment", 200)]
    assert compare(ours, wrong) == [Found("amount", "red_0", "adjustment", 100, 200)]
    assert [each.type for each in compare([RIDE], wrong)] == ["long"]


items = st.builds(
    Item,
    st.sampled_from([f"red_{n}" for n in range(6)]),
    st.sampled_from(["redemption", "refund", "void"]),
    st.integers(-2, 2),
)
books = st.lists(items, max_size=12)


@given(books, st.randoms())
def test_the_same_lines_in_any_order_differ_in_nothing(ours: list[Item], random: object) -> None:
    theirs = ours[:]
    random.shuffle(theirs)
    assert compare(ours, theirs) == []


def leave_out(items: list[Item], n: int) -> tuple[list[Item], str]:
    name, kind, _ = items[n]
    rest = items[:n] + items[n + 1 :]
    if all(each.reference != name for each in rest):
        return rest, "short"
    same = any((each.reference, each.kind) == (name, kind) for each in rest)
    return rest, "amount" if same else "state"


def list_twice(items: list[Item], n: int) -> tuple[list[Item], str]:
    return [*items, items[n]], "duplicate"


def invent(items: list[Item], n: int) -> tuple[list[Item], str]:
    return [*items, items[n]._replace(reference="X 77")], "long"


def misstate(items: list[Item], n: int) -> tuple[list[Item], str]:
    wrong = items[n]._replace(amount=items[n].amount + 1)
    return [*items[:n], wrong, *items[n + 1 :]], "amount"


def undo(items: list[Item], n: int) -> tuple[list[Item], str]:
    return [*items, items[n]._replace(kind="cancelled")], "state"


@given(
    st.lists(items, min_size=1, max_size=12),
    st.integers(0, 11),
    st.sampled_from([leave_out, list_twice, invent, misstate, undo]),
)
def test_every_single_change_is_found_as_what_it_is(
    ours: list[Item], n: int, change: Callable[[list[Item], int], tuple[list[Item], str]]
) -> None:
    assume(n < len(ours))
    theirs, type_ = change(ours, n)
    found = compare(ours, theirs)
    assert [each.type for each in found] == [type_]
    assert found[0].reference in {ours[n].reference, "X 77"}
    sums = [sum(item.amount for item in side) for side in (ours, theirs)]
    assert (found[0].theirs or 0) - (found[0].ours or 0) == sums[1] - sums[0]


def test_a_file_is_read_whatever_its_line_ends_order_and_further_columns() -> None:
    plain = "redemption,kind,amount\nred_1,void,-1.99\n"
    other = '\ufeffAmount,store, Redemption ,kind\r\n"-1.99","a, b",red_1,void\r\n\r\n'
    assert read_csv(plain, "redemption") == read_csv(other, "redemption") == [VOID]
    assert read_csv("kind,amount,exchange", "exchange") == []


@pytest.mark.parametrize(
    ("text", "pointers"),
    [
        ("", ["/head/redemption", "/head/kind", "/head/amount"]),
        ("redemption,kind,sum\n", ["/head/amount"]),
        ("redemption,kind,amount,amount\n", ["/head/amount"]),
        ("redemption,kind,amount\n,void,1\nr,Void!,1\n", ["/lines/0/redemption", "/lines/1/kind"]),
        ("redemption,kind,amount\nr,void,1.999\nr,void\n", ["/lines/0/amount", "/lines/1/amount"]),
        ("redemption,kind,amount\nr,void,1000000.01\n", ["/lines/0/amount"]),
        ('redemption,kind,amount\n"r,void,1\n', ["/lines"]),
        (
            "redemption,kind,amount\n" + "r,void,x\n" * 300,
            [f"/lines/{n}/amount" for n in range(100)],
        ),
    ],
)
def test_what_is_wrong_in_a_file_is_pointed_at(text: str, pointers: list[str]) -> None:
    with pytest.raises(Invalid, match="bad_file") as refused:
        read_csv(text, "redemption")
    assert [each["pointer"] for each in refused.value.extra["errors"]] == pointers


def test_a_file_has_an_end() -> None:
    head, row = "redemption,kind,amount\n", "r,void,-1.99\n"
    assert len(read_csv(head + row * 100_000, "redemption")) == 100_000
    with pytest.raises(Invalid, match="too_many_rows"):
        read_csv(head + row * 100_001, "redemption")


def test_a_strange_reference_is_kept_readable_and_apart_from_others() -> None:
    assert kept(" red_1\n") == "red_1"
    assert kept("a\x00b\ud800") == "a?b?"
    long = "x" * 90
    assert len(kept(long)) == 80
    assert kept(long) != kept(long + "y")
    assert kept(kept(long)) == kept(long)
