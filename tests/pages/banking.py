"""A bank's clerk at a browser, with customers who have grades and agree to be asked about."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

from tests.conftest import Headers
from tests.credit.counter import DEMO, Counter
from tests.pages.conftest import Browser

# What of two pages differs though both say the same: numbers of their own, signatures, tokens.
_OWN = re.compile(
    r'inq_[0-9a-z]+|eyJ[\w.-]+|name="(?:csrf_token|once)" value="[^"]*"|loan [0-9]+|/assets/\w+'
)
_ASKED = re.compile(r"/bank/inquiries/(inq_[0-9a-z]+)")

OFFER = {
    "amount": "150,000",
    "rate_bp": "4.35",
    "term_months": "12",
    "channel": "online",
    "guarantee": "guarantor",
}


class Clerk:
    """`bank` are the headers by which the same bank asks the API."""

    def __init__(self, counter: Counter, browse: Callable[..., Browser]) -> None:
        self.counter = counter
        self.bank: Headers = counter.bank(DEMO)
        self.browser = browse("bank", counter.wire(self.bank))

    @property
    def page(self) -> str:
        return self.browser.page

    def agreed(self, **more: Any) -> tuple[Headers, str]:
        """A customer with a deep green quarter, and a consent of theirs."""
        person = self.counter.person()
        return person, self.counter.agree(person, DEMO, **more)

    def scan(self, consent: str, **more: Any) -> str:
        """The page after a consent was typed."""
        self.browser.get("/bank")
        return self._read(self.browser.post("/bank/consent", {"consent_id": consent} | more))

    def ask(self, consent: str, reference: str = "loan 1", **more: str) -> str:
        """The page that follows an inquiry."""
        self.scan(consent)
        filled = {
            "consent_id": consent,
            "product": "low_carbon",
            "purpose": "pricing",
            "application_reference": reference,
        }
        return self._read(self.browser.post("/bank/consent/inquiry", filled | OFFER | more))

    def read(self, path: str) -> str:
        return self._read(self.browser.get(path))

    def report(self, page: str, **filled: str) -> str:
        return self._read(self.browser.post(f"/bank/inquiries/{asked(page)}", filled))

    def inquiries(self) -> list[dict[str, Any]]:
        return list(self.counter.get("/v1/credit/inquiries", self.bank)["items"])

    @staticmethod
    def _read(answer: Any) -> str:
        return unescape(answer.get_data(as_text=True))


def asked(page: str) -> str:
    """The inquiry that a page is about."""
    found = _ASKED.search(page)
    assert found is not None, page
    return found[1]


def common(page: str) -> str:
    """A page without what is its own."""
    return _OWN.sub("", page)
