"""A city of a few lines behind real HTTP: it decides exchanges, takes claims, sends webhooks."""

import base64
import json
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from partner import webhook

SECRET = b"a secret of thirty-two bytes ....."
CLAIM_SECRET = bytes(range(32))
LATER = "2026-03-10T12:15:00+08:00"
# Made once: reading the certificates of all the world takes longer than a test.
HTTP = httpx.Client(verify=False, limits=httpx.Limits(max_keepalive_connections=0))
# What may happen to a call, in turn; afterwards all goes well.
LOSE_CALL, LOSE_ANSWER, FAIL, BUSY, UNAUTHORIZED = "call", "answer", "500", "429", "401"
STATES = {"confirm": "confirmed", "reject": "rejected"}


class Lost(Exception):
    pass


class StubCity(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.lock = threading.Lock()
        self.partner = ""
        self.answered = 0
        self.exchanges: dict[str, dict[str, Any]] = {}
        self.links: dict[str, dict[str, Any]] = {}
        self.claims: dict[str, dict[str, Any]] = {}
        self.reversals: list[str] = []
        self.totals: list[dict[str, Any]] = []
        self.files: dict[str, Any] = {}
        self.events: list[dict[str, Any]] = []
        self.kept: dict[str, tuple[Any, tuple[int, Any]]] = {}
        self.fates: deque[str] = deque()
        self.calls: list[tuple[str, str, Any, str | None]] = []
        self.verdicts: dict[str, dict[str, Any]] = {}
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def close(self) -> None:
        self.shutdown()
        self.server_close()

    # What happens in the city.

    def link(self, account: str, name: str = "lnk_1") -> dict[str, Any]:
        self.links[name] = {"id": name, "account": account, "status": "active"}
        return self.put("link.opened", {"link": name, "account": account})

    def ask(
        self, name: str, direction: str, points: str, units: str, account: str = "anna"
    ) -> dict[str, Any]:
        row = {
            "id": name, "link": "lnk_1", "account": account, "direction": direction,
            "status": "held", "points": points, "units": units, "rate": "27/2",
            "reference": None, "decided_at": None, "corrected_at": None, "expires_at": LATER,
        }  # fmt: skip
        self.exchanges[name] = row
        return self.put("exchange.requested", told(row))

    def end(self, name: str, status: str, at: str = LATER) -> dict[str, Any]:
        row = self.exchanges[name]
        with self.lock:
            row["status"] = status
            row["corrected_at" if status == "corrected" else "decided_at"] = at
        return self.put(f"exchange.{status}", told(row))

    def put(self, kind: str, data: Any) -> dict[str, Any]:
        with self.lock:
            sequence = len(self.events) + 1
            event = {"type": kind, "sequence": sequence, "id": f"evt_{sequence}", "data": data}
            self.events.append(event)
        return event

    def send(
        self, event: dict[str, Any], secrets: tuple[bytes, ...] = (SECRET,), age: int = 0
    ) -> httpx.Response:
        """Deliver an event as a webhook, signed; `age` seconds old."""
        body, at = json.dumps(event).encode(), str(int(time.time()) - age)
        signatures = [webhook.sign(secret, event["id"], at, body) for secret in secrets]
        headers = {
            "webhook-id": event["id"],
            "webhook-timestamp": at,
            "webhook-signature": " ".join(signatures),
        }
        return HTTP.post(f"{self.partner}/webhooks", content=body, headers=headers)

    def net(self) -> dict[str, int]:
        """Units that the partner should have given and taken, as this side sees it."""
        found = {"in": 0, "out": 0}
        for row in self.exchanges.values():
            if row["status"] == "confirmed":
                found[row["direction"]] += int(row["units"])
        return found

    # What the partner calls.

    def answer(self, method: str, path: str, body: Any, key: str | None) -> tuple[int, Any]:
        url = urlsplit(path)
        if url.path == "/v1/auth/token":
            return 200, {"access_token": "t", "token_type": "Bearer", "expires_in": 900}
        fate = self.fates.popleft() if self.fates else None
        self.calls.append((method, path, body, key))
        if fate == LOSE_CALL:
            raise Lost
        if fate in (FAIL, BUSY, UNAUTHORIZED):
            return int(fate), {"code": "no"}
        with self.lock:
            result = self._once(url, body, key)
            self.answered += 1
        if fate == LOSE_ANSWER:
            raise Lost
        return result

    def _once(self, url: Any, body: Any, key: str | None) -> tuple[int, Any]:
        if key is None:
            return self._act(url, body)
        if key not in self.kept:
            self.kept[key] = (body, self._act(url, body))
        first, result = self.kept[key]
        return result if first == body else (422, {"code": "idempotency_key_reused"})

    def _act(self, url: Any, body: Any) -> tuple[int, Any]:  # noqa: PLR0911 - a case a path
        match url.path.split("/")[3:]:
            case ["exchanges", name]:
                row = self.exchanges.get(name)
                return (200, dict(row)) if row else (404, {"code": "unknown_exchange"})
            case ["exchanges", name, how]:
                return self._decide(self.exchanges[name], how, body)
            case ["events"]:
                after = int(parse_qs(url.query)["after"][0])
                return 200, {"items": [e for e in self.events if e["sequence"] > after][:200]}
            case ["links", name]:
                row = self.links[name]
                secret = base64.b64encode(CLAIM_SECRET).decode()
                more = {"claim_secret": secret, "claim_version": "v1", "behaviours": {}}
                return 200, row | (more if row["status"] == "active" else {})
            case ["claims"]:
                return self._claim(body["claims"])
            case ["claims", "reversals"]:
                names = [each["reference"] for each in body["reversals"]]
                self.reversals += names
                return 200, {"results": [{"reference": n, "status": "reversed"} for n in names]}
            case ["claims", name]:
                return 200, self._verdict(name)
            case ["totals"]:
                self.totals += body["totals"]
                return 200, {"results": []}
            case ["settlements", day, "reconcile"]:
                return 200, {"day": day, "told": body["lines"]}
            case ["settlements", day]:
                return 200, self.files[day]
        return 404, {"code": "not_found"}

    def _decide(self, row: dict[str, Any], how: str, body: Any) -> tuple[int, Any]:
        wanted = STATES[how]
        if row["status"] == "held":
            row.update(status=wanted, decided_at=LATER, reference=body.get("reference"))
        elif row["status"] != wanted:
            return 409, {"code": f"exchange_{row['status']}"}
        return 200, dict(row)

    def _claim(self, claims: list[dict[str, Any]]) -> tuple[int, Any]:
        bad = [n for n, claim in enumerate(claims) if claim["behaviour"] == "nonsense"]
        if bad:
            return 422, {"errors": [{"pointer": f"/claims/{n}/behaviour"} for n in bad]}
        results = []
        for claim in claims:
            name = claim["reference"]
            known = name in self.claims
            self.claims.setdefault(name, claim)
            results.append(self._verdict(name) | ({"status": "duplicate"} if known else {}))
        return 200, {"results": results}

    def _verdict(self, name: str) -> dict[str, Any]:
        plain = {"reference": name, "id": f"clm_{name}", "status": "held", "reason": None}
        return plain | self.verdicts.get(name, {})


def told(row: dict[str, Any]) -> dict[str, Any]:
    return {"exchange": row["id"], **{n: v for n, v in row.items() if n != "id"}}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: StubCity

    def do_GET(self) -> None:
        self._reply("GET")

    def do_POST(self) -> None:
        self._reply("POST")

    def log_message(self, *_: Any) -> None:
        pass

    def _reply(self, method: str) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.loads(raw) if raw else None
        try:
            status, told = self.server.answer(
                method, self.path, body, self.headers.get("Idempotency-Key")
            )
        except Lost:
            self.close_connection = True
            return
        answer = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
