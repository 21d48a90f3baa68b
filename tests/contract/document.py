"""The OpenAPI document: as the code says it, and as it was last agreed on."""

import json
import tempfile
from pathlib import Path
from typing import Any

import app as weitan
from app.settings import Settings

COMMITTED = Path(__file__).with_name("openapi.json")
METHODS = {"get", "post", "put", "patch", "delete"}


def generated() -> dict[str, Any]:
    """The document that an application serves; it needs no database for that."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        settings = Settings(
            database_url=f"sqlite:///{place / 'none.db'}",
            signing_keys=place / "signing",
            data_keys=place / "data",
            instance=place,
        )
        served = weitan.create_app(settings).test_client().get("/openapi.json")
    return json.loads(served.data)


def text(document: dict[str, Any]) -> str:
    """One text for one document, so that a change is a readable difference."""
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """(method, path, operation) of everything that can be asked for."""
    return [
        (method.upper(), path, node)
        for path, methods in document["paths"].items()
        for method, node in methods.items()
        if method in METHODS
    ]
