"""The second sheet of the workbook that comes back: how to mend the list, and how it stands."""

from collections import Counter
from collections.abc import Mapping, Sequence

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from create_chats.columns import OURS
from create_chats.workbooks import height_of, lines_of, put, show_texts_only
from housechats.domain.batches import Verdict

HELP = "Как исправить"

VERDICTS = {
    Verdict.ACCEPTED: "Принят",
    Verdict.ACCEPTED_WITH_WARNINGS: "Принят с замечаниями",
    Verdict.REJECTED: "Отклонён",
    Verdict.DUPLICATE: "Повтор",
    Verdict.SKIPPED: "Пропущен",
}

_WIDTH = 90
_OURS = ", ".join(f"«{header}»" for header in OURS.values())
_LINES = (
    ("header", "Как исправить список"),
    ("fatal", "Красная ячейка: дом не принят, пока она не исправлена."),
    ("warning", "Жёлтая ячейка: дом принят, но проверьте, что здесь написано."),
    ("text", f"Что не так, сказано в столбце «{OURS['reason']}» и в примечании к ячейке."),
    ("text", "Исправьте, сохраните и загрузите файл целиком. Второй раз чаты не создаются."),
    ("text", f"Столбцы {_OURS} и этот лист можно не удалять: при загрузке они не читаются."),
)


def write_help(
    sheet: Worksheet,
    looks: Mapping[str, Format],
    more: Sequence[str],
    counts: Counter[Verdict],
) -> None:
    """Write what every author is told, then what this list's author is, then rows by verdict."""
    lines = (*_LINES, *(("text", line) for line in more))
    for row, (look, line) in enumerate(lines):
        put(sheet, row, 0, line, looks[look])
        sheet.set_row(row, height_of(lines_of(line, _WIDTH)))
    found = [(word, many) for verdict, word in VERDICTS.items() if (many := counts[verdict])]
    table = [("Строк в списке", counts.total(), "header"), *((*each, "text") for each in found)]
    for row, (word, many, look) in enumerate(table, start=len(lines) + 1):
        put(sheet, row, 0, word, looks[look])
        put(sheet, row, 1, str(many), looks[look])
    sheet.set_column(0, 0, _WIDTH, looks["text"])
    sheet.set_column(1, 1, 12, looks["text"])
    show_texts_only(sheet)
