"""The application of a house that does not open: it has the commands that mend it, no other."""

import click
from flask import Flask
from flask.cli import AppGroup

from app.cli import keys, rules
from app.settings import Settings


class _Mending(AppGroup):
    """Whoever asks for anything else is told what is wrong."""

    def __init__(self, wrong: Exception) -> None:
        super().__init__()
        self._wrong = wrong
        self.add_command(keys.group)
        self.add_command(rules.group)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        found = super().get_command(ctx, name)
        if found is None:
            raise click.ClickException(str(self._wrong))
        return found


def mending(settings: Settings, wrong: Exception) -> Flask:
    """An application that serves nothing and can be mended."""
    app = Flask(__name__)
    app.config["SETTINGS"] = settings
    app.cli = _Mending(wrong)
    return app
