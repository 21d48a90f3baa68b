"""`flask legal retrieve`: the one way to what is kept of a closed account."""

import click

from app import reports
from app.cli.words import COMMAND
from app.kernel import from_wire
from app.plumbing import house
from app.plumbing.commands import Commands, say

group = Commands("legal", help="What the law has handed over.")


@group.command()
@click.argument("resident")
@click.option("--ticket", required=True, help="The court's or the supervisor's number of the case.")
@click.option("--by", required=True, help="The officer who asks.")
def retrieve(resident: str, ticket: str, by: str) -> None:
    """Everything that is kept of RESIDENT (res_…), open or closed; the resident's log says so."""
    raw = from_wire("res", resident)
    if raw is None:
        raise click.BadParameter("a resident's id is res_ and 26 letters", param_hint="RESIDENT")
    with house().work(COMMAND) as work:
        say(reports.retrieve(work, house().signing_keys, raw, ticket, by))
