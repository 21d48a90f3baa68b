"""Who sent a webhook is sure, or it is refused."""

import base64
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from partner import webhook
from partner.webhook import Refused, secret_bytes, sign, verify

SECRET, OTHER = b"s" * 32, b"o" * 32
NOW = 1_773_115_200
BODY = b'{"type":"exchange.requested"}'


def headers(secret: bytes = SECRET, at: int = NOW, body: bytes = BODY) -> dict[str, str]:
    return {
        "webhook-id": "evt_1",
        "webhook-timestamp": str(at),
        "webhook-signature": sign(secret, "evt_1", str(at), body),
    }


def why(*secrets: bytes, now: int = NOW, body: bytes = BODY, **changed: str) -> str:
    """Why it is refused; the name where it is not."""
    told = headers() | {name.replace("_", "-"): value for name, value in changed.items()}
    try:
        return verify(secrets or (SECRET,), told, body, now)
    except Refused as refused:
        return str(refused)


def test_a_published_example() -> None:
    secret = secret_bytes("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    made = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_the_library_of_the_specification_signs_is_good() -> None:
    library = Webhook(base64.b64encode(SECRET).decode())
    at = datetime.fromtimestamp(NOW, tz=UTC)
    signature = library.sign("evt_1", at, BODY.decode())
    assert why(webhook_signature=signature) == "evt_1"


def test_good() -> None:
    assert why() == "evt_1"


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook_id": "evt_2"},
        {"webhook_timestamp": str(NOW + 1)},
        {"webhook_signature": sign(OTHER, "evt_1", str(NOW), BODY)},
        {"webhook_signature": "v1,"},
        {"webhook_signature": "v1a,ré"},
        {"webhook_signature": headers()["webhook-signature"].removeprefix("v1,")},
        {"body": BODY + b" "},
    ],
)
def test_forged(changed: dict) -> None:
    assert why(**changed) == "forged"


@pytest.mark.parametrize("name", ["webhook_id", "webhook_timestamp", "webhook_signature"])
def test_unsigned(name: str) -> None:
    assert why(**{name: ""}) == "unsigned"


@pytest.mark.parametrize("at", ["soon", "-1", "1e9", "１２", "9" * 13, " "])
def test_a_timestamp_is_a_number_of_seconds(at: str) -> None:
    assert why(webhook_timestamp=at) == "unsigned"


@pytest.mark.parametrize(
    ("late", "found"), [(300, "evt_1"), (-300, "evt_1"), (301, "old"), (-301, "old")]
)
def test_five_minutes_either_way(late: int, found: str) -> None:
    assert why(now=NOW + late) == found


def test_several_signatures_and_one_of_them_ours() -> None:
    both = " ".join(sign(each, "evt_1", str(NOW), BODY) for each in (OTHER, SECRET))
    assert why(webhook_signature=both) == "evt_1"
    assert why(OTHER, webhook_signature=both) == "evt_1"
    assert why(b"x" * 32, webhook_signature=both) == "forged"


def test_several_secrets_while_one_is_changed() -> None:
    assert why(OTHER, SECRET) == "evt_1"


def test_without_any_secret_nothing_is_good() -> None:
    with pytest.raises(Refused, match="forged"):
        verify((), headers(), BODY, NOW)


@pytest.mark.parametrize("text", ["", "secret", "whsec_é", "whsec_a", "WHSEC_aaaa"])
def test_a_secret_begins_with_its_prefix_and_is_base64(text: str) -> None:
    with pytest.raises(ValueError, match="whsec_"):
        webhook.secret_bytes(text)
