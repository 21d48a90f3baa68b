"""The most memory that a process and its children have had, watched from outside."""

import threading
from contextlib import suppress
from pathlib import Path

_LOOK_SECONDS = 0.1


class Peaks(threading.Thread):
    """Watches a process and its children until they end: the peak of each, in kilobytes."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self._process = process
        self._of: dict[int, int] = {}
        self._end = threading.Event()
        self.start()

    def run(self) -> None:
        while not self._end.wait(_LOOK_SECONDS):
            for each in (self._process, *_children(self._process)):
                with suppress(OSError):
                    status = Path(f"/proc/{each}/status").read_text()
                    self._of[each] = max(self._of.get(each, 0), _peak(status))

    def stop(self) -> tuple[int, int]:
        """The sum of all peaks (never less than what was used at one time); of how many
        processes."""
        self._end.set()
        self.join()
        return sum(self._of.values()), len(self._of)


def _children(process: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found


def _peak(status: str) -> int:
    line = next((line for line in status.splitlines() if line.startswith("VmHWM")), "VmHWM: 0 kB")
    return int(line.split()[1])
