"""Recognition over HTTP: the public catalogue, residents, partners."""

from app.recognition.api import catalogue, exchanges, links, partners

blueprints = [
    *catalogue.blueprints,
    *links.blueprints,
    *exchanges.blueprints,
    *partners.blueprints,
]
