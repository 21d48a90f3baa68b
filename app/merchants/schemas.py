"""Wire shapes of the merchants' register."""

from typing import Any

import marshmallow as ma

from app.kernel import to_wire
from app.merchants.model import (
    ROLES,
    ROLES_AT_A_STORE,
    STATES,
    Merchant,
    Particulars,
    Seat,
    Store,
    Terminal,
)
from app.plumbing import Whole

_LABEL = Whole(r"^[^\x00-\x1f\x7f]{1,100}$", error="1 to 100 printable characters.")


class StoreOut(ma.Schema):
    id = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    district = ma.fields.String(required=True)
    address = ma.fields.String(required=True)
    status = ma.fields.String(required=True, metadata={"enum": ["open", "closed"]})


class PublicStoreOut(ma.Schema):
    """Whom a resident pays here."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    district = ma.fields.String(required=True)
    address = ma.fields.String(required=True)
    merchant = ma.fields.String(required=True, metadata={"description": "The merchant's code."})
    merchant_name = ma.fields.String(required=True)


class StoreCodeOut(ma.Schema):
    """What a store hangs on its counter."""

    text = ma.fields.String(required=True)
    svg = ma.fields.String(required=True, metadata={"description": "The text as a QR code."})


class MerchantOut(ma.Schema):
    id = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    name_en = ma.fields.String(required=True, allow_none=True)
    status = ma.fields.String(required=True, metadata={"enum": [*STATES]})
    live_since = ma.fields.Date(required=True)


class MerchantsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(MerchantOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


class ParticularsOut(ma.Schema):
    """What two operators checked; all but the last characters hidden."""

    licence_no = ma.fields.String(required=True)
    settlement_account = ma.fields.String(required=True)
    responsible_person = ma.fields.String(required=True)


class SheetOut(MerchantOut):
    """A merchant as operators see it; `particulars` null where nobody checked any."""

    particulars = ma.fields.Nested(ParticularsOut, required=True, allow_none=True)
    stores = ma.fields.List(ma.fields.Nested(StoreOut), required=True)


class OwnOut(MerchantOut):
    """A merchant as its own credentials see it."""

    role = ma.fields.String(required=True, metadata={"enum": [*ROLES]})
    store = ma.fields.Nested(
        StoreOut,
        required=True,
        allow_none=True,
        metadata={"description": "Where this credential stands; null for the office."},
    )
    stores = ma.fields.List(ma.fields.Nested(StoreOut), required=True)


class TerminalIn(ma.Schema):
    store_id = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=60))
    role = ma.fields.String(required=True, validate=ma.validate.OneOf(ROLES_AT_A_STORE))
    label = ma.fields.String(required=True, validate=_LABEL)
    secret_digest = ma.fields.String(
        data_key="secret_sha256",
        required=True,
        validate=Whole(r"^[0-9a-f]{64}$", error="64 lower-case hexadecimal digits."),
        metadata={
            "description": "The device makes a secret of 256 random bits, keeps it, and sends the"
            " SHA-256 of its text (UTF-8), as it will send that text with HTTP Basic."
        },
    )


class TerminalOut(ma.Schema):
    client_id = ma.fields.String(required=True)
    store_id = ma.fields.String(required=True, allow_none=True)
    role = ma.fields.String(required=True, metadata={"enum": [*ROLES]})
    label = ma.fields.String(required=True)
    active = ma.fields.Boolean(required=True)


class TerminalsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(TerminalOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


def told(found: Merchant) -> dict[str, Any]:
    """A merchant as `MerchantOut` takes it."""
    return {
        "id": to_wire("mer", found.id),
        "code": found.code,
        "name": found.name,
        "name_en": found.name_en,
        "status": found.state,
        "live_since": found.live_since,
    }


def told_store(found: Store) -> dict[str, Any]:
    """A store as `StoreOut` and `PublicStoreOut` take it."""
    return {
        "id": to_wire("sto", found.id),
        "code": found.code,
        "name": found.name,
        "district": found.district,
        "address": found.address,
        "status": found.state,
    }


def told_sheet(
    found: Merchant, particulars: Particulars | None, stores: list[Store]
) -> dict[str, Any]:
    """A merchant as `SheetOut` takes it."""
    return told(found) | {
        "particulars": particulars and particulars._asdict(),
        "stores": [told_store(each) for each in stores],
    }


def told_seat(here: Seat, stores: list[Store]) -> dict[str, Any]:
    """A merchant as `OwnOut` takes it."""
    return told(here.merchant) | {
        "role": here.role,
        "store": here.store and told_store(here.store),
        "stores": [told_store(each) for each in stores],
    }


def told_terminal(found: Terminal) -> dict[str, Any]:
    """A credential as `TerminalOut` takes it."""
    return {
        "client_id": to_wire("cli", found.client_id),
        "store_id": found.store_id and to_wire("sto", found.store_id),
        "role": found.role,
        "label": found.label,
        "active": found.active,
    }
