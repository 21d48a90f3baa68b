"""What the audit proves of objections: what is flagged is contested, and the other way round."""

from collections.abc import Iterator

from app import activities
from app.kernel import to_wire
from app.objections import store
from app.plumbing.work import Work


def differences(work: Work) -> Iterator[str]:
    """Every act in dispute without an open objection. An act that was reversed meanwhile is no
    longer in dispute, though its objection may wait for an answer."""
    asked = store.open_activities(work)
    for resident, act, objection, _ in activities.open_disputes(work):
        if (resident, objection, to_wire("act", act)) not in asked:
            yield f"{to_wire('act', act)} is in dispute for {to_wire('obj', objection)}, not open"
