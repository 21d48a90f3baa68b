"""Jobs of webhooks."""

from datetime import timedelta

from app.plumbing.jobs import Apart
from app.plumbing.work import Work
from app.webhooks import service
from app.webhooks.model import DEAD, DELIVERED, WAITING
from app.webhooks.relay import relay

_CHUNK = 500
_DELIVERED_KEPT = timedelta(days=30)
_KEPT = timedelta(days=90)  # of what nobody took: dead, or never asked for


def forget(work: Work) -> int:
    """Delete events that were delivered long ago, or that nobody wanted for longer."""
    unwanted = work.now - _KEPT
    since = {DELIVERED: work.now - _DELIVERED_KEPT, DEAD: unwanted, WAITING: unwanted}
    return service.forget(work, since, _CHUNK)


JOBS = {
    "webhooks.relay": (Apart(relay), "interval", {"seconds": 2}),
    "webhooks.forget": (forget, "interval", {"hours": 1}),
}
