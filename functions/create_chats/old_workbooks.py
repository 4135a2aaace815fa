"""Workbooks of Excel 97-2003 (xls): hidden rows and errors, read from its records."""

import struct
from array import array
from collections.abc import Iterator

from create_chats.refusals import refused

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# [MS-CFB] 2.1, 2.2, 2.6: numbers of sectors from here up are marks.
_NO_SECTOR = 0xFFFFFFFB
_HEADER, _SHIFTS, _ENTRY, _STREAM, _ROOT = 512, (9, 12), 128, 2, 5
_LARGE, _SMALL_SECTOR = 4096, 64
# [MS-XLS] 2.3: records.
_FILEPASS, _BOUNDSHEET, _ROW, _FORMULA, _BOOLERR, _EOF = 0x2F, 0x85, 0x208, 0x06, 0x205, 0x0A
_ROW_LONG, _ROW_HIDDEN, _IS_ERROR = 14, 0x20, 2
# [MS-XLS] 2.5.10
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


class SheetNotes:
    """What the reader of cells does not tell of a sheet."""

    def __init__(self, hidden_rows: set[int] | None = None) -> None:
        self.hidden_rows = hidden_rows or set()
        self.errors: dict[int, dict[int, str]] = {}
        """Texts of error cells by row and column, from 0."""


def notes_of(data: bytes) -> list[SheetNotes]:
    """Return notes by sheet; refuse what is no workbook that can be read."""
    file = _Ole(data)
    if "EncryptedPackage" in file:
        raise refused("list_password")
    if "Workbook" not in file and "Book" not in file:
        raise refused("list_not_table")
    book = file.stream("Workbook") or file.stream("Book")
    sheets = []
    for kind, body in _records(book, 0):
        if kind == _FILEPASS:
            raise refused("list_password")
        if kind == _BOUNDSHEET:
            sheets.append(int.from_bytes(body[:4], "little"))
    return [_notes(book, at) for at in sheets]


def _notes(book: bytes, at: int) -> SheetNotes:
    notes = SheetNotes()
    for kind, body in _records(book, at):
        if kind == _ROW and len(body) >= _ROW_LONG:
            row, flags = struct.unpack_from("<H10xH", body)
            if flags & _ROW_HIDDEN:
                notes.hidden_rows.add(row + 1)
        elif said := _error(kind, body):
            row, column = struct.unpack_from("<HH", body)
            notes.errors.setdefault(row, {})[column] = said
    return notes


def _error(kind: int, body: bytes) -> str:
    """Return the text of an error cell: typed in (2.4.24) or a formula's result (2.5.133)."""
    if kind == _BOOLERR and body[7:8] == b"\1":
        return _ERRORS.get(body[6], "")
    if kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == _IS_ERROR:
        return _ERRORS.get(body[8], "")
    return ""


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Read the records of a substream, as far as they are whole."""
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        if kind == _EOF:
            return
        yield kind, book[at + 4 : at + 4 + size]
        at += 4 + size


class _Ole:
    """A file of sectors, chained by a table of what follows what ([MS-CFB]).

    Small streams are chained in the same way inside a stream of their own (2.4).
    """

    def __init__(self, data: bytes) -> None:
        if len(data) < _HEADER:
            raise refused("list_cut_off")
        shift, directory, small, more = struct.unpack_from("<30xH16xL8xL4xL", data)
        if shift not in _SHIFTS:
            raise refused("list_broken")
        size = 1 << shift
        # The header takes the place of one sector.
        self._large = _Sectors(memoryview(data)[size:], size, array("I"))
        tables = list(struct.unpack_from("<109L", data, 76))
        for _ in range(len(data) >> shift):
            if more >= _NO_SECTOR:
                break
            *found, more = struct.unpack(f"<{size // 4}L", self._large.sector(more))
            tables += found
        for table in tables:
            if table < _NO_SECTOR:
                self._large.follow.frombytes(self._large.sector(table))
        entries = list(_entries(self._large.chain(directory)))
        self._places = {name: place for kind, name, place in entries if kind == _STREAM}
        inner = next((start for kind, _, (start, _) in entries if kind == _ROOT), _NO_SECTOR)
        follow = array("I", self._large.chain(small))
        self._small = _Sectors(memoryview(self._large.chain(inner)), _SMALL_SECTOR, follow)

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def stream(self, name: str) -> bytes:
        """Return a stream; nothing if there is none."""
        start, size = self._places.get(name, (_NO_SECTOR, 0))
        return (self._small if size < _LARGE else self._large).chain(start)[:size]


class _Sectors:
    def __init__(self, data: memoryview, size: int, follow: "array[int]") -> None:
        self._data = data
        self._size = size
        self.follow = follow

    def sector(self, number: int) -> bytes:
        sector = bytes(self._data[number * self._size : (number + 1) * self._size])
        if not sector:
            raise refused("list_cut_off")
        return sector.ljust(self._size, b"\0")

    def chain(self, sector: int) -> bytes:
        read = []
        while sector < _NO_SECTOR:
            read.append(self.sector(sector))
            if sector >= len(self.follow) or len(read) > len(self.follow):
                raise refused("list_broken")
            sector = self.follow[sector]
        return b"".join(read)


def _entries(directory: bytes) -> Iterator[tuple[int, str, tuple[int, int]]]:
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        name, long, kind, start, size = struct.unpack_from("<64sHB49xLL", directory, at)
        told = name[: max(long - 2, 0)].decode("utf-16-le", errors="replace")
        yield kind, told, (start, size)
