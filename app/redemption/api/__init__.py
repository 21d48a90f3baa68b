"""Redemption over HTTP: the catalogue, residents, merchants, operators."""

from app.redemption.api import merchants, operators, residents

blueprints = [*residents.blueprints, *merchants.blueprints, *operators.blueprints]
