"""A provider's desk over HTTP: it sends acts as a company does, for the cards residents bound."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import Headers, bearer

FIRST_DAY = "2025-03-01"
# The working of an act by its provider's reference.
Working = Callable[[str], dict[str, Any]]


def act(
    reference: str, behaviour: str, at: str, card: str = "card0", **more: Any
) -> dict[str, Any]:
    """An item as a provider sends it; evidence by keyword, quantity and unit by their names."""
    return {
        "reference": reference,
        "subject": card,
        "behaviour": behaviour,
        "occurred_at": at,
        "quantity": more.pop("quantity", None),
        "unit": more.pop("unit", None),
        "evidence": more,
    }


@dataclass
class Desk:
    """One provider. `send` answers with the body of a 200; `post` with whatever came."""

    client: FlaskClient
    id: str
    headers: Headers
    keys: Any = field(default_factory=count)

    @classmethod
    def opened(
        cls, client: FlaskClient, register: Callable[..., tuple[str, str]], **more: Any
    ) -> "Desk":
        basic = register(**more)
        body = {"grant_type": "client_credentials"}
        token = client.post("/v1/auth/token", json=body, auth=basic).get_json()
        return cls(client, basic[0], bearer(token))

    def bind(self, resident: Headers, card: str = "card0", since: str = FIRST_DAY) -> str:
        body = {"provider": self.id, "subject": card, "proof": "a photograph", "from": since}
        answer = self.client.post("/v1/me/bindings", json=body, headers=resident)
        assert answer.status_code == 201, answer.get_json()
        return str(answer.get_json()["id"])

    def post(self, path: str, body: Any, key: str | None = None) -> TestResponse:
        headers = self.headers | {"Idempotency-Key": key or f"{self.id}-{next(self.keys)}"}
        return self.client.post(path, json=body, headers=headers)

    def send(self, *acts: dict[str, Any]) -> dict[str, Any]:
        answer = self.post("/v1/activities", {"activities": list(acts)})
        assert answer.status_code == 200, answer.get_json()
        return answer.get_json()

    def one(self, item: dict[str, Any]) -> dict[str, Any]:
        """The result of a single act."""
        return self.send(item)["results"][0]

    def reverse(self, *references: str, reason: str = "paid back") -> list[dict[str, Any]]:
        asked = [{"reference": each, "reason": reason} for each in references]
        answer = self.post("/v1/activities/reversals", {"reversals": asked})
        assert answer.status_code == 200, answer.get_json()
        return answer.get_json()["results"]

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, headers=self.headers)
