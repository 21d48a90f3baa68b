"""`flask demo`: a city to look at, made of real taps. Development only."""

from flask import current_app

from app import demo
from app.plumbing import house
from app.plumbing.commands import Commands, say

group = Commands("demo", help="The demo city, for development.")


@group.command()
def seed() -> None:
    """Make the demo city, or what is missing of it."""
    say(demo.seed(current_app)._asdict())


@group.command()
def token() -> None:
    """Print an access token of one of its residents, good for twelve hours."""
    say(demo.visitor(house())._asdict())
