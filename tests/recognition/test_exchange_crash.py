"""Killed wherever it may be, between holding points and answering, before and after the commit:
sent again, each request has one effect, and both sides come to the same."""

from collections import Counter
from pathlib import Path

from app.settings import Settings
from tests.mortal import Mortal
from tests.recognition.bourse import CHARGED, Bourse, wanted

XCH = "/v1/me/exchanges"
# How many points back from the end of a request it is killed: its commit, and what it wrote.
MOST = 11


def test_killed_at_every_point_a_request_sent_again_has_one_effect(
    bourse: Bourse, settings: Settings, tmp_path: Path
) -> None:
    partner, people = bourse.partner(), iter(bourse.riders(2 * MOST + 2))
    server = Mortal(settings, bourse.clock, tmp_path / "server.log")
    tried = server.tried

    for before in (None, *range(MOST)):
        for direction, amount, held, moved in (
            ("out", "10.00", ("486.90", "10.00"), ("486.90", "0.00")),
            ("in", "135", (CHARGED, "0.00"), ("506.90", "0.00")),
        ):
            person = next(people)
            made = tried(f"ask {direction}", before, XCH, person, wanted(amount, direction))
            assert bourse.points(person) == held
            path = f"/v1/partner/exchanges/{made['id']}"
            tried(f"confirm {direction}", before, f"{path}/confirm", partner, {"reference": "U"})
            assert bourse.points(person) == moved
        other = bourse.ask(person, "10.00")
        path = f"/v1/partner/exchanges/{other['id']}/reject"
        tried("reject", before, path, partner, {})
        assert bourse.points(person) == ("506.90", "0.00")
    server.end()
    server.reached(MOST)
    told = Counter(kind for kind, _ in bourse.told())
    count = MOST + 1
    assert told == {
        "exchange.requested": 3 * count,
        "exchange.confirmed": 2 * count,
        "exchange.rejected": count,
    }
    moved = f"{10 * (MOST + 1)}.00"
    assert bourse.position(partner) == (moved, moved, "0.00", "0.00")
