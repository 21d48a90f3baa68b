"""Jobs of redemption: `(work) → count`. The runner repeats one until it finds nothing to do."""

from datetime import timedelta

from app.plumbing.work import Work
from app.redemption import codebook, issuing, settling, watching

_CHUNK = 200
_CODES_KEPT = timedelta(days=90)


def expire_vouchers(work: Work) -> int:
    """Give back the points, the stock and the budget of vouchers whose last day has passed."""
    return issuing.expire(work, _CHUNK)


def forget_codes(work: Work) -> int:
    """Delete the digests of codes that ended long ago, and what became of terminals' keys."""
    return codebook.forget(work, work.now - _CODES_KEPT, _CHUNK)


JOBS = {
    "redemption.expire_vouchers": (expire_vouchers, "interval", {"seconds": 30}),
    "redemption.watch": (watching.watch, "interval", {"seconds": 30}),
    "redemption.close_days": (settling.close_days, "interval", {"minutes": 5}),
    "redemption.forget_codes": (forget_codes, "interval", {"hours": 1}),
}
