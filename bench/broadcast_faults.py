"""Thousands of broadcasts in trouble: none of their messages is lost, none comes twice."""

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict

from bench.rows import Row
from support.broadcast_world import run_seeded

CASES = 10_000
A_PART = 250
FIRST = 1_000_000
"""The numbers of these cases are not those of the tests."""


def measure() -> list[Row]:
    parts = range(FIRST, FIRST + CASES, A_PART)
    counts: Counter[str] = Counter()
    with ProcessPoolExecutor() as pool:
        for part in pool.map(_run, parts):
            counts.update(part)
    print(
        f"{CASES} random cases: "
        + ", ".join(f"{what} {number}" for what, number in sorted(counts.items()))
    )
    troubles = sum(counts[what] for what in ("kills", "repeats", "throttled", "errors"))
    return [
        Row.at_least(f"troubles in {CASES} random cases", troubles, CASES, "troubles"),
        Row.at_most("  messages lost", counts["lost"], 0, "chats"),
        Row.at_most("  messages doubled", counts["doubled"], 0, "chats"),
    ]


def _run(first: int) -> Counter[str]:
    """Run some cases, and count what happened in them."""
    counts: Counter[str] = Counter()
    for number in range(first, first + A_PART):
        try:
            result = asdict(run_seeded(number))
        except AssertionError as error:
            print(f"case {number} came to no end: {error} {error.__cause__ or ''}")
            counts["lost"] += 1
            continue
        for name in ("lost", "doubled"):
            if result[name]:
                print(f"case {number}, {name}: {result[name]}")
            result[name] = len(result[name])
        counts.update(result)
    return counts
