"""`flask keys`: the keys that sign tokens and those that seal personal data."""

from pathlib import Path

import click

from app.cli.words import settings
from app.plumbing.commands import Commands, say
from app.plumbing.keys import first_signing_key, make_data_keys, make_signing_key

group = Commands("keys", help="Make and rotate keys.")


@group.command()
def make() -> None:
    """Make the first keys in SIGNING_KEYS and DATA_KEYS, where there are none."""
    here = settings()
    make_data_keys(here.data_keys)
    first_signing_key(here.signing_keys)
    say({"signing_keys": _names(here.signing_keys), "data_keys": _names(here.data_keys)})


@group.command()
def rotate() -> None:
    """Add a signing key: it signs from now on, tokens signed by the older ones stay good."""
    folder = settings().signing_keys
    numbers = [int(path.stem) for path in folder.glob("*.pem") if path.stem.isdecimal()]
    named = [path.stem for path in folder.glob("*.pem") if not path.stem.isdecimal()]
    if named:
        raise click.ClickException(
            f"{folder} holds keys whose names are no numbers ({', '.join(sorted(named))}):"
            " name the next one yourself, so that it sorts last."
        )
    path = make_signing_key(folder, f"{max(numbers, default=0) + 1:04d}")
    say({"signing_key": path.stem, "signing_keys": _names(folder)})


def _names(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("*") if path.suffix in {".pem", ".key"})
