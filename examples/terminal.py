"""A reader at a merchant's counter: how to redeem a code when the network may fail.

Standard library only, to be read and rewritten in whatever language your reader speaks.

    python examples/terminal.py http://127.0.0.1:8000 ACCESS_TOKEN CODE

The rule is: choose a key of your own before you send, and never a new one for the same code. When
no answer comes, nobody knows what happened; so ask by your key after 5 seconds, then every 10, and
after 45 seconds cancel. Cancelling settles it: what had been redeemed is voided, and what had not
arrived never will.
"""

import json
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

FIRST_ASK, NEXT_ASKS, GIVE_UP = 5, 10, 45  # seconds since the code was sent
PATIENCE = 5  # seconds for one answer


class Unknown(Exception):
    """No answer, or one that says to try again: nobody knows what happened."""


@dataclass(frozen=True)
class Answer:
    """What to show at the counter. `status` is redeemed, refused, voided, refunded or cancelled;
    `code` says why something was refused, `cash_due` what to collect, in yuan."""

    status: str
    code: str | None = None
    cash_due: str | None = None
    redemption: str | None = None

    @property
    def give(self) -> bool:
        """Whether the customer gets the benefit."""
        return self.status == "redeemed"


class Terminal:
    """`sleep` is there so that a test need not wait."""

    def __init__(
        self,
        url: str,
        token: str,
        sleep: Callable[[float], None] = time.sleep,
        patience: float = PATIENCE,
    ) -> None:
        self._url, self._token = url.rstrip("/"), token
        self._sleep, self._patience = sleep, patience

    def redeem(self, code: str, key: str | None = None) -> Answer:
        """Redeem a code; whatever the network does, the answer is the one true state.

        Raises Unknown only when the service cannot even be told to cancel: then show "do not
        give", keep the key, and cancel when the network is back.
        """
        key = key or str(uuid.uuid4())
        try:
            return self._send(code, key)
        except Unknown:
            pass
        for _ in self._asks():
            try:
                found = self._ask(key)
            except Unknown:
                continue
            if found is not None:
                return found
        return self.cancel(key)

    def cancel(self, key: str) -> Answer:
        """Undo whatever a request with this key did. May be repeated. Raises Unknown."""
        body = self._call("POST", f"/v1/redemptions/by-key/{quote(key, safe='')}/cancel", {})
        return _answer(body)

    def _asks(self) -> Iterator[None]:
        waited = FIRST_ASK
        self._sleep(FIRST_ASK)
        yield
        while waited + NEXT_ASKS <= GIVE_UP:
            waited += NEXT_ASKS
            self._sleep(NEXT_ASKS)
            yield

    def _send(self, code: str, key: str) -> Answer:
        try:
            done = self._call("POST", "/v1/redemptions", {"code": code}, {"Idempotency-Key": key})
        except HTTPError as refused:
            if refused.code in (HTTPStatus.CONFLICT, HTTPStatus.NOT_FOUND):
                return Answer("refused", json.load(refused)["code"])
            raise
        return _answer({"status": done["status"], "redemption": done})

    def _ask(self, key: str) -> Answer | None:
        try:
            return _answer(self._call("GET", f"/v1/redemptions/by-key/{quote(key, safe='')}"))
        except HTTPError as refused:
            if refused.code == HTTPStatus.NOT_FOUND:
                return None  # not arrived yet
            raise

    def _call(
        self, method: str, path: str, body: Any = None, more: dict[str, str] | None = None
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token}", **(more or {})}
        data = None
        if body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        request = Request(self._url + path, data, headers, method=method)
        try:
            with urlopen(request, timeout=self._patience) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except HTTPError as refused:
            # 429 and 5xx are not kept: the same request may be sent again. So may "still running".
            if refused.code == HTTPStatus.TOO_MANY_REQUESTS or refused.code >= 500:
                raise Unknown from refused
            if refused.headers.get("Retry-After"):
                raise Unknown from refused
            raise
        except (URLError, OSError, ValueError) as lost:
            raise Unknown from lost


def _answer(body: dict[str, Any]) -> Answer:
    done = body.get("redemption") or {}
    return Answer(body["status"], body.get("code"), done.get("cash_due"), done.get("id"))


def main() -> int:
    """Redeem the code of the command line; exit 0 when the benefit may be given."""
    url, token, code = sys.argv[1:]
    answer = Terminal(url, token).redeem(code)
    print(f"{answer.status}: collect {answer.cash_due}" if answer.give else answer)
    return 0 if answer.give else 1


if __name__ == "__main__":
    sys.exit(main())
