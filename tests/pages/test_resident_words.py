"""No formula and no example of the rulebook has a word that pages cannot tell in Chinese."""

import re

from flask.testing import FlaskClient

from app.pages.resident import wording
from tests.pages.readers import reading

LATIN = re.compile(r"[A-Za-z]+")
KNOWN = {"CO", "e"}  # of CO₂ and CO₂e


def latin(text: str) -> set[str]:
    return {*LATIN.findall(text)} - KNOWN


def test_every_unit_and_example_of_the_catalogue_has_chinese(client: FlaskClient) -> None:
    said = set()
    for item in client.get("/v1/behaviours").get_json()["items"]:
        found = client.get(f"/v1/behaviours/{item['code']}").get_json()
        with reading("zh"):
            said |= latin(wording.example(found["example"]))
            for parameter in found["parameters"]:
                said |= latin(wording.measured(f"1 {parameter['unit']}"))
    assert said == set()
