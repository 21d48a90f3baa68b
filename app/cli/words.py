"""What the commands share."""

from flask import current_app

from app.plumbing import Actor, House
from app.settings import Settings

COMMAND = Actor("command")


def settings() -> Settings:
    """Of the house, or of one that does not open."""
    found: House | None = current_app.extensions.get("weitan")
    kept: Settings = found.settings if found else current_app.config["SETTINGS"]
    return kept
