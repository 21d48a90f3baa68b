"""No formula and no example of the rulebook has a word that pages cannot tell in Chinese."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

from flask.testing import FlaskClient

from app.pages import language
from app.pages.resident import wording
from app.pages.resident.remarks import remark
from tests.activities.desk import Desk, act
from tests.activities.test_api_working import ACTS, YESTERDAY
from tests.conftest import Headers
from tests.pages.conftest import Browser
from tests.pages.readers import reading

LATIN = re.compile(r"[A-Za-z]+")
WORKING = re.compile(r'<p class="working">(.*?)</p>', re.DOTALL)
NUMBER = re.compile(r'<span class="number strong">(.*?)</span>')
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


def test_every_remark_of_the_catalogue_has_chinese(client: FlaskClient) -> None:
    untold = set()
    for item in client.get("/v1/behaviours").get_json()["items"]:
        found = client.get(f"/v1/behaviours/{item['code']}").get_json()
        said = [*found["unchecked"], *found["notes"], *(c["note"] for c in found["caps"])]
        with reading("zh"):
            untold |= {each for each in said if each and remark(each) == each}
    assert untold == set()


def test_the_formula_of_every_method_has_chinese(
    client: FlaskClient,
    register: Callable[..., tuple[str, str]],
    resident: Headers,
    browse: Callable[..., Browser],
) -> None:
    desk = Desk.opened(client, register)
    mine = browse("resident", client.get("/v1/me", headers=resident).get_json()["id"])
    mine.speak("zh")
    said: dict[str, set[str]] = {}
    for number, (_, item, _used) in enumerate(ACTS):
        card = f"card {number}"
        desk.bind(resident, card)
        sent = desk.one(_apart(number, act(f"t{number}", at=YESTERDAY, card=card, **item)))
        mine.get(f"/my/acts/{sent['id']}")
        told = [*WORKING.findall(mine.page), *NUMBER.findall(mine.page)]
        assert len(told) > 1, mine.page
        said[f"{number} {item['behaviour']}"] = set().union(*(latin(unescape(t)) for t in told))
    assert {name: words for name, words in said.items() if words} == {}


def _apart(number: int, item: dict[str, Any]) -> dict[str, Any]:
    """The same act of another meter, another case, another order."""
    names = item["evidence"].keys() & {"meter", "case_id", "order_id", "account"}
    item["evidence"] |= {name: f"{item['evidence'][name]} {number}" for name in names}
    return item


def test_chinese_has_the_marks_of_print() -> None:
    told = language.typeset("充电(出行),实付 0.01 元;09:30, 10:00 CO2(e)")
    assert told == "充电（出行），实付 0.01 元；09:30, 10:00 CO2(e)"
