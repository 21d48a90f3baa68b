"""Killed wherever it may be, before and after the commit: sent again, an inquiry takes one read,
stands in the log once, and a report counts once."""

from pathlib import Path

from app.settings import Settings
from tests.credit.counter import INQUIRIES, OFFER, Counter
from tests.mortal import Mortal

# How many points back from the end of a request it is killed: its commit, and what it wrote.
MOST, LEAST = 13, 7


def test_killed_at_every_point_an_inquiry_sent_again_has_one_effect(
    counter: Counter, settings: Settings, tmp_path: Path
) -> None:
    bank = counter.bank()
    server = Mortal(settings, counter.clock, tmp_path / "server.log")
    for before in (None, *range(MOST)):
        person = counter.person()
        consent = counter.agree(person)
        body = {
            "consent_id": consent,
            "product": "low_carbon",
            "purpose": "pricing",
            "application_reference": "loan 1",
            "offer": OFFER,
        }
        answer = server.tried("ask", before, INQUIRIES, bank, body)
        assert answer["grade"] == "deep"
        assert counter.get(f"/v1/me/consents/{consent}", person)["taken"] == 1
        assert len(counter.disclosures(person)) == 1
        if before is not None and before > LEAST:
            continue
        said = {"inquiry_id": answer["inquiry_id"], "used": True, "decided": "granted"}
        server.tried("report", before, "/v1/credit/outcomes", bank, said)
        (mine,) = counter.get("/v1/me/inquiries", person)["items"]
        assert mine["outcome"]["decided"] == "granted"
    server.end()
    server.reached(LEAST)
