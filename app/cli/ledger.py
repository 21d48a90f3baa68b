"""`flask ledger audit`: everything is added up again."""

from itertools import chain

import click

from app import (
    activities,
    clearing,
    grades,
    identity,
    ledger,
    objections,
    recognition,
    redemption,
)
from app.cli.words import COMMAND
from app.kernel import points
from app.plumbing import house
from app.plumbing.commands import Commands, say

group = Commands("ledger", help="Prove the books.")


@group.command()
def audit() -> None:
    """Add everything up again: exit 1 and the first difference if anything is off."""
    with house().look(COMMAND) as work:
        found = chain(
            ledger.differences(work),
            activities.differences(work),
            redemption.differences(work),
            recognition.differences(work),
            grades.differences(work),
            objections.differences(work),
            clearing.verify(work),
        )
        first = next(found, None)
        if first is not None:
            say({"ok": False, "difference": first})
            raise click.ClickException(first)
        debits, credits = ledger.totals(work)[ledger.ISSUANCE]
        say(
            {
                "ok": True,
                "residents": identity.count_residents(work),
                "issued": points(debits - credits),
            }
        )
