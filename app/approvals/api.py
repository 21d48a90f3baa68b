"""Maker and checker over HTTP."""

blueprints: list[object] = []
