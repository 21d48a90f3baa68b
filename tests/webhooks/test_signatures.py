"""Signatures, as Standard Webhooks 1.0.0 has them; its authors' library says whether they hold."""

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from app import webhooks
from app.kernel import Invalid
from app.webhooks.model import headers, key_of
from tests.conftest import NOON
from tests.webhooks.conftest import CAUSE, PARTY, City
from tests.webhooks.receiver import Got, Receiver


def good(secret: str, got: Got) -> bool:
    """Whether one of the signatures is the one that the library makes."""
    at = datetime.fromtimestamp(int(got.headers["webhook-timestamp"]), UTC)
    made = Webhook(secret).sign(got.id, at, got.body.decode())
    return made in got.headers["webhook-signature"].split(" ")


def test_the_library_s_own_vector() -> None:
    """The example that the specification's libraries test themselves with."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    at = datetime.fromtimestamp(1614265330, UTC)
    made = headers("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', at, [key_of(secret)])
    assert made["webhook-timestamp"] == "1614265330"
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_is_sent_can_be_verified(city: City, server: Receiver) -> None:
    secret = city.register(server.url)
    city.clock.instant = datetime.now(UTC)
    city.put(name="微碳")
    city.relay()
    (got,) = server.got
    assert Webhook(secret).verify(got.body, got.headers)["data"]["name"] == "微碳"
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(got.body + b" ", got.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(got.body, got.headers | {"webhook-id": "evt_x"})
    other = city.register(server.url)
    with pytest.raises(WebhookVerificationError):
        Webhook(other).verify(got.body, got.headers)


def test_secrets_are_long_enough_and_differ(city: City, server: Receiver) -> None:
    made = {city.register(server.url) for _ in range(5)}
    assert len(made) == 5
    for each in made:
        assert each.startswith("whsec_")
        assert len(base64.b64decode(each.removeprefix("whsec_"), validate=True)) == 32


def test_for_a_day_both_secrets_sign(city: City, server: Receiver) -> None:
    old = city.register(server.url)
    new = city.register(server.url)
    city.put()
    city.relay()
    assert (good(old, server.got[0]), good(new, server.got[0])) == (True, True)
    assert len(server.got[0].headers["webhook-signature"].split(" ")) == 2
    city.wait(hours=24)
    city.put()
    city.relay()
    assert (good(old, server.got[1]), good(new, server.got[1])) == (False, True)


def test_the_keys_that_are_good(city: City, server: Receiver) -> None:
    def keys() -> list[bytes]:
        with city.house.look(CAUSE) as work:
            return webhooks.secrets_of(work, PARTY)

    assert keys() == []
    old = key_of(city.register(server.url))
    assert keys() == [old]
    city.wait(minutes=1)
    new = key_of(city.register(server.url))
    assert keys() == [new, old]
    city.wait(days=1)
    assert keys() == [new]


def test_neither_secrets_nor_contents_lie_open(city: City, server: Receiver) -> None:
    secret = city.register(server.url)
    city.put(account="6222 0000")
    with city.house.engine.connect() as connection:
        kept = [
            bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            for table in ("webhook_secret", "webhook_event", "webhook_party")
            for row in connection.execute(sa.text(f"SELECT * FROM {table}"))
            for value in row
        ]
    said = b"\n".join(kept)
    for hidden in (b"6222 0000", secret.encode(), key_of(secret)):
        assert hidden not in said


def test_logs_name_events_and_nothing_of_what_they_say(
    city: City, server: Receiver, capfd: pytest.CaptureFixture[str]
) -> None:
    server.does += [500]
    secret = city.register(server.url)
    city.put(account="6222 0000")
    city.relay()
    logged = capfd.readouterr().err
    assert '"status": 500' in logged
    assert server.ids[0] in logged
    for hidden in ("6222", "account", secret, str(server.port)):
        assert hidden not in logged


def test_an_address_that_will_not_do_changes_nothing(city: City) -> None:
    with pytest.raises(Invalid, match="bad_url"):
        city.register("ftp://partner.example/x")
    assert city.endpoint() is None


def test_an_address_that_will_do(city: City) -> None:
    for url in ("https://partner.example/hooks?x=1", "http://localhost:9/", "http://127.0.0.1:9"):
        city.register(url)
        assert city.endpoint() == (url, NOON, None)


def test_the_key_folder_is_needed_to_sign(city: City, key_folders: tuple[Path, Path]) -> None:
    """A secret is sealed with the data keys, as everything personal is."""
    city.register("https://partner.example/")
    with city.house.look(CAUSE) as work:
        sealed = work.db.execute(sa.text("SELECT secret_sealed FROM webhook_secret")).scalar_one()
        assert work.keys.decrypt(bytes(sealed)).startswith("whsec_")
