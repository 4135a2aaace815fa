"""Spreadsheets: the sheets of a workbook as tables.

A workbook is opened by another process (`unpack`): a file that is made to take all memory, all
time, or to break the reader takes that process only. No secret of ours is given to it.
"""

import marshal
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from create_chats.cell_blocks import PLACE, READY, SEPARATOR, unpacked
from create_chats.refusals import RefusedListError, refused
from create_chats.tables import Table, as_text

LONGEST = 20
"""Seconds until the other process is stopped; of a processor it may use fewer."""
_SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_START = "import sys; sys.path[:] = sys.argv[1:]; from create_chats import unpack; unpack.main()"
_KEPT = ("LD_LIBRARY_PATH",)
"""Without it Lambda's Python does not find itself."""


def is_spreadsheet(data: bytes) -> bool:
    return data.startswith(_SIGNATURES)


def sheets(data: bytes) -> list[Table]:
    file = _Cells()
    command = [sys.executable, "-I", "-S", "-c", _START, *filter(None, sys.path)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and code
            command,
            input=data,
            stdout=file.fileno,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
            timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise refused("list_too_vast") from error
    if not file.is_ready():
        raise RuntimeError(f"the reader of workbooks did not start: exit {done.returncode}")
    if done.returncode:
        raise refused("list_too_vast")
    index = file.index()
    if "refused" in index:
        raise RefusedListError(*index["refused"])
    return [
        Table(partial(file.rows, blocks), name, hidden, frozenset(hidden_rows))
        for name, hidden, hidden_rows, blocks in index["sheets"]
    ]


class _Cells:
    """What the other process wrote: a file without a name, gone with the last table."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - read as long as there are tables
        self.fileno = self._file.fileno()

    def __del__(self) -> None:
        self._file.close()

    def is_ready(self) -> bool:
        return os.pread(self.fileno, len(READY), 0) == READY

    def index(self) -> dict[str, Any]:
        end = os.fstat(self.fileno).st_size - PLACE
        at = int.from_bytes(os.pread(self.fileno, PLACE, end), "little")
        index: dict[str, Any] = marshal.loads(os.pread(self.fileno, end - at, at))  # noqa: S302
        return index

    def rows(self, blocks: Sequence[tuple[int, int]]) -> Iterator[Sequence[str]]:
        for at, size in blocks:
            columns = unpacked(os.pread(self.fileno, size, at))
            yield from zip(*map(_texts, columns), strict=True)


def _texts(column: str | list[object]) -> Iterator[str] | list[str]:
    """Return what a person sees in the cells; a column that is plain text is asked only once."""
    if isinstance(column, list):
        return map(as_text, column)
    cells = column.split(SEPARATOR)
    if column.isprintable() and f".0{SEPARATOR}" not in column and not column.endswith(".0"):
        return cells
    return map(as_text, cells)
