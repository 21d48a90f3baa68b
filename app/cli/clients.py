"""`flask client`: the programs of providers, partners, banks, merchants and operators."""

import click

from app import identity
from app.cli.words import COMMAND
from app.plumbing import house
from app.plumbing.commands import Commands, say

group = Commands("client", help="Register and list clients.")


@group.command("create")
@click.option("--scope", required=True, help="provider, merchant, partner, bank or operator.")
@click.option("--name", required=True, help="As residents will see it.")
@click.option("--kind", default="other", show_default=True, help="government, utility, bank, …")
@click.option("--behaviours", help="Codes with commas between: all a provider may report.")
def create(scope: str, name: str, kind: str, behaviours: str | None) -> None:
    """Register a client and print its secret, once."""
    codes = None if behaviours is None else [each.strip() for each in behaviours.split(",")]
    with house().work(COMMAND) as work:
        client_id, secret = identity.create_client(work, scope, name, kind, codes)
    say({"client_id": client_id, "client_secret": secret})


@group.command("list")
def listed() -> None:
    """Print every client, without secrets."""
    with house().look(COMMAND) as work:
        found = identity.clients(work)
    say(
        {
            "clients": [
                {
                    "client_id": each.wire,
                    "scope": each.scope,
                    "name": each.name,
                    "kind": each.kind,
                    "behaviours": each.behaviours and sorted(each.behaviours),
                    "active": each.active,
                }
                for each in found
            ]
        }
    )
