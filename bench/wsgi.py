"""The product with one route more, the floor of a request: JSON of nothing, without token or SQL,
behind the same middleware."""

from app import create_app

application = create_app()
application.add_url_rule("/bench/empty", "bench_empty", dict)
