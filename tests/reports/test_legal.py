"""What is kept of a closed account comes out one way: by a command, with a ticket, into the log."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from orjson import loads

from tests.recognition.bourse import Bourse
from tests.reports.life import Life

Register = Callable[..., tuple[str, str]]


def retrieve(app: Flask, *words: str) -> Any:
    return app.test_cli_runner().invoke(args=["legal", "retrieve", *words])


def test_a_closed_account_is_retrieved_for_a_ticket_and_the_log_says_so(
    bourse: Bourse,
    client: FlaskClient,
    register: Register,
    app: Flask,
    capfd: pytest.CaptureFixture[str],
) -> None:
    life = Life(bourse, register)
    before = life.get("/v1/me/export")["sections"]
    client.delete("/v1/me?confirm=true", headers=life.person)
    for _ in range(2):
        done = retrieve(app, life.wire, "--ticket", "威法 2026-17", "--by", "Judge Lin")
        assert done.exit_code == 0, done.output
    found = loads(done.stdout)
    told = found["sections"]
    assert told["profile"]["status"] == "closed"
    erased = ("phone", "birth_year", "district", "phone_proven_at")
    assert [told["profile"][name] for name in erased] == [None] * 4
    assert told["bindings"] == told["grades"] == told["account_codes"] == []
    assert {row["account"] for row in told["links"]} == {None}
    assert len(told["activities"]) == len(before["activities"])
    assert all(each["application_reference"] is None for each in told["consents"])
    paper = next(row for row in told["activities"] if row["behaviour"] == "waste_paper_recycling")
    assert paper["evidence"] == []
    # The second document tells of the first.
    [logged] = [row for row in told["disclosures"] if row["why"] == "legal_retrieval"]
    assert (logged["about"], logged["who"]["name"]) == ("威法 2026-17", "Judge Lin")
    assert "legal_retrieval" in capfd.readouterr().err


def test_without_a_ticket_a_name_or_an_account_nothing_is_retrieved(app: Flask) -> None:
    nobody = "res_" + "0" * 26
    for words in (
        (nobody, "--ticket", "1"),
        (nobody, "--by", "Lin"),
        (nobody, "--ticket", " ", "--by", "Lin"),
        (nobody, "--ticket", "1", "--by", "Lin"),
        ("me", "--ticket", "1", "--by", "Lin"),
    ):
        assert retrieve(app, *words).exit_code != 0
