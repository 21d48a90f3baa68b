"""The commands: one more edge of the house. Each prints one line of JSON, logs go to stderr.

Every command is thin: it reads its words, opens a `Work`, calls a room by its door and prints the
answer. `start` is how a process comes by its application.
"""

from collections.abc import Callable

import click
from flask import Flask

from app.cli import (
    activities,
    clients,
    credit,
    demo,
    jobs,
    keys,
    ledger,
    legal,
    rules,
    up,
    webhooks,
)
from app.cli.mending import mending
from app.rulebook import BadRule
from app.settings import BadSetting, Settings

_GROUPS = (
    activities.group,
    clients.group,
    credit.group,
    demo.group,
    jobs.group,
    jobs.scheduler,
    keys.group,
    ledger.group,
    legal.group,
    rules.group,
    up.up,
    webhooks.group,
)


def init(app: Flask) -> None:
    """Give an application its commands."""
    for command in _GROUPS:
        app.cli.add_command(command)


def start(create_app: Callable[[Settings], Flask]) -> Flask:
    """The application of this process's environment.

    A server does not start on a bad setting or a bad rule: they are raised. A command says what is
    wrong in a sentence, and those that mend keys and rules work all the same.
    """
    asked_for_a_command = click.get_current_context(silent=True) is not None
    try:
        settings = Settings.from_env()
    except BadSetting as error:
        if asked_for_a_command:
            raise click.ClickException(str(error)) from error
        raise
    try:
        return create_app(settings)
    except (BadSetting, BadRule) as error:
        if asked_for_a_command:
            return mending(settings, error)
        raise
