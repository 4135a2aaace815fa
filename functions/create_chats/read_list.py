"""Reading a list of houses: a spreadsheet or a text table into rows of named cells."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from create_chats.columns import places_of, tell_addresses
from create_chats.uploads import LARGEST
from housechats.domain.errors import RefusedError

LARGEST_UNPACKED = 250 * 1024 * 1024
"""100,000 rows of ten columns unpack to 89 MB."""
MOST_ROWS = 100_000
HEADER_WITHIN = 20
"""Titles and notes above the header take fewer rows than that."""

REFUSALS = {
    "list_empty": "Файл пуст: в нём нет ни одной строки с домом.",
    "list_too_big": "Файл больше 20 МБ. Разделите список на части.",
    "list_too_long": "В списке больше 100 000 строк. Разделите его на части.",
    "list_packed_too_tight": "Файл распаковывается в слишком большой объём. Сохраните его заново.",
    "list_password": "Файл закрыт паролем. Снимите пароль и загрузите его снова.",
    "list_not_table": "Это не таблица. Нужен файл Excel (.xlsx) или CSV.",
    "list_broken": "Файл повреждён и не читается. Откройте его в Excel и сохраните заново.",
    "list_no_address": "Не нашли столбец с адресом. Столбцы в файле: {}. Назовите его «Адрес».",
}
"""Why a list is refused as a whole."""

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BYTES_OF_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_MARKUP = re.compile(rb"\s*(?:<|\{\\rtf|%PDF)")
_SEPARATORS = ";,\t|"
_TOTAL = re.compile(r"(?:итого|всего)\b", re.IGNORECASE)
_SHOWN_COLUMNS = 20


class RefusedListError(RefusedError):
    """The list cannot be read at all; nothing of it was taken."""


def refused(code: str, *about: str) -> RefusedListError:
    return RefusedListError(code, REFUSALS[code].format(*about))


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells as a file has them, from row 1; read anew each time."""

    cells: Callable[[], Iterator[Sequence[object]]]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list whose header is understood."""

    columns: Mapping[str, str]
    """Our name of a column: the clerk's own header."""
    places: Mapping[str, int]
    header: int
    """The row of the header, as the spreadsheet program counts."""
    table: Table

    @property
    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Rows below the header by number; empty for a blank row or a total."""
        blank: list[int] = []
        places = self.places.items()
        for number, cells in enumerate(islice(self.table.cells(), self.header, None), self.header):
            row = {
                name: said for name, i in places if i < len(cells) and (said := as_text(cells[i]))
            }
            if not row and not any(as_text(cell) for cell in cells):
                blank.append(number + 1)
                continue
            yield from ((before, {}) for before in blank)
            blank.clear()
            yield number + 1, {} if _is_total(row, cells) else row
        # Blank rows at the end are no rows: they were touched once and emptied.


def read(data: bytes) -> Listing:
    """Read a file; a list that cannot be read raises RefusedListError."""
    if not data.strip():
        raise refused("list_empty")
    if len(data) > LARGEST:
        raise refused("list_too_big")
    tables = _sheets(data) if data.startswith((_ZIP, _OLE)) else _text_tables(data)
    listing = _best(tables)
    if _more_than(MOST_ROWS, listing.rows):
        raise refused("list_too_long")
    return listing


def as_text(cell: object) -> str:
    """Return what a person sees in a cell; a number that a reader turned into 12.0 is 12."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    if isinstance(cell, date):
        return cell.strftime("%d.%m.%Y")
    return "" if cell is None else str(cell)


def _best(tables: Iterable[Table]) -> Listing:
    """Return the first table that has a header; of several readings, the richest header."""
    best: Listing | None = None
    seen: list[str] = []
    for table in tables:
        for i, cells in enumerate(islice(table.cells(), HEADER_WITHIN)):
            headers = [as_text(cell) for cell in cells]
            places = places_of(headers)
            if tell_addresses(places) and (not best or len(places) > len(best.places)):
                columns = {name: headers[place] for name, place in places.items()}
                best = Listing(columns, places, i + 1, table)
            if sum(map(bool, headers)) > len(seen):
                seen = [header for header in headers if header]
    if not best:
        if not seen:
            raise refused("list_empty")
        shown = ", ".join(f"«{header[:40]}»" for header in seen[:_SHOWN_COLUMNS])
        raise refused("list_no_address", shown)
    return best


def _more_than(limit: int, rows: Iterable[tuple[int, dict[str, str]]]) -> bool:
    return next(islice(rows, limit, None), None) is not None


def _is_total(row: Mapping[str, str], cells: Sequence[object]) -> bool:
    said = row.get("address") or next((text for cell in cells if (text := as_text(cell))), "")
    return bool(_TOTAL.match(said))


# Spreadsheets


def _sheets(data: bytes) -> list[Table]:
    if data.startswith(_ZIP):
        _check_zip(data)
    elif _ENCRYPTED in data:
        raise refused("list_password")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [_sheet(book.get_sheet_by_name(name)) for name in book.sheet_names]
    except PasswordError as error:
        raise refused("list_password") from error
    except CalamineError as error:
        raise refused("list_broken") from error


def _sheet(sheet: CalamineSheet) -> Table:
    return Table(lambda: iter(sheet.iter_rows()))


def _check_zip(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
            unpacked = sum(entry.file_size for entry in packed.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise refused("list_broken") from error
    if unpacked > LARGEST_UNPACKED:
        raise refused("list_packed_too_tight")
    if not any(name.startswith("xl/workbook.") or name == "content.xml" for name in names):
        raise refused("list_not_table")


# Text tables


def _text_tables(data: bytes) -> list[Table]:
    text = _decoded(data)
    tables = [_text_table(text, separator) for separator in _SEPARATORS]
    try:
        for table in tables:
            for _ in table.cells():
                pass
    except csv.Error as error:
        raise refused("list_broken") from error
    return tables


def _text_table(text: str, separator: str) -> Table:
    return Table(lambda: csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif _BYTES_OF_NO_TEXT.search(data) or _MARKUP.match(data):
        raise refused("list_not_table")
    else:
        encodings = ["utf-8-sig", "cp1251"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refused("list_not_table")
