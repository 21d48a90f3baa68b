"""`flask demo`: a city to look at, made of real taps. Development only."""

import click
from flask import current_app

from app import demo
from app.plumbing import house
from app.plumbing.commands import Commands, say

_ROLES = {
    "resident": demo.visitor,
    "merchant": demo.shopkeeper,
    "bank": demo.lender,
    "partner": demo.partner,
}
group = Commands("demo", help="The demo city, for development.")


@group.command()
def seed() -> None:
    """Make the demo city, or what is missing of it."""
    say(demo.seed(current_app)._asdict())


@group.command()
@click.option(
    "--as", "role", type=click.Choice(list(_ROLES)), default="resident",
    show_default=True, help="Who to be.",
)  # fmt: skip
def token(role: str) -> None:
    """Print an access token of one of its residents, of its café, its bank, or of the partner
    platform that `flask up` starts; good for twelve hours."""
    say(_ROLES[role](house())._asdict())
