"""What a partner platform signs: whose an account is, as the city can check it."""

import hmac
from collections.abc import Iterator
from hashlib import sha256
from itertools import count
from typing import Any

import jwt

from app import identity, webhooks
from tests.conftest import Headers
from tests.recognition.bourse import UNIONPAY, Bourse
from tests.redemption.market import COMMAND

LINKS = "/v1/me/links"
_IDS: Iterator[int] = count()


def secret_of(bourse: Bourse, code: str = UNIONPAY) -> bytes:
    """The secret that a platform shares with the city, made at the first look."""
    with bourse.house.work(COMMAND) as work:
        if not webhooks.secrets_of(work, code):
            webhooks.register(work, code, "http://127.0.0.1:9/webhooks")
        return webhooks.secrets_of(work, code)[0]


def phone_of(bourse: Bourse, person: Headers) -> str:
    """A resident's number, as the person knows it."""
    who = bourse.id_of(person)
    with bourse.house.look(COMMAND) as work:
        phone = identity.phone_of(work, who)
    assert phone is not None
    return phone


def named(secret: bytes, phone: str) -> str:
    text = f"v1|identity|phone|+86{phone}"
    return hmac.new(secret, text.encode(), sha256).hexdigest()


def statement(
    bourse: Bourse,
    person: Headers,
    account: str = "6200-0001",
    *,
    key: bytes | None = None,
    code: str = UNIONPAY,
    algorithm: str = "HS256",
    **claims: Any,
) -> str:
    """A good statement about a resident's account, unless some claims (or the key) say else; a
    claim of None is left out."""
    secret = secret_of(bourse, code)
    now = int(bourse.clock.instant.timestamp())
    said: dict[str, Any] = {
        "iss": code,
        "aud": "weitan",
        "sub": account,
        "identity": named(secret, phone_of(bourse, person)),
        "iat": now,
        "exp": now + 300,
        "jti": f"statement {next(_IDS)}",
    } | claims
    told = {name: value for name, value in said.items() if value is not None}
    signing = None if algorithm == "none" else key or secret
    return jwt.encode(told, signing, algorithm=algorithm)


def link(bourse: Bourse, person: Headers, account: str, code: str = UNIONPAY, **more: Any) -> Any:
    """A link by other words than a statement, as development takes them."""
    body = {"partner": code, "proof": "mine", "account": account} | more
    return bourse.post(LINKS, person, body, 201)


def refusals(bourse: Bourse, code: str = UNIONPAY) -> list[str]:
    """What was wrong with the attempts to link this platform, in the order of letters."""
    found = bourse.get(f"/v1/links/refusals?partner={code}", bourse.operator("Reader"))
    return sorted(each["fault"] for each in found["items"])
