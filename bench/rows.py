"""A line of the benchmark's table: what was measured, and the bar it has to pass."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    value: float
    bar: float
    unit: str
    passed: bool

    @classmethod
    def at_most(cls, name: str, value: float, bar: float, unit: str) -> "Row":
        return cls(name, value, bar, unit, value <= bar)

    @classmethod
    def at_least(cls, name: str, value: float, bar: float, unit: str) -> "Row":
        return cls(name, value, bar, unit, value >= bar)


def table(rows: Iterable[Row]) -> str:
    """Lay the rows out as Markdown, so that a run can be pasted into a document."""
    lines = ["| measured | value | bar | unit | |", "| --- | ---: | ---: | --- | --- |"]
    lines += [
        f"| {row.name} | {row.value:.3g} | {row.bar:g} | {row.unit} | "
        f"{'ok' if row.passed else '**missed**'} |"
        for row in rows
    ]
    return "\n".join(lines)
