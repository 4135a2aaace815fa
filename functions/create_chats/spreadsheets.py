"""Spreadsheets: the sheets of a workbook as tables."""

import io
import zipfile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from create_chats.refusals import refused
from create_chats.tables import Table

LARGEST_UNPACKED = 250 * 1024 * 1024
"""100,000 rows of ten columns unpack to 89 MB."""
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def is_spreadsheet(data: bytes) -> bool:
    return data.startswith((_ZIP, _OLE))


def sheets(data: bytes) -> list[Table]:
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
