"""What has happened in the demo city before somebody looks: done over the API, as telephones,
tills and programs would."""

import itertools
import re
from typing import Any

import httpx

from tests.journeys.live import Process

_NUMBERS = itertools.count()
OFFER = {
    "amount": "150000.00",
    "rate_bp": 435,
    "term_months": 12,
    "channel": "online",
    "guarantee": "guarantor",
}


class Party:
    """Somebody with an access token that `flask up` has printed."""

    def __init__(self, url: str, token: str) -> None:
        self._url, self._who = url, {"Authorization": f"Bearer {token}"}

    def get(self, path: str) -> Any:
        answer = httpx.get(self._url + path, headers=self._who)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def post(self, path: str, **body: Any) -> Any:
        key = {"Idempotency-Key": f"lived {next(_NUMBERS)}"}
        answer = httpx.post(self._url + path, json=body, headers=self._who | key)
        assert answer.status_code < 300, answer.text
        return answer.json()


def parties(process: Process, url: str) -> dict[str, Party]:
    """Resident, café and bank of a city that runs."""
    named = {"resident": "ME", "merchant": "CAFE", "bank": "BANK"}
    return {
        role: Party(url, re.findall(rf"{name}='Authorization: Bearer ([^']+)'", process.said)[0])
        for role, name in named.items()
    }


def live(process: Process, url: str) -> list[str]:
    """One of each: vouchers open, with a licence and redeemed, an exchange, a consent that a bank
    has used, a proof, an objection. Gives pages that no list leads to first."""
    who = parties(process, url)
    me, cafe, bank = who["resident"], who["merchant"], who["bank"]
    ride = me.post("/v1/me/vouchers", benefit_id="one_cent_bus_ride")["id"]
    book = me.post("/v1/me/vouchers", benefit_id="e_book")["id"]
    store = cafe.get("/v1/merchant")["stores"][0]["id"]
    taken = me.post("/v1/me/vouchers", benefit_id="five_yuan_voucher")["id"]
    code = me.post(f"/v1/me/vouchers/{taken}/code")["code"]
    cafe.post("/v1/redemptions", code=code)
    me.post("/v1/me/exchanges", partner="unionpay_low_carbon", direction="out", amount="2")
    consent = me.post("/v1/me/consents", purpose="pricing", recipient="demo_city_bank")["id"]
    bank.post(
        "/v1/credit/inquiries",
        consent_id=consent,
        product="low_carbon",
        purpose="pricing",
        application_reference="A-1",
        offer=OFFER,
    )
    me.post("/v1/me/attestations", claims=["grade"], audience="demo_city_bank", nonce="12345678")
    act = me.get("/v1/me/activities?limit=2")["items"][1]["id"]  # the newest is as it was
    me.post("/v1/me/objections", activity_id=act, reason="这一程请核对。")
    return [
        f"/my/vouchers/{ride}/cancel",
        f"/my/vouchers/{ride}/offline",
        f"/my/vouchers/{book}/replace",
        f"/my/stores/{store}",
    ]
