"""The workbook of activity: days, municipalities and houses with their counters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from housechats.domain.activity import Counts, Stretch

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

DAYS, PLACES, HOUSES = "По дням", "Территории", "Дома"
ABOUT = (
    "Писали — сколько человек писали в чат за день; в сумме за период один человек считается в "
    "каждый свой день. Дни территорий складываются, когда заканчиваются: сегодняшнего здесь нет."
)

_NUMBERS = {
    "Сообщений": 12,
    "Писали, человеко-дней": 13,
    "Писали в день (медиана)": 13,
    "Пришли": 10,
    "Ушли": 10,
    "Вопросов": 10,
    "Ответов": 10,
    "До ответа, минут (медиана)": 15,
}
_DAY_COLUMNS = {"День": 14, **_NUMBERS}
_PLACE_COLUMNS = {"Город или район": 34, "ОКТМО": 14, **_NUMBERS}
_HOUSE_COLUMNS = {"Дом": 46, "ОКТМО": 14, "Код дома": 12, **_NUMBERS}
_HEADER_ROW = 3
"""Counted from 0: the title, what the numbers mean, and an empty row come first."""
_A4 = 9

_PLAIN = {"font_name": "Arial", "font_size": 10, "valign": "top"}
_LINED = _PLAIN | {"bottom": 4, "bottom_color": "#C9CED6"}
_TOTAL = _PLAIN | {"bold": True, "top": 1, "bg_color": "#F1F3F6"}
_LOOKS = {
    "title": _PLAIN | {"bold": True, "font_size": 13},
    "note": _PLAIN | {"font_color": "#5B6675"},
    "header": _PLAIN
    | {
        "bold": True,
        "text_wrap": True,
        "valign": "vcenter",
        "bg_color": "#DDE3EC",
        "border": 1,
        "border_color": "#9AA5B5",
    },
    "text": _LINED | {"num_format": "@"},
    "number": _LINED | {"num_format": "#,##0"},
    "middle": _LINED | {"num_format": "#,##0.0"},
    "total_text": _TOTAL | {"num_format": "@"},
    "total_number": _TOTAL | {"num_format": "#,##0"},
    "total_middle": _TOTAL | {"num_format": "#,##0.0"},
}
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One row: what it is about, and what happened there."""

    names: tuple[str, ...]
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class Report:
    """What the workbook tells."""

    title: str
    days: Sequence[Line]
    places: Sequence[Line]
    houses: Sequence[Line]


def write(report: Report) -> bytes:
    """Write the workbook. Names are texts, whatever they begin with."""
    file = BytesIO()
    with Workbook(file, {"constant_memory": True}) as book:
        looks = {name: book.add_format(look) for name, look in _LOOKS.items()}
        for name, columns, lines in (
            (DAYS, _DAY_COLUMNS, report.days),
            (PLACES, _PLACE_COLUMNS, report.places),
            (HOUSES, _HOUSE_COLUMNS, report.houses),
        ):
            _write_sheet(book.add_worksheet(name), looks, report.title, columns, lines)
    return file.getvalue()


def _write_sheet(
    sheet: Worksheet,
    looks: Mapping[str, Format],
    title: str,
    columns: Mapping[str, int],
    lines: Sequence[Line],
) -> None:
    """Write a table with a title above, a header that stays in place, and totals below."""
    for column, width in enumerate(columns.values()):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 20)
    sheet.write_string(0, 0, _harmless(title), looks["title"])
    sheet.write_string(1, 0, ABOUT, looks["note"])
    sheet.set_row(_HEADER_ROW, 44)
    for column, name in enumerate(columns):
        sheet.write_string(_HEADER_ROW, column, name, looks["header"])
    plain = {name: looks[name] for name in ("text", "number", "middle")}
    for row, line in enumerate(lines, _HEADER_ROW + 1):
        numbers = _numbers(line.stretch.counts, line.stretch.people_median)
        _write_row(sheet, row, line.names, numbers, plain)
    last = _HEADER_ROW + len(lines)
    if lines:
        sheet.autofilter(_HEADER_ROW, 0, last, len(columns) - 1)
    names = ["Всего", *[""] * (len(columns) - len(_NUMBERS) - 1)]
    total = sum((line.stretch.counts for line in lines), Counts())
    bold = {name: looks[f"total_{name}"] for name in plain}
    _write_row(sheet, last + 1, names, _numbers(total, None), bold)
    sheet.freeze_panes(_HEADER_ROW + 1, 1)
    sheet.repeat_rows(_HEADER_ROW)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)


def _write_row(
    sheet: Worksheet,
    row: int,
    names: Sequence[str],
    numbers: Sequence[int | float | None],
    looks: Mapping[str, Format],
) -> None:
    for column, name in enumerate(names):
        if text := _harmless(name):
            sheet.write_string(row, column, text, looks["text"])
        else:
            sheet.write_blank(row, column, None, looks["text"])
    for column, number in enumerate(numbers, len(names)):
        look = looks["middle" if isinstance(number, float) else "number"]
        if number is None:
            sheet.write_blank(row, column, None, look)
        else:
            sheet.write_number(row, column, number, look)


def _numbers(counts: Counts, people_median: float | None) -> list[int | float | None]:
    """Return the cells of the counters; of many lines no median can be told."""
    seconds = counts.median_seconds
    return [
        counts.messages,
        counts.people,
        people_median,
        counts.joined,
        counts.left,
        counts.questions,
        counts.answers,
        None if seconds is None else round(seconds / _MINUTE),
    ]


def _harmless(text: str) -> str:
    """Return a text without what XML forbids."""
    return "".join(character for character in text if character.isprintable())
