"""What an exchange tells its resident of value, at each of its ends and before."""

from tests.recognition.bourse import Bourse


def words(bourse: Bourse, person: dict[str, str], exchange: str) -> str:
    return str(bourse.get(f"/v1/me/exchanges/{exchange}", person)["final"]["words_en"])


def test_its_words_follow_its_state(bourse: Bourse) -> None:
    person, partner = bourse.rider(), bourse.partner()
    gone, back = bourse.ask(person, "10"), bourse.ask(person, "10")
    assert "your points are held" in words(bourse, person, gone["id"])
    bourse.confirm(partner, gone, "U-1")
    assert "done and final" in words(bourse, person, gone["id"])
    bourse.wait(minutes=16)
    bourse.confirm(partner, back, "U-2", 409)
    assert "yours again" in words(bourse, person, back["id"])
