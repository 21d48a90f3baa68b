"""One import in a process of its own, for the clock and for the memory:
`python -m bench.importer FILE CLIENT_ID`. Prints one line of JSON.

The clock runs around the whole import, the reading of the file and the workers' start included;
what a process needs to become the product (imports, rules, keys) is outside, as it is at a floor.
"""

import json
import sys
import time
from pathlib import Path

from app import create_app
from app.activities.importing import run_import


def main() -> None:
    path, provider = sys.argv[1:]
    app = create_app()
    began = time.perf_counter()
    report = run_import(app, Path(path), provider, "csv")
    print(json.dumps({"seconds": time.perf_counter() - began, "report": report.wire()}))


if __name__ == "__main__":
    main()
