"""`python -m bench [one of them]`: measure, lay all rows out in one table."""

import argparse
import os
import platform
import time
from collections.abc import Callable

from bench import (
    activity,
    broadcasts,
    chats,
    cold_start,
    discussions,
    events,
    lists,
    pages,
    posters,
    questions,
)
from bench.rows import Row, table

BENCHES: dict[str, Callable[[], list[Row]]] = {
    "activity": activity.measure,
    "broadcasts": broadcasts.measure,
    "chats": chats.measure,
    "cold": cold_start.measure,
    "discussions": discussions.measure,
    "events": events.measure,
    "lists": lists.measure,
    "pages": pages.measure,
    "posters": posters.measure,
    "questions": questions.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("bench", nargs="?", choices=BENCHES, help="all of them when none is named")
    only = parser.parse_args().bench
    rows: list[Row] = []
    for name in [only] if only else BENCHES:
        print(f"{name} ...", flush=True)
        started = time.monotonic()
        rows += BENCHES[name]()
        print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
    print(f"\nPython {platform.python_version()}, {os.cpu_count()} cores\n")
    print(table(rows))


if __name__ == "__main__":
    main()
