"""Things that go wrong in real networks, on demand: for tests, behind `--control`.

Each fault is a number: how often it is still to happen, or milliseconds where its name says so.

Webhooks that come in:

* `answer_500`    answered 500, not looked at
* `drop_before`   the connection is closed without an answer, nothing was done
* `drop_after`    taken in, then the connection is closed without an answer
* `lose`          answered 200 and forgotten, as by a crash at the wrong moment
* `duplicate`     taken in twice
* `reorder`       set aside, and taken in only after the one that follows
* `delay_ms`      each answer takes this long

Calls to the city whose path contains `on` (at first `/confirm`):

* `call_lost`     not sent at all, though we believe so
* `answer_lost`   sent and done, but the answer never arrives
* `call_twice`    sent twice, one after the other
* `exit_before`   the process ends before it sends
* `exit_after`    the process ends when it has sent and has not read the answer
* `call_delay_ms` each call waits this long before it is sent
"""

import os
import time
from collections.abc import Mapping
from threading import Lock

COUNTED = {
    "answer_500", "drop_before", "drop_after", "lose", "duplicate", "reorder",
    "call_lost", "answer_lost", "call_twice", "exit_before", "exit_after",
}  # fmt: skip
LASTING = {"delay_ms", "call_delay_ms"}
GONE = 9  # the exit status of a process that went away


class Faults:
    """What is still to go wrong. Nothing at first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._left: dict[str, int] = {}
        self.on = "/confirm"

    def plan(self, asked: Mapping[str, int | str]) -> dict[str, int | str]:
        """Set some faults; 0 takes one back. Answers all that stand. Raises ValueError."""
        for name, value in asked.items():
            if name == "on":
                self.on = str(value)
            elif name not in COUNTED | LASTING or not isinstance(value, int) or value < 0:
                raise ValueError(f"There is no fault {name} with {value!r}.")
            else:
                with self._lock:
                    self._left[name] = value
        return {"on": self.on, **{name: left for name, left in self._left.items() if left}}

    def strikes(self, name: str) -> bool:
        """Whether this fault happens now; if so, it has one time fewer to go."""
        with self._lock:
            left = self._left.get(name, 0)
            self._left[name] = max(left - 1, 0)
        return left > 0

    def on_call(self, name: str, path: str) -> bool:
        """Whether this fault meets a call to the city."""
        return self.on in path and self.strikes(name)

    def wait(self, name: str) -> None:
        """Take as long as the fault says."""
        pause(self._left.get(name, 0))


def pause(milliseconds: int) -> None:
    """Do nothing for a while."""
    if milliseconds:
        time.sleep(milliseconds / 1000)


def go_away() -> None:
    """End the process as a power cut would: nothing is flushed, nobody is told."""
    os._exit(GONE)
