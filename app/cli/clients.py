"""`flask client`: the programs of providers, partners, banks, merchants and operators."""

from pathlib import Path

import click

from app import credit, identity, merchants, recognition
from app.cli.words import COMMAND
from app.plumbing import Work, house
from app.plumbing.commands import Commands, say

group = Commands("client", help="Register and list clients.")
_merchant = click.option("--merchant", help="The code of the merchant it acts for: its office.")
_store = click.option("--store", help="The code of the merchant's store where it is a terminal.")
_partner = click.option("--partner", help="The code of the partner platform it acts for.")
_bank = click.option("--bank", help="The code of the bank of the rules that it acts for.")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@group.command("create")
@click.option("--scope", required=True, help="provider, merchant, partner, bank or operator.")
@click.option("--name", required=True, help="As residents will see it.")
@click.option("--kind", default="other", show_default=True, help="government, utility, bank, …")
@click.option("--behaviours", help="Codes with commas between: all a provider may report.")
@_merchant
@_store
@_partner
@_bank
@click.option("--key", type=_FILE, help="Its public key (PEM or JWK): it signs, and has no secret.")
def create(
    scope: str,
    name: str,
    kind: str,
    behaviours: str | None,
    merchant: str | None,
    store: str | None,
    partner: str | None,
    bank: str | None,
    key: Path | None,
) -> None:
    """Register a client and print its secret, once.

    A merchant's client without --merchant is in development that of the merchant it is named
    after, made where there is none, a partner's without --partner that of the platform it is named
    after; in production they act for nobody until `flask client bind`. A bank's without --bank
    stands for itself.
    """
    codes = None if behaviours is None else [each.strip() for each in behaviours.split(",")]
    with house().work(COMMAND) as work:
        client_id, secret = identity.create_client(work, scope, name, kind, codes)
        said: dict[str, str | None] = {"client_id": client_id, "client_secret": secret}
        if scope == "merchant" or merchant or store:
            said |= {"merchant": _bound(work, client_id, merchant, store)}
        if scope == "partner" or partner:
            said |= {"partner": recognition.bind(work, client_id, partner)}
        if scope == "bank" or bank:
            said |= {"bank": credit.bind(work, client_id, bank)}
        if key is not None:
            kid = identity.add_key(work, client_id, key.read_text()).kid
            said |= {"client_secret": None, "kid": kid}
    say(said)


@group.command("key")
@click.argument("client_id")
@click.argument("file", type=_FILE, required=False)
@click.option("--remove", metavar="KID", help="Take the key of this id away, at once.")
def key(client_id: str, file: Path | None, remove: str | None) -> None:
    """Add the public key in FILE (PEM or JWK) to a client, or take one away; print what it has.

    Two may overlap: add the new one, let the client change over, remove the old one.
    """
    with house().work(COMMAND) as work:
        if remove is not None:
            identity.remove_key(work, client_id, remove)
        if file is not None:
            identity.add_key(work, client_id, file.read_text())
        found = identity.keys_of(work, client_id)
    say({"client_id": client_id, "keys": [each.kid for each in found]})


@group.command("bind")
@click.argument("client_id")
@_merchant
@_store
@_partner
@_bank
def bind(
    client_id: str,
    merchant: str | None,
    store: str | None,
    partner: str | None,
    bank: str | None,
) -> None:
    """Let a client act for a merchant, a partner platform or a bank, as its scope is."""
    with house().work(COMMAND) as work:
        said: dict[str, str | None]
        if bank is not None:
            said = {"bank": credit.bind(work, client_id, bank)}
        elif partner is not None:
            said = {"partner": recognition.bind(work, client_id, partner)}
        else:
            said = {"merchant": _bound(work, client_id, merchant, store)}
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
