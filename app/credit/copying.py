"""Everything that credit keeps of a resident."""

from typing import Any

from app.credit import showing, store
from app.credit.model import Inquiry
from app.plumbing.work import Work


def copy_of(work: Work, resident: bytes) -> dict[str, Any]:
    """`inquiries`, newest first: id, at, bank (id, name), product, purpose, application_reference,
    consent, denied (why nothing was told), offer, answer (with its `jws`), valid, contest, changed,
    outcome (what the bank said last), effect, and `outcomes`, all that it said, in order."""
    found = store.listed(work, {"resident_id": resident}, None)
    said = store.outcomes(work, [each.id for each in found])

    def shown(each: Inquiry) -> dict[str, Any]:
        own = said.get(each.id, [])
        whole = showing.my_inquiry(work, each, own[-1] if own else None)
        whole["answer"]["jws"] = each.answer["jws"]
        return whole | {"outcomes": [showing.outcome(work, one) for one in own]}

    return {"inquiries": [shown(each) for each in found]}
