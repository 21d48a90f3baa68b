"""A partner platform on this machine, for trying and testing the city's contract.

    python examples/partner --port 8100 --city http://127.0.0.1:8000 \\
        --client-id cli_… --client-secret … --webhook-secret whsec_… --state partner.sqlite3

What others on the machine must not read in a list of processes may stand in the environment
instead: PARTNER_CLIENT_ID, PARTNER_CLIENT_SECRET, PARTNER_WEBHOOK_SECRET (two with a space between
while it changes). Prints one line of JSON when it listens. Standard library only.
"""

import argparse
import json
import os
import signal
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # so that `partner` is found

from partner import webhook  # noqa: E402 - after the path is set
from partner.book import Book  # noqa: E402
from partner.city import City  # noqa: E402
from partner.control import Control  # noqa: E402
from partner.faults import Faults  # noqa: E402
from partner.server import Server  # noqa: E402
from partner.worker import Worker  # noqa: E402


def main() -> None:
    """Serve until a signal."""
    asked = _asked()
    book, faults = Book(asked.state, asked.places), Faults()
    city = City(asked.city, asked.client_id, asked.client_secret, faults)
    secrets = [webhook.secret_bytes(text) for text in asked.webhook_secret]
    control = Control(asked.name, book, city, faults, secrets) if asked.control else None
    server = Server(asked.port, book, secrets, faults, control)
    worker = Worker(book, city, asked.retry_ms, asked.poll_ms)
    worker.start()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: sys.exit(0))
    print(json.dumps({"url": server.url, "name": asked.name}), flush=True)
    try:
        server.serve_forever()
    finally:
        worker.stop()
        server.server_close()
        book.close()


def _asked() -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="partner", description="A partner platform to try.")
    reader.add_argument("--port", type=int, default=8100, help="0 for any that is free")
    reader.add_argument("--city", default="http://127.0.0.1:8000")
    for name in ("client-id", "client-secret"):
        known = _kept(name)
        reader.add_argument(f"--{name}", default=known, required=known is None)
    reader.add_argument("--webhook-secret", action="append", help="whsec_…; twice while it changes")
    reader.add_argument("--name", default="unionpay_low_carbon", help="our code in the city")
    reader.add_argument("--places", type=int, default=0, help="decimal places of our unit")
    reader.add_argument("--state", default=":memory:", help="a SQLite file; else all is forgotten")
    reader.add_argument("--control", action="store_true", help="let testers play with it")
    reader.add_argument("--retry-ms", type=int, default=500, help="first wait after no answer")
    reader.add_argument("--poll-ms", type=int, default=30_000, help="how often to ask for events")
    asked = reader.parse_args()
    asked.webhook_secret = asked.webhook_secret or (_kept("webhook-secret") or "").split()
    return asked


def _kept(name: str) -> str | None:
    """What the environment says of an argument."""
    return os.environ.get("PARTNER_" + name.upper().replace("-", "_"))


if __name__ == "__main__":
    main()
