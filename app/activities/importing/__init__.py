"""Files of acts, of any size, each line taken in once however often the import is cut off.

Owns the formats and how a file becomes lists for `record`: cut by person into buckets, each bucket
in a transaction that also says that it is done. What cannot happen here: a score, a payment, a
second way to store an act.
"""

from app.activities.importing.formats import FORMATS
from app.activities.importing.report import ImportReport
from app.activities.importing.run import run_import

__all__ = ["FORMATS", "ImportReport", "run_import"]
