"""Wire shapes of activities: providers' batches, residents' acts, the public catalogue."""

from app.activities.schemas.answers import (
    QualityOut,
    QualityQuery,
    ReportedOut,
    ResultsOut,
    ReversalsIn,
    UndoneListOut,
)
from app.activities.schemas.batch import BatchIn, batch_items
from app.activities.schemas.catalogue import BehaviourDetailOut, BehavioursOut, RulebookOut
from app.activities.schemas.resident import (
    ActivitiesOut,
    ActivitiesQuery,
    ReductionsOut,
    ReductionsQuery,
    WorkingOut,
)

__all__ = [
    "ActivitiesOut",
    "ActivitiesQuery",
    "BatchIn",
    "BehaviourDetailOut",
    "BehavioursOut",
    "QualityOut",
    "QualityQuery",
    "ReductionsOut",
    "ReductionsQuery",
    "ReportedOut",
    "ResultsOut",
    "ReversalsIn",
    "RulebookOut",
    "UndoneListOut",
    "WorkingOut",
    "batch_items",
]
