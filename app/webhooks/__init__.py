"""Webhooks: what parties outside are told, signed, at least once, in an order of its own."""
