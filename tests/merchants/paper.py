"""What operators write when a merchant applies."""

from typing import Any

PARTICULARS = {
    "licence_no": "91371000MA3C0000X1",
    "settlement_account": "6222020200012345678",
    "responsible_person": "王小明",
}
QUAY = {"code": "quay", "name": "码头店", "district": "环翠区", "address": "海滨路 1 号"}


def onboarding(code: str = "harbour_cafe", **changes: Any) -> dict[str, Any]:
    """A payload of `merchant_onboarding` with all that is wanted."""
    checks = ("licence", "settlement_account", "responsible_person", "store_location")
    whole = {"code": code, "name": "海港咖啡", "name_en": "Harbour Café", **PARTICULARS}
    whole |= {"checks": dict.fromkeys(checks, True), "stores": [QUAY]}
    return whole | changes
