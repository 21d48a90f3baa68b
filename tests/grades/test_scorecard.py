"""The factor: bounded, explained to the point, and never lower for having done more."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import rulebook
from app.grades import Line
from app.grades.scorecard import MOST_REASONS, factor, quality, reasons
from app.rulebook import NotInForce, credit_from_text
from tests.rules.packs import GOOD, WEIHAI

DAY = date(2026, 3, 31)
KG = 1_000_000
BOOKS = {"good": rulebook.load(GOOD), "weihai": rulebook.load(WEIHAI)}
MONTHS = ("2026-01", "2026-02", "2026-03")
CREDIT = BOOKS["good"].credit
CARD = CREDIT.scorecard
WEIHAI_CARD = BOOKS["weihai"].credit.scorecard
untimed = settings(max_examples=60, deadline=None)
books = pytest.mark.parametrize("book", BOOKS.values(), ids=BOOKS.keys())
sources = st.sampled_from(("government", "utility", "bank", "clearing", "other"))
masses = st.one_of(st.integers(0, 3 * KG), st.integers(0, 500 * KG))
acts = st.integers(0, 60)
earlier = st.integers(0, 4)


def of(book: rulebook.Rulebook) -> st.SearchStrategy[Line]:
    """Lines of what the card counts, of what it leaves out, and of what nobody knows."""
    behaviours = st.sampled_from([*book.behaviours, "of_another_city"])
    return st.builds(Line, behaviours, st.sampled_from(MONTHS), sources, masses, acts)


def points(card: rulebook.Scorecard, lines: list[Line], before: int) -> list[int]:
    return [part.points for part in factor(card, lines, before, DAY).parts]


@books
@untimed
@given(data=st.data())
def test_what_was_done_beside_never_lowers_a_part(book: rulebook.Rulebook, data: st.DataObject):
    card, lines = book.credit.scorecard, data.draw(st.lists(of(book), max_size=12))
    more, before = data.draw(of(book)), data.draw(earlier)

    with_more = points(card, [*lines, more], before)

    assert all(map(int.__le__, points(card, lines, before), with_more))
    assert all(map(int.__le__, with_more, points(card, [*lines, more], min(4, before + 1))))


@books
@untimed
@given(data=st.data())
def test_a_gram_or_an_act_more_never_lowers_a_part(book: rulebook.Rulebook, data: st.DataObject):
    card, lines = book.credit.scorecard, data.draw(st.lists(of(book), min_size=1, max_size=12))
    which, before = data.draw(st.integers(0, len(lines) - 1)), data.draw(earlier)
    line = lines[which]
    raised = line._replace(
        reduction_mg=line.reduction_mg + data.draw(masses), acts=line.acts + data.draw(acts)
    )
    after = [*lines[:which], raised, *lines[which + 1 :]]

    assert all(map(int.__le__, points(card, lines, before), points(card, after, before)))


@books
@untimed
@given(data=st.data())
def test_the_parts_add_up_and_stay_in_their_bounds(book: rulebook.Rulebook, data: st.DataObject):
    card, lines = book.credit.scorecard, data.draw(st.lists(of(book), max_size=12))

    found = factor(card, lines, data.draw(earlier), DAY)

    assert found.total == sum(part.points for part in found.parts)
    assert 0 <= found.total <= 1000
    for part, rule in zip(found.parts, card.parts, strict=True):
        assert (part.name, part.unit, part.most) == (rule.name, rule.unit, rule.most)
        assert 0 <= part.points == rule.points(part.measured, DAY) <= part.most
        assert (part.next_at is None) == (part.points == part.most)
        if part.next_at is not None:
            assert part.next_at > part.measured
            assert part.points + part.next_adds == rule.points(part.next_at, DAY)


@books
@untimed
@given(data=st.data())
def test_neither_order_nor_how_lines_are_cut_matters(book: rulebook.Rulebook, data: st.DataObject):
    card, lines = book.credit.scorecard, data.draw(st.lists(of(book), max_size=8))
    before = data.draw(earlier)
    halves = [
        half
        for line in lines
        for half in (
            line._replace(reduction_mg=line.reduction_mg // 3, acts=0),
            line._replace(reduction_mg=line.reduction_mg - line.reduction_mg // 3),
        )
    ]

    again = data.draw(st.permutations(halves))

    assert factor(card, again, before, DAY) == factor(card, lines, before, DAY)
    assert quality(card, again, DAY) == quality(card, lines, DAY)


@books
@untimed
@given(data=st.data())
def test_one_purchase_never_decides(book: rulebook.Rulebook, data: st.DataObject):
    """However large: at once, or released over the months of the quarter."""
    card = book.credit.scorecard
    behaviour, source = data.draw(st.sampled_from(sorted(card.categories))), data.draw(sources)
    masses_of_months = data.draw(st.lists(st.integers(0, 10**12), min_size=1, max_size=3))
    lines = [
        Line(behaviour, month, source, mg, 1)
        for month, mg in zip(MONTHS, masses_of_months, strict=False)
    ]

    found = factor(card, lines, 0, DAY)

    assert found.total <= card.count("lone_most", DAY) <= 500


@books
@untimed
@given(data=st.data())
def test_what_the_card_leaves_out_counts_for_nothing(book: rulebook.Rulebook, data: st.DataObject):
    card, lines = book.credit.scorecard, data.draw(st.lists(of(book), max_size=8))
    outside = [*(each.code for each in card.left_out), "of_another_city"]
    besides = data.draw(st.lists(of(book).map(lambda line: line._replace(behaviour=outside[0]))))
    unknown = [line._replace(behaviour=outside[-1]) for line in besides]

    with_them = [*besides, *lines, *unknown]

    assert factor(card, with_them, 2, DAY) == factor(card, lines, 2, DAY)
    assert quality(card, with_them, DAY) == quality(card, lines, DAY)


@books
@untimed
@given(data=st.data())
def test_reasons_are_those_of_points_lost_most_first(book: rulebook.Rulebook, data: st.DataObject):
    lines = data.draw(st.lists(of(book), max_size=12))
    found = factor(book.credit.scorecard, lines, data.draw(earlier), DAY)
    lost = {part.name: part.most - part.points for part in found.parts}

    told = [lost[reason.part] for reason in reasons(book.credit, found.parts)]

    assert len(told) == min(MOST_REASONS, sum(each > 0 for each in lost.values()))
    assert told == sorted(lost.values(), reverse=True)[: len(told)]


@books
@untimed
@given(data=st.data())
def test_the_card_that_was_kept_gives_the_same_again(book: rulebook.Rulebook, data: st.DataObject):
    lines, before = data.draw(st.lists(of(book), max_size=12)), data.draw(earlier)

    again = factor(KEPT[book.pack.code].scorecard, lines, before, DAY)

    assert again == factor(book.credit.scorecard, lines, before, DAY)


KEPT = {
    book.pack.code: credit_from_text(book.credit.text, book.behaviours) for book in BOOKS.values()
}


# By hand, on the small card: caps of 20 kg a behaviour and 80 kg a kind of source, 500 g a
# category, two acts a month; steps at 1, 10, 100 kg; weights 100, 100, 80, 70, 50 percent


def line(behaviour: str, mg: int, source: str = "utility", month: int = 0, acts: int = 1) -> Line:
    return Line(behaviour, MONTHS[month], source, mg, acts)


def part(name: str, lines: list[Line], before: int = 0) -> tuple[int, int]:
    found = {each.name: each for each in factor(CARD, lines, before, DAY).parts}
    return found[name].measured, found[name].points


@pytest.mark.parametrize(
    ("mg", "measured"),
    [(0, (0, 0)), (KG - 1, (0, 0)), (KG, (1, 100)), (10 * KG - 1, (9, 100)), (10 * KG, (10, 200))],
)
def test_kilograms_count_whole(mg: int, measured: tuple[int, int]):
    assert part("saving", [line("tram_ride", mg)]) == measured


def test_a_behaviour_and_a_source_count_up_to_their_caps():
    trams, boats = line("tram_ride", 90 * KG), line("boat_charging", 90 * KG)

    assert part("saving", [trams]) == (20, 200)
    assert part("saving", [trams, trams._replace(source="bank")]) == (20, 200)
    assert part("saving", [trams, boats]) == (40, 200)


def test_a_source_counts_up_to_its_cap():
    card = WEIHAI_CARD
    rides = [
        Line(code, MONTHS[0], "utility", 40 * KG, 9)
        for code in ("bus_ride", "metro_ride", "walking", "ev_charging", "own_cup")
    ]

    def kilograms(lines: list[Line]) -> int:
        return factor(card, lines, 0, DAY).parts[0].measured

    assert kilograms(rides[:3]) == 120
    assert kilograms(rides) == 150
    assert kilograms([*rides[:4], rides[4]._replace(source="other")]) == 190


def test_evidence_weighs_a_gram_by_its_source():
    assert part("proof", [line("tram_ride", 10 * KG)]) == (10, 20)
    assert part("proof", [line("tram_ride", 10 * KG, "other")]) == (5, 20)
    assert part("proof", [line("tram_ride", 10 * KG - 1, "other")]) == (4, 0)
    assert part("proof", [line("tram_ride", 5 * KG, "bank"), line("tram_ride", KG)]) == (4, 0)
    assert part("proof", [line("tram_ride", 30 * KG, "other")]) == (15, 20)


def test_a_category_counts_from_its_least():
    both = [line("tram_ride", 250_000), line("boat_charging", 249_999)]

    assert part("fields", both) == (0, 0)
    assert part("fields", [*both, line("tram_ride", 1)]) == (1, 50)


def test_a_month_counts_from_its_acts():
    spread = [line("tram_ride", 1, month=month, acts=1) for month in range(3)]

    assert part("rhythm", spread) == (0, 0)
    assert part("rhythm", spread * 2) == (3, 100)
    assert part("rhythm", [line("tram_ride", 1, acts=99)]) == (1, 0)


def test_quarters_before_count():
    assert [part("past", [], before) for before in range(5)] == [
        *((0, 0), (1, 25), (2, 25), (3, 25), (4, 100))
    ]


def test_a_quarter_without_acts_has_a_factor_of_nothing_and_four_reasons():
    found = factor(CARD, [], 0, DAY)

    assert found.total == 0
    assert [reason.part for reason in reasons(CREDIT, found.parts)] == [
        *("saving", "fields", "rhythm", "past")
    ]


def test_nothing_lost_has_no_reason():
    found = factor(CARD, [], 0, DAY)
    full = [part._replace(points=part.most) for part in found.parts]

    assert reasons(CREDIT, full) == []
    assert [each.part for each in reasons(CREDIT, [full[0], *found.parts[3:]])] == ["past", "proof"]


@pytest.mark.parametrize(
    ("other", "level"), [(0, "high"), (20, "high"), (21, "medium"), (60, "medium"), (61, "low")]
)
def test_quality_is_the_share_of_full_weight(other: int, level: str):
    """`other` weighs a half: 20 percent of it take 10 percent of the weight, 60 take 30."""
    lines = [line("tram_ride", 100 - other), line("tram_ride", other, "other")]

    assert quality(CARD, lines, DAY) == level


def test_quality_of_nothing_is_none():
    assert quality(CARD, [], DAY) == "none"
    assert quality(CARD, [line("stairs", KG), line("tram_ride", 0)], DAY) == "none"


def test_a_card_says_nothing_of_days_before_it():
    with pytest.raises(NotInForce):
        factor(CARD, [line("tram_ride", KG)], 0, date(2024, 12, 31))


def test_a_rider_without_a_car_is_heard_in_weihai():
    """As the validation of the card has it: 40 rides a month, nothing else."""
    rides = [line("bus_ride", 3_200_000, month=month, acts=40) for month in range(3)]

    assert points(WEIHAI_CARD, rides, 0) == [50, 40, 150, 0, 25]
    assert points(WEIHAI_CARD, rides, 4) == [50, 40, 150, 150, 25]


def test_a_purchase_in_weihai_reaches_what_its_validation_says():
    purchase = line("efficient_appliance", 900 * KG)

    assert points(WEIHAI_CARD, [purchase], 0) == [190, 40, 0, 0, 50]
