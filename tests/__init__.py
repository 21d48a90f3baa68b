"""Tests: one folder a room, and what belongs to all of them here."""
