"""Adapters of identity's ports that come with the service: for development, and for having none."""

from datetime import date
from typing import Any

import structlog

from app.identity.model import PHONE_LEVEL, REAL_NAME, Person, PersonPort, SmsPort, masked
from app.kernel import Unavailable
from app.settings import Settings

_log = structlog.get_logger("sms")


class ConsoleSms:
    """Writes the code to the log, where a developer finds it. Remembers nothing."""

    def send(self, phone: str, code: str) -> None:
        _log.info("one_time_code", to=masked(phone), code=code)


class NoSms:
    """Production without a carrier: says so instead of losing codes."""

    def send(self, phone: str, code: str) -> None:  # noqa: ARG002  # the port's own signature
        raise Unavailable("no_sms_port", "Codes cannot be sent: no SMS carrier is connected.")


class DevelopmentPersons:
    """Believes every proof: the same words are the same person, holder of the number for ever."""

    def identify(self, phone: str, proof: str | None) -> Person:
        if proof is None:
            return Person(phone, PHONE_LEVEL)
        return Person(proof, REAL_NAME, number_since=date.min)


class NumbersOnly:
    """Production without a service that checks real names: the number is all that is known."""

    def identify(self, phone: str, proof: str | None) -> Person:
        if proof is None:
            return Person(phone, PHONE_LEVEL)
        raise Unavailable(
            "no_person_port", "Proofs cannot be checked: no real-name service is connected."
        )


def adapters(settings: Settings) -> dict[str, Any]:
    """`sms` and `person` as this deployment has them unless it brings its own."""
    sms: SmsPort = NoSms() if settings.production else ConsoleSms()
    person: PersonPort = NumbersOnly() if settings.production else DevelopmentPersons()
    return {"sms": sms, "person": person}
