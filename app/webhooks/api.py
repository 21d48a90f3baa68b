"""The HTTP surface of this room."""

from app.plumbing import Blueprint

blueprints: list[Blueprint] = []
