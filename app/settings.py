"""Every knob of the service, frozen and typed. The only reader of the environment."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class BadSetting(RuntimeError):
    """A setting that must stop the start; the text says what to do."""


@dataclass(frozen=True)
class Settings:
    """One deployment. Seconds and counts are integers; folders are absolute."""

    app_env: str = "development"
    database_url: str = f"sqlite:///{ROOT / 'instance' / 'weitan.db'}"
    rule_pack: str = "weihai"
    rules_folder: Path = ROOT / "rules"
    signing_keys: Path = ROOT / "instance" / "signing-keys"
    data_keys: Path = ROOT / "instance" / "data-keys"
    instance: Path = ROOT / "instance"

    access_seconds: int = 900
    refresh_days: int = 60
    otp_seconds: int = 300
    otp_attempts: int = 5
    otp_per_minute_number: int = 1000
    otp_per_hour_number: int = 1000
    otp_per_hour_address: int = 1000
    phone_idle_days: int = 180
    idempotency_hours: int = 24

    rate_limit: str = "100000 per minute"
    rate_limit_storage: str = "memory://"
    trusted_proxies: int = 0
    body_bytes: int = 1 << 20
    activities_bytes: int = 4 << 20
    photo_bytes: int = 12 << 20
    database_pool: int = 8
    transparency_seconds: int = 60
    public_url: str = ""
    webhooks_inside: int = 1
    credit_route: str = "direct"
    credit_route_approved_by: str = "development"
    demo: bool = False

    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def production(self) -> bool:
        return self.app_env == "production"

    @property
    def pack_folder(self) -> Path:
        return self.rules_folder / self.rule_pack

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the environment (`.env.example` lists every name). Raises `BadSetting`."""
        env = os.environ if environ is None else environ
        app_env = env.get("APP_ENV", "development")
        if app_env not in {"development", "production"}:
            raise BadSetting(f"APP_ENV is {app_env!r}: choose development or production")
        values: dict[str, object] = {"app_env": app_env}
        if app_env == "production":
            values |= _PRODUCTION
            missing = [n for n in ("DATABASE_URL", "SIGNING_KEYS", "DATA_KEYS") if not env.get(n)]
            if missing:
                raise BadSetting(f"production needs {', '.join(missing)}; see .env.example")
        for name, (key, convert) in _NAMES.items():
            if env.get(name):
                try:
                    values[key] = convert(env[name])
                except ValueError:
                    raise BadSetting(f"{name} is {env[name]!r}: a whole number is wanted") from None
        _check_route(values)
        _check_demo(values)
        return cls(**values)  # type: ignore[arg-type]  # names and types come from the table below


def _check_route(values: Mapping[str, object]) -> None:
    """Personal credit data leave by a route that somebody has approved by name, or not at all."""
    route = values.get("credit_route", "direct")
    if route not in {"closed", "direct"}:
        raise BadSetting(f"CREDIT_ROUTE is {route!r}: choose closed or direct")
    if route == "direct" and not str(values.get("credit_route_approved_by", "-")).strip():
        raise BadSetting("CREDIT_ROUTE=direct needs CREDIT_ROUTE_APPROVED_BY: who approved it")


def _check_demo(values: Mapping[str, object]) -> None:
    if values["app_env"] == "production" and values.get("demo"):
        raise BadSetting(
            "DEMO=1 lets everybody in as resident, merchant, bank and operator: take DEMO away,"
            " or choose APP_ENV=development"
        )


def _switch(text: str) -> bool:
    if text not in {"0", "1"}:
        raise BadSetting(f"DEMO is {text!r}: choose 1 or 0")
    return text == "1"


def _folder(text: str) -> Path:
    return Path(text).resolve()


def _database(url: str) -> str:
    # A bare postgresql:// means the driver that is installed, psycopg 3.
    for head in ("postgresql://", "postgres://"):
        if url.startswith(head):
            return "postgresql+psycopg://" + url.removeprefix(head)
    return url


_PRODUCTION: dict[str, object] = {
    "otp_per_minute_number": 1,
    "otp_per_hour_number": 5,
    "otp_per_hour_address": 30,
    "rate_limit": "6000 per minute",
    "webhooks_inside": 0,
    "credit_route": "closed",
    "credit_route_approved_by": "",
}

_NAMES: dict[str, tuple[str, Callable[[str], object]]] = {
    "DATABASE_URL": ("database_url", _database),
    "RULE_PACK": ("rule_pack", str),
    "RULES_FOLDER": ("rules_folder", _folder),
    "SIGNING_KEYS": ("signing_keys", _folder),
    "DATA_KEYS": ("data_keys", _folder),
    "INSTANCE_FOLDER": ("instance", _folder),
    "ACCESS_SECONDS": ("access_seconds", int),
    "REFRESH_DAYS": ("refresh_days", int),
    "OTP_PER_MINUTE_NUMBER": ("otp_per_minute_number", int),
    "OTP_PER_HOUR_NUMBER": ("otp_per_hour_number", int),
    "OTP_PER_HOUR_ADDRESS": ("otp_per_hour_address", int),
    "RATE_LIMIT": ("rate_limit", str),
    "RATE_LIMIT_STORAGE": ("rate_limit_storage", str),
    "TRUSTED_PROXIES": ("trusted_proxies", int),
    "DATABASE_POOL": ("database_pool", int),
    "PUBLIC_URL": ("public_url", str),
    "TRANSPARENCY_SECONDS": ("transparency_seconds", int),
    "WEBHOOKS_INSIDE": ("webhooks_inside", int),
    "CREDIT_ROUTE": ("credit_route", str),
    "CREDIT_ROUTE_APPROVED_BY": ("credit_route_approved_by", str),
    "DEMO": ("demo", _switch),
}
