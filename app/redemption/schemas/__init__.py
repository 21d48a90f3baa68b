"""Wire shapes of redemption: the catalogue, the resident's vouchers, the merchant's side, the
operators'."""

from app.redemption.books import BOOK
from app.redemption.schemas.benefits import BenefitOut, BenefitsOut, BenefitsQuery, BenefitWholeOut
from app.redemption.schemas.operators import (
    AlertsOut,
    AlertsQuery,
    LicencesIn,
    LicencesOut,
    NoteIn,
)
from app.redemption.schemas.redemptions import (
    BroughtInOut,
    OfflineIn,
    OutcomeOut,
    ReadyIn,
    ReadyOut,
    RedeemIn,
    RedemptionOut,
    RedemptionsOut,
    RefundIn,
    TotalsOut,
    VoidIn,
)
from app.redemption.schemas.vouchers import (
    CodeOut,
    ConfirmIn,
    OfflineCodesIn,
    OfflineCodesOut,
    TakeIn,
    VoucherOut,
    VouchersOut,
    VouchersQuery,
    VoucherWholeOut,
)
from app.settlement import wire

WIRE = wire(BOOK)

__all__ = [
    "WIRE",
    "AlertsOut",
    "AlertsQuery",
    "BenefitOut",
    "BenefitWholeOut",
    "BenefitsOut",
    "BenefitsQuery",
    "BroughtInOut",
    "CodeOut",
    "ConfirmIn",
    "LicencesIn",
    "LicencesOut",
    "NoteIn",
    "OfflineCodesIn",
    "OfflineCodesOut",
    "OfflineIn",
    "OutcomeOut",
    "ReadyIn",
    "ReadyOut",
    "RedeemIn",
    "RedemptionOut",
    "RedemptionsOut",
    "RefundIn",
    "TakeIn",
    "TotalsOut",
    "VoidIn",
    "VoucherOut",
    "VoucherWholeOut",
    "VouchersOut",
    "VouchersQuery",
]
