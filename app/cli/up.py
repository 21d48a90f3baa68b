"""`flask up`, which is `make run`: the demo city alive in one command. Development only.

It migrates, seeds, starts the scheduler and the server as its children, says what to open, and
stays. A signal to the process or to its group stops all of it; so does the end of a child.
"""

import socket
import sys
from datetime import timedelta
from http import HTTPStatus
from urllib.error import URLError
from urllib.request import urlopen

import click
import flask_migrate
from flask import current_app
from flask.cli import with_appcontext

from app import demo
from app.cli.children import Children
from app.kernel import local_day
from app.plumbing import house
from app.plumbing.commands import plainly
from app.plumbing.db import db
from app.settings import ROOT

_PYTHON = (sys.executable, "-m")
_SERVER = ("gunicorn", "--config", str(ROOT / "gunicorn.conf.py"), "--bind")
_PATIENCE = 60  # seconds for the server to answer
_SAID = """
Weitan is running. Open  {url}/docs
{residents} residents, {taps} taps, {credited} rides credited, {points} points issued. Try:

  curl -s {url}/v1/behaviours/bus_ride
  curl -s -H 'Authorization: Bearer {token}' {url}/v1/me/points
  curl -s -H 'Authorization: Bearer {token}' {url}/v1/me/activities

From points to a coffee to the café's file of yesterday; paste these lines one after the other:

  ME='Authorization: Bearer {token}'
  CAFE='Authorization: Bearer {cafe}'
  JSON='Content-Type: application/json'
  TAKEN=$(curl -s -H "$ME" -H "$JSON" -H "Idempotency-Key: $(date +%s%N)" -d '{{"benefit_id": "own_cup_coffee"}}' {url}/v1/me/vouchers); echo $TAKEN
  CODE=$(curl -s -X POST -H "$ME" {url}/v1/me/vouchers/$(echo $TAKEN | grep -o 'vch_[0-9a-z]*' | head -1)/code | grep -o '"code":"[^"]*' | cut -d'"' -f4); echo $CODE
  curl -s -H "$CAFE" -H "$JSON" -H "Idempotency-Key: $(date +%s%N)" -d "{{\\"code\\": \\"$CODE\\"}}" {url}/v1/redemptions
  curl -s -H "$CAFE" '{url}/v1/settlements/{yesterday}?format=csv'

The token is that of {resident}, for twelve hours. Ctrl-C stops everything.
"""  # noqa: E501 - lines to paste


@click.command("up")
@click.option("--port", envvar="PORT", default=8000, show_default=True, help="On 127.0.0.1.")
@with_appcontext
@plainly()
def up(port: int) -> None:
    """Run the demo city: migrate, seed, scheduler, server."""
    here = house()
    if here.settings.production:
        raise click.ClickException(
            "`flask up` makes a demo city and is for development only. In production run"
            " `flask db upgrade`, then the server (gunicorn) and `flask scheduler`; see README.md."
        )
    _must_be_free(port)
    flask_migrate.upgrade()
    seeded = demo.seed(current_app)
    visitor = demo.visitor(here)
    db.engine.dispose()
    url = f"http://127.0.0.1:{port}"
    with Children() as children:
        children.start("scheduler", *_PYTHON, "flask", "--app", "wsgi", "scheduler")
        children.start("server", *_PYTHON, *_SERVER, f"127.0.0.1:{port}", "wsgi:application")
        if children.wait(lambda: _ready(url), _PATIENCE):
            said = _SAID.format(
                url=url,
                token=visitor.access_token,
                resident=visitor.who,
                cafe=demo.shopkeeper(here).access_token,
                yesterday=local_day(here.clock.now(), here.rules.pack.zone) - timedelta(days=1),
                **seeded._asdict(),
            )
            click.echo(said)
            children.wait(lambda: False)


def _must_be_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise click.ClickException(
                f"Port {port} of 127.0.0.1 cannot be had ({error.strerror}): choose another one,"
                f" as in `make run PORT={port % 60000 + 1}`."
            ) from error


def _ready(url: str) -> bool:
    try:
        with urlopen(f"{url}/readyz", timeout=2) as answer:  # noqa: S310 - our own address
            return bool(answer.status == HTTPStatus.OK)
    except (URLError, OSError):
        return False
