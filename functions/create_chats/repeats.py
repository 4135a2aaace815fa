"""Rows that repeat another one, when that one has lost the house that they repeat."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from housechats.domain.batches import Problem, RowVerdict, Verdict
from housechats.domain.findings import found

FINDINGS = {
    "first_rejected": (
        False,
        "Строка {}, которую повторяет эта, отклонена, и чата у дома нет: исправьте любую из них.",
    ),
    "first_moved": (
        False,
        "Строка {}, которую повторяла эта, теперь о другом доме: проверьте эту строку.",
    ),
}
"""What rows are told only after the check: enrolment and people change the rows they repeat."""
REPEATS = {"same_house", "flat_of_house", *FINDINGS}
"""Codes of problems that say no more than that a row is a duplicate."""


def as_shown(row: RowVerdict, lost: Mapping[int, RowVerdict]) -> RowVerdict:
    """Return a row as people are to see it, given the rows that have lost their houses."""
    first = lost.get(row.duplicate_of)
    if first is None:
        return row
    code = "first_moved" if first.moved else "first_rejected"
    finding = found(FINDINGS, code, str(first.number))
    column = next((p.column for p in row.problems if p.code in REPEATS), "")
    others = (problem for problem in row.problems if problem.code not in REPEATS)
    problem = Problem(column, finding.code, finding.message, finding.fatal)
    return replace(row, problems=(problem, *others))


def lost_ones(rows: Iterable[RowVerdict]) -> dict[int, RowVerdict]:
    """Return the rows that no longer have the house that others may repeat, by number."""
    return {row.number: row for row in rows if row.moved or row.verdict == Verdict.REJECTED}
