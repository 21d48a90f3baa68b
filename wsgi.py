"""The WSGI entry: `gunicorn wsgi:application`. `flask` finds the commands by it, too."""

from app import create_app
from app.cli import start

application = start(create_app)
