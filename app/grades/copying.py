"""All that grades keep of a resident, for the resident."""

from typing import Any

from app.grades import registers, service
from app.grades.model import Grade
from app.kernel import grams, to_wire
from app.plumbing.copying import at
from app.plumbing.work import Work


def copy_of(work: Work, resident: bytes) -> dict[str, Any]:
    """What this room keeps of a resident: `grades` (every version, its parts, the lines it stands
    on), `let_in` (late acts that an objection let into a quarter), `contested` (quarters)."""
    return {
        "grades": [_kept(work, each) for each in service.history(work, resident)],
        "let_in": [
            {"quarter": quarter, "activity": to_wire("act", act)}
            for quarter, act in registers.let_in(work, resident)
        ],
        "contested": registers.contested(work, resident),
    }


def _kept(work: Work, found: Grade) -> dict[str, Any]:
    return {
        "id": found.wire,
        "quarter": str(found.quarter),
        "version": found.version,
        "before": found.before,
        "grade": found.code,
        "reduction_g": grams(found.reduction_mg),
        "factor": found.factor,
        "quality": found.quality,
        "earlier_graded": found.earlier,
        "reason": found.reason,
        "rulebook": found.rulebook,
        "scorecard": found.card,
        "made_at": at(work, found.made_at),
        "parts": [part._asdict() for part in found.parts],
        "lines": [
            {
                "behaviour": line.behaviour,
                "month": line.month,
                "source": line.source,
                "reduction_g": grams(line.reduction_mg),
                "acts": line.acts,
            }
            for line in found.lines
        ],
    }
