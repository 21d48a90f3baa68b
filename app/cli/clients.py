"""`flask client`: the programs of providers, partners, banks, merchants and operators."""

import click

from app import identity, merchants, recognition
from app.cli.words import COMMAND
from app.plumbing import Work, house
from app.plumbing.commands import Commands, say

group = Commands("client", help="Register and list clients.")
_merchant = click.option("--merchant", help="The code of the merchant it acts for: its office.")
_store = click.option("--store", help="The code of the merchant's store where it is a terminal.")
_partner = click.option("--partner", help="The code of the partner platform it acts for.")


@group.command("create")
@click.option("--scope", required=True, help="provider, merchant, partner, bank or operator.")
@click.option("--name", required=True, help="As residents will see it.")
@click.option("--kind", default="other", show_default=True, help="government, utility, bank, …")
@click.option("--behaviours", help="Codes with commas between: all a provider may report.")
@_merchant
@_store
@_partner
def create(
    scope: str,
    name: str,
    kind: str,
    behaviours: str | None,
    merchant: str | None,
    store: str | None,
    partner: str | None,
) -> None:
    """Register a client and print its secret, once.

    A merchant's client without --merchant is in development that of the merchant it is named
    after, made where there is none, a partner's without --partner that of the platform it is named
    after; in production they act for nobody until `flask client bind`.
    """
    codes = None if behaviours is None else [each.strip() for each in behaviours.split(",")]
    with house().work(COMMAND) as work:
        client_id, secret = identity.create_client(work, scope, name, kind, codes)
        said: dict[str, str | None] = {"client_id": client_id, "client_secret": secret}
        if scope == "merchant" or merchant or store:
            said |= {"merchant": _bound(work, client_id, merchant, store)}
        if scope == "partner" or partner:
            said |= {"partner": recognition.bind(work, client_id, partner)}
    say(said)


@group.command("bind")
@click.argument("client_id")
@_merchant
@_store
@_partner
def bind(client_id: str, merchant: str | None, store: str | None, partner: str | None) -> None:
    """Let a client of scope merchant act for a merchant, or one of scope partner for a platform."""
    with house().work(COMMAND) as work:
        said: dict[str, str | None]
        if partner is None:
            said = {"merchant": _bound(work, client_id, merchant, store)}
        else:
            said = {"partner": recognition.bind(work, client_id, partner)}
    say({"client_id": client_id, **said})


def _bound(work: Work, client_id: str, merchant: str | None, store: str | None) -> str | None:
    whose = merchants.bind(work, client_id, merchant, store)
    return None if whose is None else whose.code


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
