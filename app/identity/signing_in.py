"""Use cases of signing in: one-time codes, and the grants that become tokens (RFC 6749)."""

import hmac
import secrets
from datetime import timedelta

from app.identity import keyring, presence, service, store
from app.identity.assertions import by_assertion
from app.identity.clients import by_secret
from app.identity.model import (
    ASSERTION,
    Grant,
    PersonPort,
    Resident,
    SmsPort,
    TokenRequest,
    invalid_client,
    invalid_grant,
    invalid_request,
    phone_number,
    unsupported_grant_type,
)
from app.kernel import Conflict, Forbidden, Refused, TooMany, to_wire
from app.plumbing import tokens
from app.plumbing.keys import secret_digest
from app.plumbing.work import Work

_DIGITS = 6
_MINUTE, _HOUR = 60, 3600
_TOKEN_BYTES = 32


def send_code(work: Work, sms: SmsPort, phone: str, address: str) -> str:
    """Send a new code to a number and give it; an older one dies. Raises TooMany, Unavailable."""
    _limit(work, phone, address)
    code = "".join(secrets.choice("0123456789") for _ in range(_DIGITS))
    expires_at = work.now + timedelta(seconds=work.settings.otp_seconds)
    key = service.phone_key(work, phone)
    store.put_code(work, key, _code_hash(work, phone, code), expires_at)
    sms.send(phone, code)
    return code


def _limit(work: Work, phone: str, address: str) -> None:
    """Count this code in every window it falls into; a window begins with its first code.

    The windows stand in SQL, so all processes count together. One that refuses rolls back the
    counting too: asking again too soon does not make the wait longer.
    """
    limits = (
        ("number", phone, _MINUTE, work.settings.otp_per_minute_number),
        ("number", phone, _HOUR, work.settings.otp_per_hour_number),
        ("address", address, _HOUR, work.settings.otp_per_hour_address),
    )
    for kind, text, seconds, most in limits:
        key = work.keys.fingerprint(f"otp:{kind}:{seconds}", text)
        sent, began_at = store.count_sent(work, key, seconds)
        if sent > most:
            left = began_at + timedelta(seconds=seconds) - work.now
            raise TooMany(
                "too_many_codes",
                f"Too many codes for this {kind}; wait a little.",
                retry_after=max(1, int(left.total_seconds())),
            )


def _code_hash(work: Work, phone: str, code: str) -> bytes:
    return work.keys.fingerprint(f"code:{phone}", code)


def spend_code(work: Work, phone: str, code: str) -> bool:
    """Use up a number's code. False: wrong, old, or tried too often; commit, the try is counted."""
    key = service.phone_key(work, phone)
    found = store.lock_code(work, key)
    if found is None or found.expires_at <= work.now:
        return False
    if found.attempts >= work.settings.otp_attempts:
        return False
    if not hmac.compare_digest(found.code_hash, _code_hash(work, phone, code)):
        store.count_attempt(work, key)
        return False
    store.drop_code(work, key)
    return True


def grant(
    work: Work, persons: PersonPort, asked: TokenRequest, here: str = tokens.ISSUER
) -> Grant | Refused:
    """What a token request is given; `here` is the address it was sent to.

    Raises the errors of RFC 6749 and what opening raises.
    """
    match asked.grant_type:
        case "otp":
            return by_code(work, persons, asked)
        case "refresh_token":
            return by_refresh_token(work, asked)
        case "client_credentials":
            return _as_client(work, asked, here)
        case None:
            raise invalid_request("grant_type is missing.")
        case _:
            raise unsupported_grant_type("Use otp, refresh_token or client_credentials.")


def _as_client(work: Work, asked: TokenRequest, here: str) -> Grant:
    """A company's program, by its secret or by what it signed; never by both."""
    if asked.client_assertion is None and asked.client_assertion_type is None:
        return by_secret(work, asked.client_id, asked.client_secret)
    if asked.client_assertion_type != ASSERTION or asked.client_secret is not None:
        raise invalid_client("Send a secret (HTTP Basic), or an assertion and its type.")
    return by_assertion(work, asked.client_assertion or "", here, asked.client_id)


def by_code(work: Work, persons: PersonPort, asked: TokenRequest) -> Grant | Refused:
    """A sign-in by number and code, with a proof when the person steps up."""
    found = holder(work, persons, asked)
    if isinstance(found, Refused):
        return found
    family = store.add_sign_in(work, found.id)
    return Grant("resident", to_wire("res", found.id), _new_token(work, family))


def holder(work: Work, persons: PersonPort, asked: TokenRequest) -> Resident | Refused:
    """Whose account a number and its code open; the code is used up, the account made if need be.

    A wrong code is returned, as the try must be counted. Raises Malformed (invalid_request) and
    what opening raises.
    """
    phone = phone_number(asked.phone or "")
    if phone is None or not asked.code:
        raise invalid_request("Send phone (a mainland mobile number) and code.")
    if not spend_code(work, phone, asked.code):
        return Refused(invalid_grant("The code is wrong, used or too old; ask for a new one."))
    person = persons.identify(phone, asked.proof or None)
    found, replaced = service.sign_in(work, phone, person, asked.accept)
    if replaced:
        # Whoever has the former telephone is signed out.
        store.end_sign_ins(work, found.id)
        presence.end_all(work, found.id)
    return found


def by_refresh_token(work: Work, asked: TokenRequest) -> Grant | Refused:
    """The next access token of a sign-in; the refresh token is used up and replaced.

    One that was used before has been copied by somebody: the whole family dies, and that is kept.
    """
    if not asked.refresh_token:
        raise invalid_request("Send refresh_token.")
    digest = secret_digest(asked.refresh_token)
    found = store.lock_sign_in(work, digest)
    if found is None or found.ended or found.token_expires_at <= work.now:
        raise invalid_grant("This refresh token is not valid; sign in again.")
    if found.token_used:
        store.end_sign_in(work, found.id)
        return Refused(invalid_grant("This refresh token was used before; sign in again."))
    store.use_token(work, digest)
    return Grant("resident", to_wire("res", found.resident_id), _new_token(work, found.id))


def step_up(work: Work, resident_id: bytes, code: str | None) -> str | Refused:
    """That whoever acts still holds the number: "otp" by a fresh code of it, or "session", which
    is what development makes do with.

    A wrong code is returned, as the try must be counted. Raises Forbidden (step_up_required) for
    no code in production.
    """
    if code is None:
        if work.settings.production:
            raise Forbidden(
                "step_up_required", "Ask for a code (POST /v1/me/step-up) and send it along."
            )
        return "session"
    phone = service.phone_of(work, resident_id)
    if phone is None or not spend_code(work, phone, code):
        return Refused(Forbidden("wrong_code", "The code is wrong, used or too old."))
    return "otp"


def send_own_code(work: Work, sms: SmsPort, resident_id: bytes, address: str) -> str:
    """Send a code to a resident's own number, as `step_up` wants one, and give it. Raises Conflict
    (no_phone) and what `send_code` raises."""
    phone = service.phone_of(work, resident_id)
    if phone is None:
        raise Conflict("no_phone", "This account has no number; sign in again with a proof.")
    return send_code(work, sms, phone, address)


def _new_token(work: Work, family: bytes) -> str:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    expires_at = work.now + timedelta(days=work.settings.refresh_days)
    store.add_token(work, family, secret_digest(token), expires_at)
    return token


def forget_stale(work: Work) -> int:
    """Delete codes, counts, tokens and assertions whose time is over. Job; safe to run twice."""
    return store.drop_stale(work, _HOUR) + keyring.forget(work)
