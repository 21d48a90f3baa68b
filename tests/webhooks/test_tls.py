"""Over TLS: only to whom the certificate names, and only if somebody known vouches for it."""

import ipaddress
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.webhooks.model import Answer
from app.webhooks.sending import send
from tests.conftest import NOON
from tests.webhooks.receiver import Receiver, receiving


def certificate(folder: Path, *names: x509.GeneralName) -> Path:
    """A key and a certificate for these names that vouches for itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    me = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "partner")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(me, me, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "partner.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture(params=["localhost", "127.0.0.1", "partner.example"])
def named(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def file(tmp_path: Path, named: str) -> Path:
    if named == "127.0.0.1":
        return certificate(tmp_path, x509.IPAddress(ipaddress.ip_address(named)))
    return certificate(tmp_path, x509.DNSName(named))


@pytest.fixture
def secure(file: Path) -> Iterator[Receiver]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with receiving(tls=context) as found:
        yield found


def attempt(host: str, server: Receiver) -> Answer:
    url = f"https://{host}:{server.port}/hooks"
    return send(url, b"{}", {"webhook-id": "evt_x"}, NOON, True, 5)


def test_the_certificate_names_the_host(
    secure: Receiver, file: Path, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    answers = {host: attempt(host, secure).status for host in ("localhost", "127.0.0.1")}
    assert answers == {host: 204 if host == named else None for host in answers}
    assert [each.headers["host"] for each in secure.got] == [
        f"{host}:{secure.port}" for host in answers if host == named
    ]


def test_nobody_known_vouches_for_it(secure: Receiver) -> None:
    answer = attempt("localhost", secure)
    assert answer.status is None
    assert secure.got == []
