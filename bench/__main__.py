"""`python -m bench [NAME …] [--json FILE]`"""

import argparse
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import asking, closing, figures, files, growth, posting, redeeming
from bench.figures import Figure, say
from bench.place import Place, place

_ALL: dict[str, Callable[[Place], Iterator[Figure]]] = {
    "import": files.city,
    "meters": files.meters,
    "posting": posting.posting,
    "redeeming": redeeming.redeeming,
    "asking": asking.asking,
    "growth": growth.growth,
    "closing": closing.closing,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(_ALL)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    asked = parser.parse_args()
    unknown = [name for name in asked.names if name not in _ALL]
    if unknown:
        parser.error(f"no benchmark is called {', '.join(unknown)}")
    scale = float(os.environ.get("BENCH_SCALE", "1"))
    found: list[Figure] = []
    try:
        with place(scale) as here:
            say("a PostgreSQL of our own is up")
            for name in asked.names or _ALL:
                for each in _ALL[name](here):
                    found.append(each)
                    say(f"{each.name}: {each.product:,.1f} {each.unit}, ratio {each.ratio:.2f}")
        say("done")
    finally:  # what was measured is shown even when a later benchmark fails
        figures.show(found, scale)
        if asked.json:
            figures.write(asked.json, found, scale)


if __name__ == "__main__":
    main()
