"""The workbook «по УК»: companies with their counts, and every house behind the counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from housechats.domain.houses import ChatState
from organisations.count_companies import NONE, Counts, Progress, counts_of

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

COMPANIES, HOUSES = "Управляющие компании", "Дома"
NO_COMPANY, NO_NAME = "Без управляющей компании", "Название не указано"
YES, NO = "да", "нет"
STATES = {
    ChatState.PLANNED: "ждёт открытия",
    ChatState.OPENING: "открывается",
    ChatState.MADE: "открывается",
    ChatState.OPEN: "открыт",
    ChatState.REFUSED: "открыть не удалось",
    ChatState.UNCERTAIN: "нужно решение сотрудника",
    ChatState.CLOSED: "закрыт",
    ChatState.LOST: "недоступен",
}

_COMPANY_COLUMNS = {
    "Управляющая компания": 46,
    "ИНН": 14,
    "Домов": 10,
    "Чатов открыто": 11,
    "Доля открытых": 11,
    "Старших оповещено": 13,
    "Старших в чате": 11,
    "Домов, где сканировали объявление": 17,
    "Жителей в чатах": 11,
}
_HOUSE_COLUMNS = {
    "Управляющая компания": 40,
    "ИНН": 14,
    "Адрес": 52,
    "Код дома": 11,
    "Чат": 24,
    "Старший оповещён": 12,
    "Старший в чате": 11,
    "Сканирований объявления": 14,
    "Жителей в чате": 11,
}
_HEADER_ROW = 2
"""Counted from 0: the title and an empty row come first."""
_A4 = 9
_FITS = 1.2
"""Letters for a unit of a column's width: narrow ones are many."""

_PLAIN = {"font_name": "Arial", "font_size": 10, "valign": "top"}
_LINED = _PLAIN | {"bottom": 4, "bottom_color": "#C9CED6"}
_TEXT = _LINED | {"num_format": "@", "text_wrap": True}
_TOTAL = _PLAIN | {"bold": True, "top": 1, "bg_color": "#F1F3F6"}
_LOOKS = {
    "title": _PLAIN | {"bold": True, "font_size": 13},
    "header": _PLAIN
    | {
        "bold": True,
        "text_wrap": True,
        "valign": "vcenter",
        "bg_color": "#DDE3EC",
        "border": 1,
        "border_color": "#9AA5B5",
    },
    "text": _TEXT,
    "middle": _TEXT | {"align": "center"},
    "number": _LINED | {"num_format": "#,##0"},
    "share": _LINED | {"num_format": "0%"},
    "total_text": _TOTAL | {"num_format": "@"},
    "total_number": _TOTAL | {"num_format": "#,##0"},
    "total_share": _TOTAL | {"num_format": "0%"},
}


@dataclass(frozen=True, slots=True)
class Report:
    """What the workbook tells."""

    title: str
    names: Mapping[str, str]
    """Of companies, by their ИНН."""
    progress: Sequence[Progress]
    """Every house, in any order."""


def write(report: Report) -> bytes:
    """Write the workbook. Names and addresses are texts, whatever they begin with."""
    file = BytesIO()
    with Workbook(file, {"constant_memory": True}) as book:
        looks = {name: book.add_format(look) for name, look in _LOOKS.items()}
        companies = _Sheet(book.add_worksheet(COMPANIES), looks, report.title, _COMPANY_COLUMNS)
        houses = _Sheet(book.add_worksheet(HOUSES), looks, report.title, _HOUSE_COLUMNS)
        counts = counts_of(report.progress)
        order = sorted(counts, key=lambda inn: (inn == NONE, name_of(report, inn).lower(), inn))
        for inn in order:
            companies.add([name_of(report, inn), inn, *_numbers(counts[inn])])
        total = sum(counts.values(), Counts())
        companies.finish(["Всего", "", *_numbers(total)])
        rank = {inn: n for n, inn in enumerate(order)}
        for one in sorted(report.progress, key=lambda one: (rank[one.company], one.house.position)):
            houses.add(_cells(one, name_of(report, one.company)))
        houses.finish(_totals(report.progress, total))
    return file.getvalue()


def name_of(report: Report, inn: str) -> str:
    return report.names.get(inn) or (NO_NAME if inn else NO_COMPANY)


_Cell = str | int | float


def _numbers(counts: Counts) -> list[_Cell]:
    return [
        counts.houses,
        counts.open,
        counts.share,
        counts.elders_reached,
        counts.elders_joined,
        counts.scanned,
        counts.residents,
    ]


def _cells(one: Progress, company: str) -> list[_Cell]:
    return [
        company,
        one.company,
        one.house.address.full,
        one.house.id,
        STATES[one.house.state],
        YES if one.elder_reached else NO,
        YES if one.elder_joined else NO,
        one.scans,
        one.house.residents,
    ]


def _totals(progress: Sequence[Progress], total: Counts) -> list[_Cell]:
    said: list[_Cell] = ["Всего", "", f"домов: {total.houses}", "", f"открыто: {total.open}"]
    scans = sum(one.scans for one in progress)
    return [*said, total.elders_reached, total.elders_joined, scans, total.residents]


class _Sheet:
    """A table with a title above, a header that stays in place, and totals below."""

    def __init__(
        self, sheet: Worksheet, looks: Mapping[str, Format], title: str, columns: Mapping[str, int]
    ) -> None:
        self._sheet = sheet
        self._looks = looks
        self._row = _HEADER_ROW
        self._widths = list(columns.values())
        for column, width in enumerate(self._widths):
            sheet.set_column(column, column, width)
        sheet.set_row(0, 20)
        sheet.write_string(0, 0, _harmless(title), looks["title"])
        sheet.set_row(_HEADER_ROW, 44)
        for column, name in enumerate(columns):
            sheet.write_string(_HEADER_ROW, column, name, looks["header"])
        sheet.freeze_panes(_HEADER_ROW + 1, 1)
        sheet.repeat_rows(_HEADER_ROW)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)

    def add(self, cells: Sequence[_Cell]) -> None:
        self._row += 1
        pairs = zip(cells, self._widths, strict=True)
        lines = max(_lines(cell, width) for cell, width in pairs if isinstance(cell, str))
        # LibreOffice shows one line of a row that has no height of its own.
        self._sheet.set_row(self._row, 13 * lines + 2)
        self._write(cells, "")

    def finish(self, totals: Sequence[_Cell]) -> None:
        if self._row > _HEADER_ROW:
            self._sheet.autofilter(_HEADER_ROW, 0, self._row, len(totals) - 1)
        self._row += 1
        self._sheet.set_row(self._row, 16)
        self._write(totals, "total_")

    def _write(self, cells: Sequence[_Cell], total: str) -> None:
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                look = self._looks["middle" if cell in {YES, NO} else f"{total}text"]
                if text := _harmless(cell):
                    self._sheet.write_string(self._row, column, text, look)
                else:
                    self._sheet.write_blank(self._row, column, None, look)
            else:
                look = f"{total}share" if isinstance(cell, float) else f"{total}number"
                self._sheet.write_number(self._row, column, cell, self._looks[look])


def _harmless(text: str) -> str:
    """Return a text without what XML forbids."""
    return "".join(character for character in text if character.isprintable())


def _lines(text: str, width: int) -> int:
    return int(len(text) / (width * _FITS)) + 1
