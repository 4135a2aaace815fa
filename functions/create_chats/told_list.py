"""A checked list as people read it in a terminal: what came of it and what to mend first."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from textwrap import wrap

from create_chats.check_list import CheckedList
from housechats.domain.batches import Problem, Row, Verdict

WIDTH = 100
MOST_LINES = 40
"""Lines of problems: who has more begins with these."""
LEAST_LINES = 8
"""What each kind of problems gets of them."""

VERDICTS = {
    Verdict.ACCEPTED: "принято",
    Verdict.ACCEPTED_WITH_WARNINGS: "принято с замечаниями",
    Verdict.REJECTED: "отклонено",
    Verdict.DUPLICATE: "повторов",
    Verdict.SKIPPED: "пропущено (пустые, итоги, примечания)",
}
_ROWS, _COLUMN = 18, 18
_ROWS_LINES, _SHOWN_RANGES = 3, 12


def told(checked: CheckedList, name: str) -> Iterator[str]:
    """Yield the lines about a list whose file has that name."""
    if checked.refused:
        yield f"{name}: список не принят."
        yield from wrap(checked.reason, WIDTH)
        return
    counts = Counter(row.verdict for row in checked.rows)
    yield f"{name}{f', лист «{checked.sheet}»' if checked.sheet else ''}"
    yield f"Строк: {counts.total()}"
    yield from (f"{counts[verdict]:>9}  {said}" for verdict, said in VERDICTS.items())
    if checked.remarks:
        yield from ("", "О списке в целом")
        for remark in checked.remarks:
            yield from wrap(remark, WIDTH, initial_indent="  ", subsequent_indent="  ")
    kinds = [(title, found) for title, found in _sorted(checked.rows).items() if found]
    left = MOST_LINES
    for n, (title, found) in enumerate(kinds, start=1):
        lines = list(_problems(found, left - LEAST_LINES * (len(kinds) - n)))
        left -= len(lines)
        yield from ("", title, _line("строки", "столбец", "что не так"), *lines)
    yield ""
    yield from wrap(_next_step(counts), WIDTH)


_Told = list[tuple[Problem, list[int]]]
"""A problem, and the rows that have it."""


def _sorted(rows: Sequence[Row]) -> dict[str, _Told]:
    """Return what stops rows, what good rows have, what repeats; what most rows have first."""
    rejected, noted, repeated = (defaultdict[Problem, list[int]](list) for _ in range(3))
    for row in rows:
        kind = repeated if row.verdict is Verdict.DUPLICATE else noted
        for problem in row.problems:
            (rejected if problem.fatal else kind)[problem].append(row.number)
    titles = {"Почему строки отклонены": rejected, "Замечания": noted, "Повторы": repeated}
    return {
        title: sorted(found.items(), key=lambda told: -len(told[1]))
        for title, found in titles.items()
    }


def _problems(problems: _Told, most: int) -> Iterator[str]:
    shown = 0
    for n, (problem, numbers) in enumerate(problems):
        lines = list(_told(problem, numbers))
        if shown and shown + len(lines) > most:
            rows = {number for _, numbers in problems[n:] for number in numbers}
            yield f"  и ещё {len(problems) - n} (строк с ними: {len(rows)}); все — с JSON=1"
            return
        shown += len(lines)
        yield from lines


def _told(problem: Problem, numbers: Sequence[int]) -> Iterable[str]:
    column = " ".join(problem.column.split())
    if len(column) > _COLUMN:
        column = f"…{column[1 - _COLUMN :]}"  # of «Старший: телефон» the end tells
    said = wrap(problem.message, WIDTH - _ROWS - _COLUMN - 6)
    for where, what in zip_longest(_where(numbers), said, fillvalue=""):
        yield _line(where, column, what)
        column = ""


def _where(numbers: Sequence[int]) -> list[str]:
    """Write «2, 5–9, 12» in a few lines; the rows that find no room are counted."""
    ranges = _ranges(numbers)
    for shown in range(min(len(ranges), _SHOWN_RANGES), 0, -1):
        told = ", ".join(f"{a}–{b}" if a < b else str(a) for a, b in ranges[:shown])
        left = sum(b - a + 1 for a, b in ranges[shown:])
        lines = wrap(f"{told} и ещё {left}" if left else told, _ROWS)
        if len(lines) <= _ROWS_LINES:
            break
    return lines


def _ranges(numbers: Sequence[int]) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return ranges


def _line(rows: str, column: str, said: str) -> str:
    return f"  {rows:<{_ROWS}}  {column:<{_COLUMN}}  {said}"


def _next_step(counts: Counter[Verdict]) -> str:
    if counts[Verdict.REJECTED]:
        return (
            "Что дальше: исправьте отклонённые строки в файле и проверьте его ещё раз. Загрузить "
            "список можно и сейчас: чаты получат принятые дома, остальные добавятся с исправленным "
            "файлом."
        )
    if counts[Verdict.ACCEPTED_WITH_WARNINGS]:
        return "Что дальше: взгляните на замечания; список можно загружать."
    return "Что дальше: список можно загружать."
