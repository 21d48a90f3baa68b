"""Jobs of identity: `(work) → count`. The runner repeats one until it finds nothing to do."""

from app.identity.leaving import forget_sign_ins
from app.identity.signing_in import forget_stale

JOBS = {
    "identity.forget_stale": (forget_stale, "interval", {"hours": 1}),
    "identity.forget_sign_ins": (forget_sign_ins, "interval", {"hours": 1}),
}
