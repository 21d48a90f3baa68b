"""Identity: who is there. Residents with their sign-ins, and the clients of companies.

Owns accounts and their levels, numbers (sealed), one-time codes, sign-ins with rotating refresh
tokens, page sessions, accepted documents, clients' secrets and public keys, freeze flags. Its laws:
one person one account, one number one account; a code, a refresh token and an assertion work once;
nothing that opens a door is kept in clear; closing erases who it was and keeps the opaque id. It
knows no points and no acts.
"""

from typing import Any

from app.identity.assertions import add_key, keys_of, remove_key
from app.identity.census import closed_among, groups, next_residents, registered
from app.identity.clients import (
    acting_client,
    client,
    clients,
    create_client,
    find_client,
    register_client,
    switch_off,
)
from app.identity.copying import copy_of
from app.identity.jobs import JOBS
from app.identity.leaving import closed_before, forget
from app.identity.model import (
    DOCUMENTS,
    Client,
    ClientKey,
    Person,
    PersonPort,
    Profile,
    Resident,
    Session,
    SmsPort,
)
from app.identity.ports import adapters
from app.identity.service import (
    active,
    change_profile,
    close,
    count_residents,
    demo_resident,
    phone_of,
    profile,
    require_active,
    resident,
)
from app.identity.sessions import (
    enter,
    enter_by_code,
    enter_by_secret,
    leave_session,
    session_of,
)
from app.identity.signing_in import step_up
from app.settings import Settings


def default_ports(settings: Settings) -> dict[str, Any]:
    """`sms` and `person`, and what this room answers to rooms that may not know it.

    `providers` is `find_client`, `clients` is `acting_client`, `residents` is `require_active`,
    `step_up` is itself; all take a work first.
    """
    answers = {
        "providers": find_client,
        "clients": acting_client,
        "residents": require_active,
        "step_up": step_up,
    }
    return adapters(settings) | answers


__all__ = [
    "DOCUMENTS",
    "JOBS",
    "Client",
    "ClientKey",
    "Person",
    "PersonPort",
    "Profile",
    "Resident",
    "Session",
    "SmsPort",
    "acting_client",
    "active",
    "add_key",
    "change_profile",
    "client",
    "clients",
    "close",
    "closed_among",
    "closed_before",
    "copy_of",
    "count_residents",
    "create_client",
    "default_ports",
    "demo_resident",
    "enter",
    "enter_by_code",
    "enter_by_secret",
    "find_client",
    "forget",
    "groups",
    "keys_of",
    "leave_session",
    "next_residents",
    "phone_of",
    "profile",
    "register_client",
    "registered",
    "remove_key",
    "require_active",
    "resident",
    "session_of",
    "step_up",
    "switch_off",
]
