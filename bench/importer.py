"""One import in a process of its own, for the clock and for the memory:
`python -m bench.importer FILE CLIENT_ID`. Prints one line of JSON.

The clock runs around the whole import, the reading of the file and the workers' start included;
what a process needs to become the product (imports, rules, keys) is outside, as it is at a floor.
"""

import json
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from app import create_app
from app.activities.importing import run_import

_LOOK_SECONDS = 0.1


class Peaks(threading.Thread):
    """Watches this process and its children: the most memory each has had, in kilobytes."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.of: dict[str, int] = {}
        self._end = threading.Event()

    def run(self) -> None:
        while not self._end.wait(_LOOK_SECONDS):
            for process in ("self", *_children()):
                with suppress(OSError):
                    status = Path(f"/proc/{process}/status").read_text()
                    self.of[process] = max(self.of.get(process, 0), _peak(status))

    def stop(self) -> int:
        """The sum of all peaks: never less than what was used at one time."""
        self._end.set()
        self.join()
        return sum(self.of.values())


def _children() -> list[str]:
    found: list[str] = []
    for task in Path("/proc/self/task").iterdir():
        with suppress(OSError):
            found += (task / "children").read_text().split()
    return found


def _peak(status: str) -> int:
    line = next((line for line in status.splitlines() if line.startswith("VmHWM")), "VmHWM: 0 kB")
    return int(line.split()[1])


def main() -> None:
    path, provider = sys.argv[1:]
    app = create_app()
    peaks = Peaks()
    peaks.start()
    began = time.perf_counter()
    report = run_import(app, Path(path), provider, "csv")
    seconds = time.perf_counter() - began
    found = {"seconds": seconds, "peak_kb": peaks.stop(), "processes": len(peaks.of)}
    print(json.dumps(found | {"report": report.wire()}))


if __name__ == "__main__":
    main()
