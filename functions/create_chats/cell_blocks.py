"""Blocks of rows on their way from one process to another, column by column.

Twice as fast on both sides as cell by cell.
"""

import marshal
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

READY = b"ready"
"""Said before a foreign byte is read: without it, the machine failed and not the file."""
PLACE = 8
"""Bytes at the very end, that say where the index of the blocks is."""
SEPARATOR = "`"
"""Between the cells of a column of texts; printable, so that a whole column can be asked."""
NOT_COUNTED = "#ФОРМУЛА!"
"""What stands for a formula that the program which wrote it never counted."""
_OF_DATE = 3


def packed(block: Sequence[Sequence[object]]) -> bytes:
    # Version 2: later ones look every object up, to write it once.
    return marshal.dumps([_packed(cells) for cells in zip(*block, strict=True)], 2)


def unpacked(block: bytes) -> list[str | list[object]]:
    """Return columns: texts joined into one, or single cells."""
    columns = marshal.loads(block)  # noqa: S302 - our own process wrote it
    return [[*map(_dated, cells)] if isinstance(cells, tuple) else cells for cells in columns]


def _packed(cells: Sequence[object]) -> str | list[object] | tuple[object, ...]:
    try:
        text = SEPARATOR.join(cells)  # type: ignore[arg-type]  # most often it is right
    except TypeError:
        if {type(cell) for cell in cells} <= {str, float, int, bool}:
            return list(cells)
        return tuple(map(_plain, cells))
    return text if text.count(SEPARATOR) == len(cells) - 1 else list(cells)


def _plain(cell: object) -> object:
    if isinstance(cell, datetime):
        return cell.timetuple()[:6]
    if isinstance(cell, date):
        return cell.timetuple()[:_OF_DATE]
    if isinstance(cell, time):
        return cell.strftime("%H:%M:%S").removesuffix(":00")
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    return cell


def _dated(cell: object) -> object:
    if not isinstance(cell, tuple):
        return cell
    # A cell's time is of no zone.
    return date(*cell) if len(cell) == _OF_DATE else datetime(*cell)  # noqa: DTZ001
