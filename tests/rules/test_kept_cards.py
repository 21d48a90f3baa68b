"""A scorecard that was kept is read again beside the behaviours of later rules."""

import pytest

from app import rulebook
from app.rulebook import credit_from_text
from tests.rules.packs import WEIHAI

BOOK = rulebook.load(WEIHAI)


@pytest.mark.parametrize(
    ("gone", "come"),
    [("online_loan_service", "tram_ride"), ("bus_ride", "hospital_shuttle")],
    ids=["one that it leaves out is no more", "one came that it would have to leave out"],
)
def test_a_kept_card_is_read_beside_behaviours_that_came_and_went(gone: str, come: str) -> None:
    """Old quarters are corrected by their own card under the rules of today."""
    behaviours = dict(BOOK.behaviours)
    behaviours[come] = behaviours.pop(gone)
    card = credit_from_text(BOOK.credit.text, behaviours).scorecard
    assert card is not None
    assert gone not in card.categories
    assert "hospital_shuttle" not in card.categories
    assert card.release == BOOK.credit.scorecard.release  # type: ignore[union-attr]
