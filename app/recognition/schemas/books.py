"""Wire shapes of settlement with a partner."""

from app import settlement
from app.recognition.books import BOOK

WIRE = settlement.wire(BOOK, "Partner")
