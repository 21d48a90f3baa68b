"""Recognition over HTTP: the public catalogue, residents, partners."""

from app.plumbing import Blueprint

blueprints: list[Blueprint] = []
