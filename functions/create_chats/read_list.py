"""Reading a list of houses: a spreadsheet or a text table into rows of named cells."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from create_chats.columns import places_of, tell_addresses
from create_chats.refusals import refused
from create_chats.spreadsheets import is_spreadsheet, sheets
from create_chats.tables import Table
from create_chats.text_tables import text_tables
from create_chats.uploads import LARGEST

MOST_ROWS = 100_000
HEADER_WITHIN = 20
"""Titles and notes above the header take fewer rows than that."""

_TOTAL = re.compile(r"(?:итого|всего)\b", re.IGNORECASE)
_SHOWN_COLUMNS = 20


@dataclass(frozen=True, slots=True)
class Listing:
    """A list whose header is understood."""

    columns: Mapping[str, str]
    """Our name of a column: the clerk's own header."""
    places: Mapping[str, int]
    header: int
    """The last row of the header, as the spreadsheet program counts."""
    table: Table
    remarks: tuple[str, ...] = ()
    """Russian sentences about the file as a whole, such as which of its sheets was read."""

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
    tables = sheets(data) if is_spreadsheet(data) else text_tables(data)
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
