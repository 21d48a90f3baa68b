"""Keys in folders: data keys (encryption, look-up) and signing keys, each file named by its id.

The newest id encrypts or signs; all of a folder decrypt or verify, so a key is rotated by adding a
file. In development the first start makes them, atomically; production refuses an empty folder.
"""

import os
import secrets
import threading
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.settings import BadSetting

_NONCE_BYTES = 12
_FINGERPRINT_BYTES = 16
_BLOCK_BYTES = 64  # of SHA-256


class DataKeys:
    """Encryption at rest (AES-256-GCM) and keyed hashes (HMAC-SHA-256, 16 bytes) for look-up."""

    def __init__(self, folder: Path) -> None:
        self._encryption = _read(folder, "encryption")
        self._lookup = _read(folder, "lookup")[-1][1]
        self._inner, self._outer = map(sha256, _pads(self._lookup))

    def fingerprint(self, kind: str, text: str) -> bytes:
        """The same text of the same kind always gives the same 16 bytes; nobody can go back."""
        return self.digest(kind, text.encode())

    def digest(self, kind: str, data: bytes) -> bytes:
        """The fingerprint of what is bytes already."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(b"%b|%b" % (kind.encode(), data))
        outer.update(inner.digest())
        return outer.digest()[:_FINGERPRINT_BYTES]

    def secret(self, name: str) -> str:
        """64 hex digits that every process with this folder derives alike (HKDF, RFC 5869); who
        knows one knows neither the key nor the secret of another name."""
        derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"secret|" + name.encode())
        return derived.derive(self._lookup).hex()

    def encrypt(self, text: str) -> bytes:
        name, key = self._encryption[-1]
        nonce = os.urandom(_NONCE_BYTES)
        head = name.encode()
        sealed = AESGCM(key).encrypt(nonce, text.encode(), head)
        return bytes([len(head)]) + head + nonce + sealed

    def decrypt(self, sealed: bytes) -> str:
        length = sealed[0]
        head, rest = sealed[1 : 1 + length], sealed[1 + length :]
        key = dict(self._encryption)[head.decode()]
        nonce, body = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
        return AESGCM(key).decrypt(nonce, body, head).decode()


class SigningKeys:
    """Ed25519 keys. `current` signs; a token's `kid` finds the key that verifies it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._keys: dict[str, Ed25519PrivateKey] = {}
        self._seen = -1
        self._load()

    def current(self) -> tuple[str, Ed25519PrivateKey]:
        self._load()
        kid = max(self._keys)
        return kid, self._keys[kid]

    def public(self, kid: str) -> Ed25519PublicKey | None:
        if kid not in self._keys:
            self._load()
        key = self._keys.get(kid)
        return key.public_key() if key else None

    def all_public(self) -> dict[str, Ed25519PublicKey]:
        self._load()
        return {kid: key.public_key() for kid, key in sorted(self._keys.items())}

    def _load(self) -> None:
        # A new file changes the folder's mtime: one stat decides whether to read again.
        changed = self._folder.stat().st_mtime_ns
        if changed == self._seen:
            return
        with self._lock:
            keys = {}
            for path in sorted(self._folder.glob("*.pem")):
                key = serialization.load_pem_private_key(path.read_bytes(), None)
                if not isinstance(key, Ed25519PrivateKey):
                    raise BadSetting(f"{path} is not an Ed25519 private key")
                keys[path.stem] = key
            if not keys:
                raise BadSetting(f"{self._folder} holds no *.pem: run flask keys rotate")
            self._keys, self._seen = keys, changed


def _read(folder: Path, kind: str) -> list[tuple[str, bytes]]:
    found = [
        (path.stem.removeprefix(f"{kind}-"), bytes.fromhex(path.read_text().strip()))
        for path in sorted(folder.glob(f"{kind}-*.key"))
    ]
    if not found:
        raise BadSetting(f"{folder} holds no {kind}-*.key: run flask keys make")
    return found


def _pads(key: bytes) -> tuple[bytes, bytes]:
    """A key as the two blocks of HMAC (RFC 2104). Of a night's file a good part is hashing, and
    two digests cost a third of what `hmac.digest` takes to set up."""
    block = (sha256(key).digest() if len(key) > _BLOCK_BYTES else key).ljust(_BLOCK_BYTES, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


def make_data_keys(folder: Path) -> None:
    """Make the first keys of a folder that has none. Two processes may race: one wins."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in ("encryption", "lookup"):
        if not any(folder.glob(f"{kind}-*.key")):
            _write_once(folder / f"{kind}-0001.key", secrets.token_hex(32).encode())


def make_signing_key(folder: Path, kid: str) -> Path:
    """Write one more Ed25519 key. `kid` must sort after those before it."""
    folder.mkdir(parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return _write_once(folder / f"{kid}.pem", pem)


def first_signing_key(folder: Path) -> None:
    """Make a first signing key when the folder has none."""
    folder.mkdir(parents=True, exist_ok=True)
    if not any(folder.glob("*.pem")):
        make_signing_key(folder, "0001")


def _write_once(path: Path, content: bytes) -> Path:
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    scratch.touch(mode=0o600)
    scratch.write_bytes(content)
    try:
        os.link(scratch, path)  # atomic, and refuses to replace what a twin has just made
    except FileExistsError:
        pass
    finally:
        scratch.unlink()
    return path


def secret_digest(secret: str) -> bytes:
    """For secrets of 256 random bits a plain hash is enough; nothing can be guessed."""
    return sha256(secret.encode()).digest()
