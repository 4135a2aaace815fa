"""Tables: what files of lists hold, before anything in them is understood."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts, from row 1; read anew each time."""

    cells: Callable[[], Iterator[Sequence[str]]]
    """Each as `as_text` leaves it, but for spaces at its ends."""
    name: str = ""
    """The sheet's own name; empty for a text table."""
    hidden: bool = False
    """Whether the sheet is hidden from people."""
    hidden_rows: frozenset[int] = frozenset()


_SPACES = re.compile(r"[^\S\n]+")
_WHOLE = re.compile(r"(\d+)\.0")


def as_text(cell: object) -> str:
    """Return what a person sees in a cell; a number that a reader turned into 12.0 is 12.

    Line breaks stay, for a cell may hold an address in lines; so do invisible characters.
    """
    if isinstance(cell, str):
        return _plain(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "да" if cell else "нет"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{Decimal(repr(cell)):f}"
    if isinstance(cell, datetime):
        return cell.strftime("%d.%m.%Y" if cell.time() == time() else "%d.%m.%Y %H:%M")
    if isinstance(cell, date):
        return cell.strftime("%d.%m.%Y")
    return str(cell)


def _plain(text: str) -> str:
    text = text.strip()
    if not text.isprintable():
        text = _SPACES.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    if text.endswith(".0") and (whole := _WHOLE.fullmatch(text)):
        return whole[1]
    return text
