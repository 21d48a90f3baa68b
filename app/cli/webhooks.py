"""`flask webhook`: where parties outside are told, and what became of it."""

import click

from app import credit, webhooks
from app.cli.words import COMMAND
from app.kernel import to_wire
from app.plumbing import house
from app.plumbing.commands import Commands, say

group = Commands("webhook", help="Register endpoints, list what was sent.")
_MOST = 200


@group.command("register")
@click.argument("party")
@click.argument("url")
def register(party: str, url: str) -> None:
    """Tell PARTY (a partner's or bank's code, or the id of a bank's client) at URL from now on,
    and print the new secret, once.

    The secret before stays good for a day.
    """
    with house().work(COMMAND) as work:
        if party not in work.rules.recognition.platforms:
            bank = credit.recipient(work, party)
            if bank is None:
                click.echo(f"No platform and no bank is called {party}: nobody tells it.", err=True)
            else:
                party = bank.key
        secret = webhooks.register(work, party, url)
    say({"party": party, "url": url, "secret": secret})


@group.command("list")
@click.option("--party", help="Of this party only.")
@click.option("--status", type=click.Choice(webhooks.STATES), help="Of this status only.")
def listed(party: str | None, status: str | None) -> None:
    """Print the endpoints, the newest events and what became of them."""
    with house().look(COMMAND) as work:
        found = webhooks.listed(work, party, status, _MOST, None)
        endpoints = webhooks.endpoints(work)
    say(
        {
            "endpoints": [{"party": code, **each._asdict()} for code, each in endpoints.items()],
            "webhooks": [
                {
                    "id": to_wire("evt", each.id),
                    "party": each.party,
                    "type": each.type,
                    "sequence": each.sequence,
                    "status": each.state,
                    "attempts": each.attempts,
                    "last_answer": each.last_status,
                }
                for each in found
            ],
        }
    )
