"""What two operators decide about merchants: going live, stores, suspension, resumption, closing.

Licence number, account and responsible person leave this room masked only.
"""

from functools import partial
from typing import Any

import orjson

from app.approvals import Change, Kind
from app.kernel import Conflict, NotFound, to_wire
from app.merchants import payloads, store
from app.merchants.model import (
    CLOSED,
    LIVE,
    OPEN,
    STEPS,
    Merchant,
    NewStore,
    Step,
    Store,
    check_step,
    wrong_state,
)
from app.plumbing.work import Work

Payload = dict[str, Any]


def _onboarding(work: Work, payload: Payload) -> list[Change]:
    asked = payloads.onboarding(payload)
    if store.by_code(work, [asked.code]):
        raise _merchant_exists()
    told = {"code": asked.code, "name": asked.name, "name_en": asked.name_en}
    told |= asked.particulars.masked()._asdict()
    told |= {"checks": ", ".join(payloads.CHECKS)}
    told |= {f"stores.{each.code}": _words(each) for each in asked.stores}
    told |= {"state": LIVE}
    return [Change(name, None, text) for name, text in told.items() if text is not None]


def _onboard(work: Work, payload: Payload, _maker: str) -> dict[str, Any]:
    asked = payloads.onboarding(payload)
    new = Merchant(work.new_id(), asked.code, asked.name, asked.name_en, LIVE, work.today)
    sealed = work.keys.encrypt(orjson.dumps([*asked.particulars]).decode())
    if not store.add(work, new, sealed):
        raise _merchant_exists()
    made = store.add_stores(work, new.id, asked.stores)
    return {"merchant": new.code, "stores": {each.code: to_wire("sto", each.id) for each in made}}


def _merchant_exists() -> Conflict:
    return Conflict("merchant_exists", "There is a merchant of this code already.")


def _words(new: NewStore) -> str:
    return ", ".join(new[1:])


# Looked at without a lock, made with the merchant's row held: what was true then is true now.


def _merchant(work: Work, code: str, lock: bool) -> Merchant:
    found = store.find(work, code, lock=lock)
    if found is None:
        raise NotFound("unknown_merchant", "There is no such merchant.")
    return found


def _new_store(work: Work, payload: Payload, *, lock: bool = False) -> tuple[Merchant, NewStore]:
    code, new = payloads.store_opening(payload)
    merchant = _merchant(work, code, lock)
    if merchant.state == CLOSED:
        raise wrong_state(merchant)
    if any(each.code == new.code for each in store.stores(work, merchant.id)):
        raise Conflict("store_exists", "The merchant has or had a store of this code.")
    return merchant, new


def _opening(work: Work, payload: Payload) -> list[Change]:
    merchant, new = _new_store(work, payload)
    return [Change(f"{merchant.code}.stores.{new.code}", None, _words(new))]


def _open(work: Work, payload: Payload, _maker: str) -> dict[str, Any]:
    merchant, new = _new_store(work, payload, lock=True)
    (made,) = store.add_stores(work, merchant.id, [new])
    return {"merchant": merchant.code, "store": made.code, "store_id": to_wire("sto", made.id)}


def _open_store(work: Work, payload: Payload, *, lock: bool = False) -> tuple[Merchant, Store]:
    code, place = payloads.codes(payload, "merchant", "store")
    merchant = _merchant(work, code, lock)
    mine = store.stores(work, merchant.id)
    found = next((each for each in mine if each.code == place), None)
    if found is None:
        raise NotFound("unknown_store", "The merchant has no such store.")
    if found.state != OPEN:
        raise Conflict("store_closed", "This store has been closed already.")
    return merchant, found


def _closing(work: Work, payload: Payload) -> list[Change]:
    merchant, found = _open_store(work, payload)
    return [Change(f"{merchant.code}.stores.{found.code}.state", OPEN, CLOSED)]


def _close(work: Work, payload: Payload, _maker: str) -> dict[str, Any]:
    merchant, found = _open_store(work, payload, lock=True)
    store.close_store(work, found.id)
    return {"merchant": merchant.code, "store": found.code, "state": CLOSED}


def _from(step: Step, work: Work, payload: Payload, *, lock: bool = False) -> Merchant:
    (code,) = payloads.codes(payload, "merchant")
    merchant = _merchant(work, code, lock)
    check_step(step, merchant)
    return merchant


def _step(step: Step, work: Work, payload: Payload) -> list[Change]:
    merchant = _from(step, work, payload)
    return [Change(f"{merchant.code}.state", merchant.state, step.target)]


def _take(step: Step, work: Work, payload: Payload, _maker: str) -> dict[str, Any]:
    merchant = _from(step, work, payload, lock=True)
    store.change_state(work, merchant.id, step.target)
    return {"merchant": merchant.code, "state": step.target}


APPROVALS = (
    Kind("merchant_onboarding", _onboarding, _onboard),
    Kind("store_opening", _opening, _open),
    Kind("store_closing", _closing, _close),
    *(Kind(step.kind, partial(_step, step), partial(_take, step)) for step in STEPS),
)
