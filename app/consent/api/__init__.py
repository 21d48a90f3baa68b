"""Consent over HTTP, for residents: bindings, the register, the log of disclosures."""

from app.consent.api import bindings, register

blueprints = [*bindings.blueprints, *register.blueprints]
