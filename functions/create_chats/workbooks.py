"""Workbooks that we write: every cell is a text, and no text of them can run."""

import re
from collections.abc import Iterable

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

ROW_BY_ROW = {"constant_memory": True}
"""How a workbook is written: rows that are done take no memory."""
LONGEST_TEXT = 32_767
"""Characters of a cell, as UTF-16 counts them (Excel specifications and limits)."""
MOST_COLUMNS = 16_384
_A4, _NEVER = 9, 0
_FITS = 1.25
"""Letters for a unit of a column's width: narrow ones are many, and lines break between words."""
_HIGHEST = 409
"""Points (Excel specifications and limits)."""
_COMMENT_WIDTH = 42
_LONGEST_NAME = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML forbids, and the rest of the control characters."""

TITLE = {"num_format": "@", "font_name": "Arial", "font_size": 10}
"""«5/11» stays what it is when a person types it, and does not become the 5th of November.

Every office has this font or one of its measures, on Linux too."""
TEXT = TITLE | {"valign": "top", "text_wrap": True}
HEADER = TEXT | {"bold": True, "bg_color": "#DDE3EC", "border": 1, "border_color": "#9AA5B5"}


def harmless(text: str) -> str:
    """Return a text that a cell can hold: no control characters, and no more than fits."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) <= LONGEST_TEXT // 2:
        return text
    return text.encode("utf-16-le")[: LONGEST_TEXT * 2].decode("utf-16-le", "ignore")


def put(sheet: Worksheet, row: int, column: int, text: str, look: Format) -> None:
    """Write a text as a text, whatever it begins with; an empty one leaves the cell alone."""
    if text := harmless(text):
        sheet.write_string(row, column, text, look)


def lines_of(text: str, width: int) -> int:
    """Return how many lines a text takes in a column: words that do not fit go to the next."""
    if len(text) < width and "\n" not in text:
        return 1
    return sum(int(len(line) / (width * _FITS)) + 1 for line in text.split("\n"))


def height_of(lines: int) -> float:
    """Return the height of a row. LibreOffice shows one line of a row that has none of its own."""
    return min(lines * 13 + 2, _HIGHEST)


def comment(sheet: Worksheet, row: int, column: int, text: str) -> None:
    said = harmless(text)
    lines = lines_of(said, _COMMENT_WIDTH)
    look = {"width": 7 * _COMMENT_WIDTH, "height": 17 * lines + 8, "font_size": 9, "author": ""}
    sheet.write_comment(row, column, said, look)


def set_choices(
    sheet: Worksheet, rows: tuple[int, int], column: int, choices: list[str] | str
) -> None:
    """Offer choices in the cells of a column; whoever knows better may write something else."""
    first, last = rows
    offer = {"validate": "list", "source": choices, "show_error": False}
    sheet.data_validation(first, column, last, column, offer)


def show_texts_only(sheet: Worksheet) -> None:
    """Keep Excel from marking numbers that are texts, and the paper from being cut."""
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.hide_gridlines(_NEVER)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)


def sheet_name(wanted: str, *, otherwise: str, taken: Iterable[str] = ()) -> str:
    """Return a name that a sheet may have, as near to the wanted one as can be."""
    name = _NOT_IN_NAMES.sub(" ", harmless(wanted)).strip("' \n\t")[:_LONGEST_NAME].strip("' ")
    # «History» is a name that Excel keeps for itself.
    forbidden = {"", "history", *(each.lower() for each in taken)}
    return otherwise if name.lower() in forbidden else name
