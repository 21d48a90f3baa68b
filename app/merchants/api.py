"""Merchants, stores and terminals over HTTP."""

blueprints: list[object] = []
