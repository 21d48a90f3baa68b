"""Clearing: what is owed between the city and another party, told in one file a day.

Owns lines, the files of a day, payouts and differences. It knows books ("merchant"), parties (a
short code within a book) and references of 16 bytes, and nothing about what they stand for.
"""

from app.clearing import tables as tables
