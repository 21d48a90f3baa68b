"""Recognition over HTTP: the public catalogue, residents, partners."""

from app.recognition.api import books, catalogue, events, exchanges, links, partners

blueprints = [
    *catalogue.blueprints,
    *links.blueprints,
    *exchanges.blueprints,
    *books.blueprints,
    *partners.blueprints,
    *events.blueprints,
]
