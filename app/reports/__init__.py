"""Reports: views across rooms that no room can give alone.

Owns the nightly count of the city, and a minute's copy of public figures. Its laws: what is public
says nothing about a person, so a number of fewer than ten people is not told, nor what would give
it away; closing an account first lists what is lost, and is done in all rooms in one transaction.
"""

from app.reports.exporting import retrieve
from app.reports.jobs import JOBS
from app.reports.picture import draw as picture_of
from app.reports.validating import report as validation

__all__ = ["JOBS", "picture_of", "retrieve", "validation"]
