"""One attempt: it ends in ten seconds, and goes where it is allowed to go."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from app.kernel import Invalid
from app.plumbing import house as house_of
from app.settings import Settings
from app.webhooks.model import Answer, check_url, public
from app.webhooks.sending import send
from tests.conftest import NOON
from tests.webhooks.conftest import City
from tests.webhooks.receiver import Receiver, drop


def attempt(url: str, *, inside: bool = True, seconds: int = 1) -> Answer:
    return send(url, b"{}", {"webhook-id": "evt_x"}, NOON, inside, seconds)


def test_an_answer(server: Receiver) -> None:
    server.does += [202, (503, {"retry-after": "7"})]
    assert attempt(server.url) == Answer(202)
    assert attempt(server.url) == Answer(503, timedelta(seconds=7))
    assert server.got[0].body == b"{}"
    assert server.got[0].headers["host"] == f"127.0.0.1:{server.port}"


def test_silence_ends(server: Receiver) -> None:
    server.does += [server.hang, server.drip]
    for _ in range(2):
        began = time.monotonic()
        assert attempt(server.url).status is None
        assert time.monotonic() - began < 5


def test_who_says_it_went_well_and_goes_on_for_ever_has_said_it(server: Receiver) -> None:
    server.does += [server.drip_body]
    began = time.monotonic()
    assert attempt(server.url).status == 200
    assert time.monotonic() - began < 5


def test_no_answer_has_a_reason(server: Receiver) -> None:
    server.does += [drop]
    assert attempt(server.url).why == "RemoteDisconnected"
    assert attempt("http://127.0.0.1:1/").why == "NewConnectionError"
    assert attempt("http://no-such-host.invalid/").status is None
    assert attempt(server.url.replace("http:", "https:")).status is None
    assert len(server.got) == 1


def test_an_environment_s_proxy_is_not_used(
    server: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert attempt(server.url).status == 204


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1"])
def test_from_outside_nobody_is_sent_inside(server: Receiver, host: str) -> None:
    """Also when a name, or another spelling, leads there."""
    url = f"http://{host}:{server.port}/"
    assert attempt(url, inside=False).why == "NotAllowed"
    assert server.got == []


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "224.0.0.1", "255.255.255.255"),
        *("::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1"),
        # Of older ranges, and those that lead to an older address inside.
        *("fec0::1", "::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::"),
    ],
)
def test_addresses_of_nobody_on_the_internet(address: str) -> None:
    assert not public(address)
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(Invalid):
        check_url(f"https://{host}/", inside=False)


def test_addresses_of_somebody() -> None:
    for address in ("1.2.4.8", "2400:3200::1", "::ffff:1.2.4.8", "64:ff9b::102:408"):
        assert public(address)
    check_url("https://1.2.4.8/", inside=False)
    check_url("https://partner.example/", inside=False)


@pytest.mark.parametrize(
    "url", ["http://partner.example/", "https://localhost/", "https://a.localhost/"]
)
def test_production_wants_https_and_somebody_else(url: str) -> None:
    with pytest.raises(Invalid):
        check_url(url, inside=False)
    check_url(url, inside=True)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://partner.example/x",
        "partner.example",
        "https://",
        "https://user:pass@partner.example/",
        "https://partner.example/#x",
        "https://partner.example:99999/",
        "https://partner.example/a b",
        "https://partner.example/\r\nx: y",
        "https://[::1/",
        f"https://partner.example/{'x' * 500}",
    ],
)
def test_not_every_address_will_do(url: str) -> None:
    with pytest.raises(Invalid, match="bad_url"):
        check_url(url, inside=True)


def test_production_sends_nothing_inside_unless_it_is_told_to() -> None:
    environ = dict.fromkeys(("DATABASE_URL", "SIGNING_KEYS", "DATA_KEYS"), "x")
    environ["APP_ENV"] = "production"
    assert Settings.from_env(environ).webhooks_inside == 0
    assert Settings.from_env(environ | {"WEBHOOKS_INSIDE": "1"}).webhooks_inside == 1


def test_the_setting_decides(make_app: Callable[..., object], city: City, server: Receiver) -> None:
    """Registered while it was allowed, it is not sent to any more when it is not."""
    city.register(server.url)
    city.put()
    strict = house_of(make_app(webhooks_inside=0))
    assert replace(strict.settings, webhooks_inside=1) == city.house.settings
    outside = City(strict, city.clock)
    assert outside.relay() == 1
    assert server.got == []
    with pytest.raises(Invalid):
        outside.register(server.url)
