"""Reads what operators propose about merchants. Pure; every fault is named by its pointer."""

import re
from typing import Any, NamedTuple

from app.kernel import Invalid
from app.merchants.model import CODE, NewStore, Particulars

CHECKS = ("licence", "settlement_account", "responsible_person", "store_location")
_MOST_STORES = 100
_MOST_FAULTS = 100


def _line(most: int) -> re.Pattern[str]:
    """Printable text that does not begin or end in space."""
    return re.compile(rf"(?=\S)[^\x00-\x1f\x7f]{{1,{most}}}(?<=\S)")


_SHORT, _NAME, _ADDRESS = _line(40), _line(100), _line(200)


class Onboarding(NamedTuple):
    """A merchant that asks to go live, all four checks done."""

    code: str
    name: str
    name_en: str | None
    particulars: Particulars
    stores: list[NewStore]


class _Fields:
    """An object of the payload while it is read; `faults` is shared by all objects within."""

    def __init__(self, value: object, path: str, faults: list[dict[str, str]]) -> None:
        self._path, self._faults = path, faults
        self._left: dict[str, Any] = dict(value) if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            self.fault("", "invalid", "An object is wanted.")

    def fault(self, name: str, code: str, detail: str) -> None:
        step = f"/{name}" if name else ""
        self._faults.append({"pointer": f"{self._path}{step}", "code": code, "detail": detail})

    def value(self, name: str) -> Any:
        if name not in self._left:
            self.fault(name, "required", "This is missing.")
        return self._left.pop(name, None)

    def text(self, name: str, shape: re.Pattern[str]) -> str:
        missing = name not in self._left
        value = self.value(name)
        if isinstance(value, str) and shape.fullmatch(value):
            return value
        if not missing:
            self.fault(name, "invalid", "Not a text of this shape.")
        return ""

    def optional(self, name: str, shape: re.Pattern[str]) -> str | None:
        if self._left.get(name) is None:
            self._left.pop(name, None)
            return None
        return self.text(name, shape)

    def end(self) -> None:
        for name in self._left:
            step = name.replace("~", "~0").replace("/", "~1")  # RFC 6901
            self.fault(step, "unknown_field", "Unknown field.")


def _end(faults: list[dict[str, str]]) -> None:
    if faults:
        raise Invalid(
            "bad_payload", "The payload is wrong; see errors.", errors=faults[:_MOST_FAULTS]
        )


def onboarding(payload: object) -> Onboarding:
    """`{code, name, name_en?, licence_no, settlement_account, responsible_person, checks, stores}`.

    All of CHECKS are true, and there is at least one store. Raises Invalid (bad_payload).
    """
    faults: list[dict[str, str]] = []
    top = _Fields(payload, "/payload", faults)
    code = top.text("code", CODE)
    name, name_en = top.text("name", _NAME), top.optional("name_en", _NAME)
    particulars = Particulars(*(top.text(each, _NAME) for each in Particulars._fields))
    checks = _Fields(top.value("checks"), "/payload/checks", faults)
    for each in CHECKS:
        if checks.value(each) is not True:
            checks.fault(each, "unchecked", "Check this before the merchant goes live.")
    checks.end()
    stores = _stores(top, faults)
    top.end()
    _end(faults)
    return Onboarding(code, name, name_en, particulars, stores)


def _stores(top: _Fields, faults: list[dict[str, str]]) -> list[NewStore]:
    rows = top.value("stores")
    if not isinstance(rows, list) or not 1 <= len(rows) <= _MOST_STORES:
        top.fault("stores", "invalid", f"A list of 1 to {_MOST_STORES} stores.")
        return []
    stores = []
    for number, row in enumerate(rows):
        fields = _Fields(row, f"/payload/stores/{number}", faults)
        stores.append(_store(fields, "code"))
        fields.end()
    if len({each.code for each in stores}) < len(stores):
        top.fault("stores", "invalid", "Each store has a code of its own.")
    return stores


def _store(fields: _Fields, key: str) -> NewStore:
    return NewStore(
        fields.text(key, CODE),
        fields.text("name", _NAME),
        fields.text("district", _SHORT),
        fields.text("address", _ADDRESS),
    )


def store_opening(payload: object) -> tuple[str, NewStore]:
    """`{merchant, store, name, district, address}`: a merchant's code and its new store. Raises
    Invalid (bad_payload)."""
    faults: list[dict[str, str]] = []
    top = _Fields(payload, "/payload", faults)
    found = top.text("merchant", CODE), _store(top, "store")
    top.end()
    _end(faults)
    return found


def codes(payload: object, *names: str) -> list[str]:
    """Codes by these names and nothing else. Raises Invalid (bad_payload)."""
    faults: list[dict[str, str]] = []
    top = _Fields(payload, "/payload", faults)
    found = [top.text(name, CODE) for name in names]
    top.end()
    _end(faults)
    return found
