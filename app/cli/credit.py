"""`flask credit`: the grades of the quarters that are due, and the scorecard examined on them."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from app import grades, reports
from app.cli.words import COMMAND
from app.grades import Quarter
from app.kernel import grams
from app.plumbing import House, house
from app.plumbing.commands import Commands, say
from app.plumbing.console import Screen

group = Commands("credit", help="Close quarters, examine the scorecard.")


@group.command()
@click.argument("quarter", required=False)
def close(quarter: str | None) -> None:
    """Close QUARTER (such as 2026Q3) and those before it, or all that are due.

    Run again after it was cut off, it goes on where it was.
    """
    here, last = house(), _read(quarter)
    closed: list[Quarter] = []
    while (due := _due(here, last)) is not None:
        _close(here, due)
        closed.append(due)
    if last is not None and not closed:
        _refuse_open(here, last)
    asked = closed or ([last] if last else [])
    say({"quarters": [_said(here, each) for each in asked]})


@group.command()
@click.argument("quarter", required=False)
@click.option("--by", metavar="QUARTER", help="Grade it once more by the loaded rules of QUARTER.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False),
    help="Where the picture goes; the instance folder unless said.",
)  # fmt: skip
def validate(quarter: str | None, by: str | None, out: Path | None) -> None:
    """Print how QUARTER (the last closed one unless said) was graded: the distribution, how steady
    it is beside the quarter before, and parity over age band and district; and draw it as SVG.

    With --by it shows what the loaded rules would make of the same acts; no grade is changed.
    """
    here = house()
    with here.look(COMMAND) as work:
        asked = _read(quarter) or grades.window(work)
        if asked is None:
            raise click.ClickException("No quarter is closed yet. Run: flask credit close")
        found = reports.validation(work, asked, _read(by))
    folder = out or here.settings.instance
    folder.mkdir(parents=True, exist_ok=True)
    picture = folder / f"validation-{asked}{f'-by-{by}' if by else ''}.svg"
    picture.write_text(reports.picture_of(found), encoding="utf-8")
    say(found | {"picture": str(picture)})


def _read(text: str | None) -> Quarter | None:
    try:
        return Quarter.read(text) if text else None
    except ValueError as error:
        raise click.ClickException("A quarter is written like 2026Q3.") from error


def _due(here: House, last: Quarter | None) -> Quarter | None:
    with here.look(COMMAND) as work:
        found = grades.due(work)
    return None if found is None or (last is not None and found > last) else found


def _close(here: House, quarter: Quarter) -> None:
    """Chunk by chunk, with a bar; whoever works at it, too, takes some of the chunks."""
    screen, done = Screen(), 0
    with ExitStack() as stack:
        with here.look(COMMAND) as work:
            before = grades.closing(work, quarter)
            total = grades.concerned(work, quarter)
        done = before.counts.residents if before else 0
        tick = stack.enter_context(screen.bar(str(quarter), total))
        while True:
            with here.work(COMMAND) as work:
                step = grades.step(work)
            if step is None or step.quarter != quarter or step.ended:
                break
            done += step.residents
            tick(done)


def _refuse_open(here: House, quarter: Quarter) -> None:
    with here.look(COMMAND) as work:
        found = grades.closing(work, quarter)
        if found is None or found.ended_at is None:
            day = grades.closes_on(work, quarter)
            raise click.ClickException(
                f"{quarter} is not to be closed now: quarters are closed in their order since the"
                f" first act, {quarter} not before {day}."
            )


def _said(here: House, quarter: Quarter) -> dict[str, Any]:
    with here.look(COMMAND) as work:
        found = grades.closing(work, quarter)
        assert found is not None, "it has just been closed"
        zone = work.rules.pack.zone
        ended = found.ended_at and found.ended_at.astimezone(zone).isoformat()
        return {
            "quarter": str(quarter),
            "residents": found.counts.residents,
            "grades": dict(found.counts.grades),
            "reduction_g": grams(found.counts.reduction_mg),
            "closed_at": ended,
        }
