"""`flask demo`: a city to look at, made of real taps. Development only."""

import click
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
@click.option(
    "--as", "role", type=click.Choice(["resident", "merchant"]), default="resident",
    show_default=True, help="Who to be.",
)  # fmt: skip
def token(role: str) -> None:
    """Print an access token of one of its residents, or of its café, good for twelve hours."""
    enter = demo.visitor if role == "resident" else demo.shopkeeper
    say(enter(house())._asdict())
