"""`flask up`, which is `make run`: the demo city alive in one command. Development only.

It migrates, seeds, starts the scheduler, the server and a partner platform as its children, links
a resident's account at that platform, says what to open, and stays. A signal to the process or to
its group stops all of it; so does the end of a child.
"""

import socket
import sys
from datetime import timedelta
from http import HTTPStatus
from itertools import chain
from urllib.error import URLError
from urllib.request import urlopen

import click
import flask_migrate
from flask import current_app
from flask.cli import with_appcontext

from app import demo
from app.cli.children import Children
from app.kernel import local_day
from app.plumbing import House, house
from app.plumbing.commands import plainly
from app.plumbing.db import db
from app.settings import ROOT

_PYTHON = (sys.executable, "-m")
_SERVER = ("gunicorn", "--config", str(ROOT / "gunicorn.conf.py"), "--bind")
_PARTNER = ("examples/partner", "--control")
_PATIENCE = 60  # seconds for server and partner to answer
_ANY, _LAST = 0, 65535  # ports
_SAID = """
Weitan is running. Open  {url}  in a window as narrow as a phone, and be a resident, a café, a bank or an officer.
The HTTP contract is at {url}/docs

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

The same resident has an account at the {title}, which runs at {partner}.
What it gives for five points, two points sent there, and how that ended on either side:

  curl -s -H "$ME" {url}/v1/me/links
  curl -s -H "$ME" -H "$JSON" -d '{{"partner": "{code}", "direction": "out", "amount": "5"}}' {url}/v1/me/exchanges/quote
  curl -s -H "$ME" -H "$JSON" -H "Idempotency-Key: $(date +%s%N)" -d '{{"partner": "{code}", "direction": "out", "amount": "2"}}' {url}/v1/me/exchanges
  while curl -s -H "$ME" '{url}/v1/me/exchanges?status=held' | grep -q xch_; do sleep 1; done
  curl -s -H "$ME" '{url}/v1/me/exchanges?limit=1'
  curl -s {partner}/control/state

What the last quarter came to, a consent for one bank, what the bank is told (signed), who has seen what, and an end:

  BANK='Authorization: Bearer {bank}'
  curl -s -H "$ME" {url}/v1/me/grade
  MAY=$(curl -s -H "$ME" -H "$JSON" -d '{{"purpose": "pricing", "recipient": "{lender}"}}' {url}/v1/me/consents | grep -o 'cns_[0-9a-z]*' | head -1); echo $MAY
  curl -s -H "$BANK" -H "$JSON" -H "Idempotency-Key: $(date +%s%N)" -d '{{"consent_id": "'$MAY'", "product": "low_carbon", "purpose": "pricing", "application_reference": "A-1", "offer": {{"amount": "150000.00", "rate_bp": 435, "term_months": 12, "channel": "online", "guarantee": "guarantor"}}}}' {url}/v1/credit/inquiries
  curl -s -H "$ME" {url}/v1/me/disclosures
  curl -s -X DELETE -H "$ME" {url}/v1/me/consents/$MAY

The token is that of {resident}, for twelve hours. Ctrl-C stops everything.
"""  # noqa: E501 - lines to paste


@click.command("up")
@click.option("--port", envvar="PORT", default=8000, show_default=True, help="On 127.0.0.1.")
@click.option(
    "--partner-port", envvar="PARTNER_PORT", type=click.IntRange(1, _LAST),
    help="Of the partner platform; PORT + 100, or any that is free.",
)  # fmt: skip
@with_appcontext
@plainly()
def up(port: int, partner_port: int | None) -> None:
    """Run the demo city: migrate, seed, scheduler, server, a partner platform."""
    here = house()
    if here.settings.production:
        raise click.ClickException(
            "`flask up` makes a demo city and is for development only. In production run"
            " `flask db upgrade`, then the server (gunicorn) and `flask scheduler`; see README.md."
        )
    _must_be_free(port, "PORT")
    partner_port = _partners(port, partner_port)
    flask_migrate.upgrade()
    seeded = demo.seed(current_app)
    visitor = demo.visitor(here)
    url, partner = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{partner_port}"
    seat = demo.take_seat(here, f"{partner}/webhooks")
    db.engine.dispose()
    with Children() as children:
        children.start("scheduler", *_PYTHON, "flask", "--app", "wsgi", "scheduler")
        server = (*_PYTHON, *_SERVER, f"127.0.0.1:{port}", "wsgi:application")
        children.start("server", *server, DEMO="1")
        _start_partner(children, seat, url, partner_port)
        ready = children.wait(lambda: _ready(url), _PATIENCE)
        if ready and children.wait(lambda: demo.join(here, visitor, url, partner), _PATIENCE):
            click.echo(_said(here, seeded, visitor, seat, url=url, partner=partner))
            children.wait(lambda: False)


def _start_partner(children: Children, seat: demo.Seat, city: str, port: int) -> None:
    """Its secrets are in its environment, where a list of processes does not show them."""
    words = {
        "--city": city,
        "--port": str(port),
        "--name": seat.code,
        "--places": str(seat.places),
        "--state": str(seat.state),
    }
    children.start(
        "partner", sys.executable, *_PARTNER, *chain(*words.items()),
        PARTNER_CLIENT_ID=seat.client_id,
        PARTNER_CLIENT_SECRET=seat.client_secret,
        PARTNER_WEBHOOK_SECRET=seat.webhook_secret,
    )  # fmt: skip


def _said(
    here: House, seeded: demo.Seeded, visitor: demo.Visitor, seat: demo.Seat, **urls: str
) -> str:
    return _SAID.format(
        token=visitor.access_token,
        resident=visitor.who,
        cafe=demo.shopkeeper(here).access_token,
        bank=demo.lender(here).access_token,
        lender=demo.LENDER,
        yesterday=local_day(here.clock.now(), here.rules.pack.zone) - timedelta(days=1),
        title=seat.title,
        code=seat.code,
        **urls,
        **seeded._asdict(),
    )


def _must_be_free(port: int, setting: str) -> None:
    why = _taken(port)
    if why:
        raise click.ClickException(
            f"Port {port} of 127.0.0.1 cannot be had ({why}): choose another one,"
            f" as in `make run {setting}={port % 60000 + 1}`."
        )


def _partners(port: int, wanted: int | None) -> int:
    """The partner's port: the one that is wanted, or one beside the city's if that is free."""
    if wanted is not None:
        _must_be_free(wanted, "PARTNER_PORT")
        return wanted
    beside = port + 100
    return _free(_ANY if beside > _LAST or _taken(beside) else beside)


def _taken(port: int) -> str | None:
    """Why a port cannot be had; None: it can."""
    try:
        _free(port)
    except OSError as error:
        return str(error.strerror)
    return None


def _free(port: int) -> int:
    """The same port, if it can be had; of `_ANY` one that can. Raises OSError."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        return int(probe.getsockname()[1])


def _ready(url: str) -> bool:
    try:
        with urlopen(f"{url}/readyz", timeout=2) as answer:  # noqa: S310 - our own address
            return bool(answer.status == HTTPStatus.OK)
    except (URLError, OSError):
        return False
