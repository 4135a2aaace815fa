"""The process in which foreign workbooks are opened: it may be killed, its parent may not.

Bytes come by standard input; the cells go to standard output, block by block, then an index of
the blocks, then the place of that index. A limit that is passed ends the process, nothing else.
"""

import gc
import marshal
import os
import resource
import sys
from collections.abc import Iterable, Iterator, Sequence
from io import BufferedWriter, BytesIO
from itertools import islice

from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from create_chats.cell_blocks import PLACE, READY, packed
from create_chats.old_workbooks import OLE, SheetNotes, notes_of
from create_chats.refusals import RefusedListError, refused
from create_chats.zipped_workbooks import checked_copy

MEMORY = 448 * 2**20
"""Of addresses; what is used is less by the 40 MB of libraries that are only mapped.

100,000 rows of 30 columns with a million and a half different texts take 420 MB.
"""
SECONDS = 15
"""Of a processor; 100,000 rows of ten columns take 1.5."""
OUTPUT = 256 * 2**20
"""Of scratch and of answer each, as Lambda's /tmp holds 512 MB."""
ROWS_OF_BLOCK = 200
OPEN_FILES = "/dev/fd" if sys.platform == "darwin" else "/proc/self/fd"


def main() -> None:
    _limit()
    gc.disable()
    out = os.fdopen(sys.stdout.fileno(), "wb", closefd=False)
    out.write(READY)
    out.flush()
    try:
        index: dict[str, object] = {"sheets": _unpacked(out)}
    except RefusedListError as refusal:
        index = {"refused": (refusal.code, refusal.message)}
    except (MemoryError, OSError):
        # The limit of output is an OSError.
        os._exit(1)
    except BaseException:  # noqa: BLE001 - what foreign bytes break, panics of Rust included
        broken = refused("list_broken")
        index = {"refused": (broken.code, broken.message)}
    at = out.tell()
    out.write(marshal.dumps(index))
    out.write(at.to_bytes(PLACE, "little"))
    out.flush()
    # Nothing is to be tidied up, and giving back a million cells takes time.
    os._exit(0)


def _limit() -> None:
    limits = {
        resource.RLIMIT_CPU: SECONDS,
        resource.RLIMIT_FSIZE: OUTPUT,
        # A core dump would keep what is personal.
        resource.RLIMIT_CORE: 0,
    }
    if sys.platform != "darwin":  # which refuses to limit memory
        limits[resource.RLIMIT_AS] = MEMORY
    for limit, most in limits.items():
        resource.setrlimit(limit, (most, most))


def _unpacked(out: BufferedWriter) -> list[tuple[object, ...]]:
    """Return the sheets: name, whether hidden, hidden rows, places of the blocks of cells."""
    sheets: list[tuple[object, ...]] = []
    try:
        book, notes = _opened()
        for place, about in enumerate(book.sheets_metadata):
            if about.typ == SheetTypeEnum.WorkSheet:
                of_sheet = notes[place] if place < len(notes) else SheetNotes()
                rows = _rows(book.get_sheet_by_index(place), of_sheet.errors)
                hidden = about.visible != SheetVisibleEnum.Visible
                blocks = list(_written(rows, out))
                sheets.append((about.name, hidden, sorted(of_sheet.hidden_rows), blocks))
    except PasswordError as error:
        raise refused("list_password") from error
    if not sheets:
        raise refused("list_no_sheets")
    return sheets


def _opened() -> tuple[CalamineWorkbook, list[SheetNotes]]:
    data = sys.stdin.buffer.read()
    if data.startswith(OLE):
        notes = notes_of(data)
        return CalamineWorkbook.from_filelike(BytesIO(data)), notes
    copy, hidden = checked_copy(data)
    # By its path: what is given as an object is first read into memory as a whole.
    book = CalamineWorkbook.from_path(f"{OPEN_FILES}/{copy.fileno()}")
    return book, [SheetNotes(rows) for rows in hidden]


def _rows(sheet: CalamineSheet, errors: dict[int, dict[int, str]]) -> Iterator[Sequence[object]]:
    """Rows from the sheet's first, cells from column A: the reader leaves out empty columns."""
    before: list[object] = [""] * (sheet.start[1] if sheet.start else 0)
    for number, cells in enumerate(sheet.iter_rows()):
        row = before + cells if before else cells
        for column, said in errors.get(number, {}).items() if errors else ():
            if column < len(row):
                row[column] = said
        yield row


def _written(rows: Iterable[Sequence[object]], out: BufferedWriter) -> Iterator[tuple[int, int]]:
    rows = iter(rows)
    while block := list(islice(rows, ROWS_OF_BLOCK)):
        at = out.tell()
        yield at, out.write(packed(block))
