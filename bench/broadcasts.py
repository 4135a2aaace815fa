"""Broadcasts: pace, alarms, faults, and what a million deliveries cost."""

from bench import broadcast_faults, broadcast_million, broadcast_runs
from bench.rows import Row


def measure() -> list[Row]:
    runs = broadcast_runs.measure()
    return [
        *runs.rows,
        *broadcast_faults.measure(),
        *broadcast_million.measure(runs.pace_units),
    ]
