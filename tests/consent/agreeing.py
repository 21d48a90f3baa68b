"""Banks that may be named in a consent, and residents who agree."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app import consent
from app.consent import Consent, Denial, Recipient
from app.kernel import from_wire
from app.plumbing import Actor, House, Work
from tests.conftest import Headers

RULES = Path(__file__).resolve().parents[2] / "rules"
BANK = Recipient("harbour_bank", "海港银行股份有限公司", "0631-1234567", "B0001H137100001")
OTHER = Recipient("hill_bank", "Hill Bank", "0631-7654321", "B0002H137100001")
BARE = Recipient("bare_bank", "Bare Bank", "", "")
COMMAND = Actor("command")
Maker = Callable[..., Flask]


class Banks:
    """The ports of the register: who a recipient is, and what recipients were told."""

    def __init__(self) -> None:
        self.told: list[Consent] = []

    def find(self, work: Work, text: str) -> Recipient | None:
        known = {name: each for each in (BANK, OTHER, BARE) for name in each[:2]}
        return known.get(text)

    def revoked(self, work: Work, ended: Sequence[Consent]) -> None:
        self.told += ended

    @property
    def ports(self) -> dict[str, Any]:
        return {"recipients": self.find, "revoked": self.revoked}


def other_words(folder: Path, file: str, old: str, new: str) -> Path:
    """A copy of the rules in which a file of the folder `privacy` says something else."""
    copy = folder / "rules"
    if not copy.exists():
        shutil.copytree(RULES, copy)
    path = copy / "weihai" / "privacy" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return copy


def agree(client: FlaskClient, headers: Headers, **more: Any) -> Any:
    body = {"purpose": "limit", "recipient": BANK.key} | more
    return client.post("/v1/me/consents", json=body, headers=headers)


def agreed(client: FlaskClient, headers: Headers, **more: Any) -> str:
    answer = agree(client, headers, **more)
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()["id"]


def states(client: FlaskClient, headers: Headers) -> list[str]:
    items = client.get("/v1/me/consents", headers=headers).get_json()["items"]
    return [each["state"] for each in items]


def spend(
    house: House, consent_id: str, bank: Recipient = BANK, purpose: str = "limit", **more: Any
) -> str:
    """What came of a bank's use of a consent: "given", or why not."""
    with house.work(COMMAND) as work:
        raw = from_wire("cns", consent_id) or b""
        found = consent.spend(work, raw, bank.key, purpose, **more)
    return found.reason if isinstance(found, Denial) else "given"


def whole(client: FlaskClient, headers: Headers, consent_id: str) -> dict[str, Any]:
    return client.get(f"/v1/me/consents/{consent_id}", headers=headers).get_json()


def notice(client: FlaskClient, headers: Headers, **more: str) -> Any:
    query = {"purpose": "limit", "recipient": BANK.key} | more
    return client.get("/v1/me/consents/notice", query_string=query, headers=headers)
