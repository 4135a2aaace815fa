"""A checked list as people read it in a terminal: what came of it and what to mend first."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from create_chats.check_list import CheckedList
from housechats.domain.batches import Problem, Row, Verdict

WIDTH = 100
MOST_LINES = 40
"""Lines of problems: who has more begins with these."""

VERDICTS = {
    Verdict.ACCEPTED: "приняты",
    Verdict.ACCEPTED_WITH_WARNINGS: "приняты с замечаниями",
    Verdict.REJECTED: "отклонены",
    Verdict.DUPLICATE: "повторы",
    Verdict.SKIPPED: "пропущены (пустые, итоги, примечания)",
}
_ROWS, _COLUMN = 16, 20
_SHOWN_ROWS = 2


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
    rejected, noted, repeated = _sorted(checked.rows)
    yield from _problems("Почему строки отклонены", rejected, MOST_LINES)
    left = max(MOST_LINES - len(rejected), MOST_LINES // 4)
    yield from _problems("Замечания", noted, left)
    yield from _problems("Повторы", repeated, MOST_LINES // 4)
    yield ""
    yield from wrap(_next_step(counts), WIDTH)


_Told = list[tuple[Problem, list[int]]]
"""A problem, and the rows that have it."""


def _sorted(rows: Sequence[Row]) -> tuple[_Told, _Told, _Told]:
    """Return the problems that stop rows, those of good rows, those of duplicates."""
    rejected, noted, repeated = (defaultdict[Problem, list[int]](list) for _ in range(3))
    for row in rows:
        kind = repeated if row.verdict is Verdict.DUPLICATE else noted
        for problem in row.problems:
            (rejected if problem.fatal else kind)[problem].append(row.number)
    return list(rejected.items()), list(noted.items()), list(repeated.items())


def _problems(title: str, problems: _Told, most: int) -> Iterator[str]:
    if not problems:
        return
    yield from ("", title)
    yield _line("строки", "столбец", "что не так")
    shown = 0
    for n, (problem, numbers) in enumerate(problems):
        lines = list(_told(problem, numbers))
        if shown and shown + len(lines) > most:
            rows = sum(len(numbers) for _, numbers in problems[n:])
            yield f"  и ещё {len(problems) - n} (строк с ними: {rows})"
            return
        shown += len(lines)
        yield from lines


def _told(problem: Problem, numbers: Sequence[int]) -> Iterable[str]:
    where = ", ".join(map(str, numbers[:_SHOWN_ROWS]))
    if len(numbers) > _SHOWN_ROWS:
        where += f" и ещё {len(numbers) - _SHOWN_ROWS}"
    column = " ".join(problem.column.split())
    if len(column) > _COLUMN:
        column = f"{column[: _COLUMN - 1]}…"
    for said in wrap(problem.message, WIDTH - _ROWS - _COLUMN - 6):
        yield _line(where, column, said)
        where = column = ""


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
