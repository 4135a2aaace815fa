"""The sample workbook: a list of houses to start from."""

from dataclasses import dataclass
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from create_chats.columns import FIELDS
from create_chats.read_list import MOST_ROWS
from create_chats.workbooks import (
    HEADER,
    TEXT,
    TITLE,
    comment,
    height_of,
    put,
    set_choices,
    show_texts_only,
)

LIST, HELP = "Дома", "Как заполнить"

STREET_TYPES = (
    "ул.", "пр-кт", "проезд", "пер.", "ш.", "б-р", "наб.", "пл.", "мкр.", "кв-л", "туп.", "аллея",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the sample: what to write in it, and for example what."""

    name: str
    what: str
    example: str
    needed: bool = False

    @property
    def header(self) -> str:
        return FIELDS[self.name][0]


COLUMNS = (
    Column("locality", "Город, посёлок или село.", "г. Архангельск", needed=True),
    Column("street_type", "Выберите из списка или впишите.", "ул."),
    Column("street", "Название без слова «улица».", "Примерная", needed=True),
    Column("house", "Номер, если нужно с буквой: 5, 24А, 6/2.", "5", needed=True),
    Column("block", "Номер корпуса, если он есть.", "2"),
    Column("building", "Номер строения, если он есть.", ""),
    Column("entrances", "Сколько в доме подъездов: столько будет объявлений.", "4"),
    Column("flats", "Сколько в доме квартир.", "72"),
    Column("elder_name", "Кто будет вести чат дома.", "Примерова Анна Ивановна"),
    Column("elder_phone", "Мобильный: на него придёт инструкция.", "+7 900 000-00-00"),
    Column("elder_vk", "Личная страница: ссылка, id или @имя.", "vk.com/id000000000"),
    Column("management_company", "УК, ТСЖ или ЖСК.", "УК «Примерная»"),
    Column("management_company_inn", "10 цифр, у предпринимателя 12.", "1234567890"),
    Column("fias_id", "Код дома в ФИАС (ГАР), если известен.", ""),
)

_TITLE = "Список домов для домовых чатов"
_HINT = (
    "Пример ниже не читается, его можно удалить. Вписывайте дома под названиями столбцов, "
    "по одному в строке."
)
_EXAMPLE, _HEADER = 2, 3
"""Counted from 0. What stands above the header is never read: an example that stays there opens
no chat for a house that nobody has."""
_WIDTH = {"street": 26, "elder_name": 28, "fias_id": 38, "management_company": 26}
_USUAL_WIDTH = 17

_LINES = (
    "Жирным выделены столбцы, без которых дом не найти. Остальные заполняйте, если знаете.",
    "Ненужные столбцы можно удалить, порядок столбцов любой, лишние столбцы не мешают.",
    "Адрес можно писать и одной ячейкой: назовите столбец «Адрес», столбцы его частей удалите.",
    "В списке для всего региона нужен столбец «ОКТМО»: 8 или 11 цифр кода муниципалитета.",
    "После загрузки у каждой строки будет решение и слова о том, что исправить.",
)


def write() -> bytes:
    """Write the workbook; filled in, it is a list."""
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        _write_list(book)
        _write_help(book)
    return file.getvalue()


def _write_list(book: Workbook) -> None:
    sheet = book.add_worksheet(LIST)
    text, needed = book.add_format(TEXT), book.add_format(HEADER)
    optional = book.add_format(HEADER | {"bold": False})
    example = book.add_format(TEXT | {"italic": True, "font_color": "#6B7280"})
    put(sheet, 0, 0, _TITLE, book.add_format(TITLE | {"bold": True, "font_size": 14}))
    put(sheet, 1, 0, _HINT, book.add_format(TITLE))
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, _WIDTH.get(column.name, _USUAL_WIDTH), text)
        put(sheet, _EXAMPLE, place, column.example, example)
        put(sheet, _HEADER, place, column.header, needed if column.needed else optional)
        comment(sheet, _HEADER, place, column.what)
        if column.name == "street_type":
            set_choices(sheet, (_HEADER + 1, _HEADER + MOST_ROWS), place, list(STREET_TYPES))
    sheet.set_row(_HEADER, height_of(2))
    sheet.freeze_panes(_HEADER + 1, 0)
    show_texts_only(sheet)


def _write_help(book: Workbook) -> None:
    sheet = book.add_worksheet(HELP)
    text, bold = book.add_format(TEXT), book.add_format(TEXT | {"bold": True})
    header = book.add_format(HEADER)
    title = book.add_format(TITLE)
    for row, said in enumerate(_LINES):
        put(sheet, row, 0, said, title)
    first = len(_LINES) + 1
    _write_line(sheet, first, ("Столбец", "Что писать", "Пример"), header, header)
    for row, column in enumerate(COLUMNS, start=first + 1):
        line = (column.header, column.what, column.example)
        _write_line(sheet, row, line, bold if column.needed else text, text)
    sheet.set_column(0, 0, 30, text)
    sheet.set_column(1, 1, 60, text)
    sheet.set_column(2, 2, 28, text)
    show_texts_only(sheet)


def _write_line(
    sheet: Worksheet, row: int, texts: tuple[str, str, str], first: Format, others: Format
) -> None:
    for place, text in enumerate(texts):
        put(sheet, row, place, text, others if place else first)
