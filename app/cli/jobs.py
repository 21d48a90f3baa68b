"""`flask jobs` and `flask scheduler`: what happens without anybody asking."""

import signal
from datetime import timedelta

import click
from flask.cli import with_appcontext

from app import scheduler as clock
from app.cli.words import COMMAND
from app.plumbing import house, jobs
from app.plumbing.commands import Commands, plainly, say

group = Commands("jobs", help="List and run jobs.")


@group.command("list")
def listed() -> None:
    """Print every job, how often it runs and when it last did."""
    with house().look(COMMAND) as work:
        last = jobs.last_runs(work)
    say(
        {
            "jobs": [
                {
                    "name": job.name,
                    "every_seconds": job.every and job.every // timedelta(seconds=1),
                    "last": last.get(job.name),
                }
                for job in clock.all_jobs().values()
            ]
        }
    )


@group.command("run")
@click.argument("name")
def run(name: str) -> None:
    """Run the job NAME now, until it finds nothing more to do."""
    job = clock.all_jobs().get(name)
    if job is None:
        raise click.ClickException(
            f"There is no job {name}; there are: {', '.join(clock.all_jobs())}."
        )
    say({"job": name, "done": jobs.run(house(), job)})


@click.command("scheduler")
@with_appcontext
@plainly()
def scheduler() -> None:
    """Run the jobs at their times until told to stop; a second scheduler stands by."""
    with house().look(COMMAND) as work:
        jobs.last_runs(work)  # without its table, say so now and not at every slot
    told: list[int] = []
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda number, _frame: told.append(number))
    clock.serve(house(), lambda: bool(told))
