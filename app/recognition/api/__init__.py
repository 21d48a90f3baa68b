"""Recognition over HTTP: the public catalogue, residents, partners."""

from app.recognition.api import exchanges

blueprints = [*exchanges.blueprints]
