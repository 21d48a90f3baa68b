"""A city where residents have grades and banks look at what they are shown."""

import base64
import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import jwt
from flask import Flask
from flask.testing import FlaskClient
from jwcrypto.jwk import JWKSet
from jwcrypto.jws import JWS
from werkzeug.test import TestResponse

from app import identity
from app.grades.tables import grade, quarter_closing
from app.kernel import FixedClock, from_wire
from app.plumbing import Actor, House, tokens
from app.plumbing import house as house_of
from app.plumbing.db import insert_rows
from app.plumbing.jobs import run
from app.scheduler import all_jobs
from tests.conftest import Headers, bearer, sign_in

MINE = "/v1/me/attestations"
QUARTER = "2025Q4"
NONCE = "nonce-of-this-showing"
ALL = ("grade", "quarter", "factor_band", "scorecard")
CARD = "c" * 64
COMMAND = Actor("command")


@dataclass
class Desk:
    """`person` is a resident with a grade, `bank` a bank that signs in."""

    app: Flask
    clock: FixedClock
    client: FlaskClient
    serial: count = field(default_factory=count)

    @property
    def house(self) -> House:
        return house_of(self.app)

    def person(self, code: str | None = "deep", factor: int = 640) -> Headers:
        found = bearer(sign_in(self.client, str(13_800_000_000 + next(self.serial))))
        self.graded(found, code, factor)
        return found

    def id_of(self, headers: Headers) -> bytes:
        token = headers["Authorization"].split()[1]
        sub = tokens.verify(self.house.signing_keys, self.clock.now(), token)["sub"]
        raw = from_wire(sub.partition("_")[0], sub)
        assert raw is not None
        return raw

    def graded(
        self, person: Headers, code: str | None, factor: int, version: int = 1, card: str = CARD
    ) -> None:
        """A further version of the resident's grade of the last closed quarter."""
        with self.house.work(COMMAND) as work:
            self._closed(work.db)
            row = [
                *(self.id_of(person), QUARTER, version, work.new_id(), code, 120_000_000, factor),
                *("[]", "high", "[]", 0, "r" * 64, card, work.now),
                *("closing" if version == 1 else "reversal", None if version == 1 else "deep"),
            ]
            insert_rows(work.db, grade, [row])

    def _closed(self, db: Any) -> None:
        if db.execute(quarter_closing.select()).first() is None:
            cutoff = self.clock.now() - timedelta(days=50)
            row = {"quarter": QUARTER, "cutoff": cutoff, "began_at": cutoff, "ended_at": cutoff}
            db.execute(quarter_closing.insert(), row | {"after": b"\xff" * 16, "counts": "{}"})

    def bank(self, name: str = "Bank of the Sea") -> tuple[str, Headers]:
        """Its client id, by which it asks for presentations, and its headers."""
        with self.house.work(COMMAND) as work:
            wire, secret = identity.create_client(work, "bank", name)
        body = {"grant_type": "client_credentials"}
        answer = self.client.post("/v1/auth/token", json=body, auth=(wire, secret))
        return wire, bearer(answer.get_json())

    def post(self, path: str, headers: Headers, body: Any, key: str = "") -> TestResponse:
        named = {"Idempotency-Key": key or f"key {next(self.serial)}"}
        return self.app.test_client().post(path, json=body, headers=headers | named)

    def make(self, person: Headers, *claims: str, audience: str = "anybank", **more: Any) -> Any:
        """What making one answers; for an audience, unless a holder's key is given."""
        body = {"claims": claims or ALL} | more
        if "holder_key" not in body:
            body = {"audience": audience, "nonce": NONCE} | body
        answer = self.post(MINE, person, body)
        assert answer.status_code == 201, answer.get_json()
        return answer.get_json()

    def verify(self, bank: Headers, presentation: str, **more: Any) -> Any:
        body = {"presentation": presentation, "nonce": NONCE} | more
        answer = self.client.post("/v1/attestations/verify", json=body, headers=bank)
        assert answer.status_code == 200, answer.get_json()
        return answer.get_json()

    def get(self, path: str, person: Headers) -> Any:
        answer = self.client.get(path, headers=person)
        assert answer.status_code == 200, answer.get_json()
        return answer.get_json()

    def job(self, name: str) -> int:
        return run(self.house, all_jobs()[name])

    def their_keys(self) -> JWKSet:
        """The public keys as a stranger's library reads them."""
        return JWKSet.from_json(self.client.get("/.well-known/jwks.json").get_data(as_text=True))

    def status(self, made: dict[str, Any]) -> int:
        """The bit of a credential, as a stranger's library and its own hands find it."""
        answer = self.client.get(made["status"]["uri"])
        token = JWS.from_jose_token(answer.get_data(as_text=True))
        keys = self.their_keys()
        token.verify(keys.get_key(token.jose_header["kid"]))
        assert token.jose_header["typ"] == "statuslist+jwt"
        bits = unpacked(body_of(answer.get_data(as_text=True))["status_list"]["lst"])
        place = made["status"]["idx"]
        return bits[place // 8] >> place % 8 & 1


def body_of(text: str) -> dict[str, Any]:
    """What the issuer's JWT of a token says, unverified."""
    jwt_part, _, _ = text.partition("~")
    found: dict[str, Any] = jwt.decode(jwt_part, options={"verify_signature": False})
    return found


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def unpacked(text: str) -> bytes:
    return zlib.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
