"""`flask rules`: check a pack and lock its values; also one that the service refuses."""

from datetime import UTC, date
from pathlib import Path

import click

from app import rulebook
from app.cli.words import settings
from app.kernel import SystemClock
from app.plumbing.commands import Commands, say

group = Commands("rules", help="Check a rule pack, lock its values.")
_pack = click.argument("pack", required=False)


@group.command()
@_pack
def check(pack: str | None) -> None:
    """Name everything wrong with PACK (a name under RULES_FOLDER, or a folder), by file and key."""
    folder = _folder(pack)
    faults = rulebook.check(folder, _today())
    for fault in faults:
        click.echo(str(fault), err=True)
    if faults:
        say({"pack": folder.name, "ok": False, "faults": len(faults)})
        raise SystemExit(1)
    found = rulebook.load(folder)
    say(
        {
            "pack": folder.name,
            "ok": True,
            "behaviours": len(found.behaviours),
            "benefits": len(found.offers.benefits),
            "partners": len(found.recognition.platforms),
            "products": len(found.credit.products),
            "banks": len(found.credit.banks),
            "purposes": len(found.privacy.purposes),
            "holidays_of": list(found.calendar.years),  # other years: weekends only
            "values": len(rulebook.lock_lines(found)),
            "digest": found.digest,
        }
    )


@group.command()
@_pack
def lock(pack: str | None) -> None:
    """Write PACK's values.lock anew; refused where a past value changed without a correction."""
    folder = _folder(pack)
    say({"pack": folder.name, "locked": rulebook.write_lock(folder, _today())})


def _folder(pack: str | None) -> Path:
    here = settings()
    folder = here.rules_folder / (pack or here.rule_pack)
    if not folder.is_dir() and pack is not None:
        folder = Path(pack).resolve()
    if not folder.is_dir():
        there = sorted(each.parent.name for each in here.rules_folder.glob("*/pack.toml"))
        raise click.ClickException(
            f"There is no pack {pack or here.rule_pack} under {here.rules_folder};"
            f" there are: {', '.join(there) or 'none'}."
        )
    return folder


def _today() -> date:
    return SystemClock().now().astimezone(UTC).date()
