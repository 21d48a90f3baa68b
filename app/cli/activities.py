"""`flask activities import`: a provider's file of acts, of any size."""

from pathlib import Path

import click
from flask import current_app

from app.activities.importing import FORMATS, run_import
from app.kernel import NotFound
from app.plumbing.commands import Commands, say

group = Commands("activities", help="Take in files of acts.")


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--provider", required=True, metavar="CLIENT_ID", help="`flask client list`.")
@click.option("--format", "layout", required=True, type=click.Choice(sorted(FORMATS)))
@click.option("--shift-days", default=0, help="Moves every act: days forward, negative back.")
@click.option("--again", is_flag=True, help="Send a file again that is through already.")
def import_(file: Path, provider: str, layout: str, shift_days: int, again: bool) -> None:
    """Import FILE; run again after it was cut off, it goes on where it was."""
    try:
        report = run_import(current_app, file, provider, layout, shift_days=shift_days, again=again)
    except NotFound as error:
        raise click.ClickException(
            f"{error.detail} `flask client list` shows those there are,"
            " `flask client create --scope provider` makes one."
        ) from error
    say(report.wire())
