"""Reading a list of houses: a spreadsheet or a text table into rows of named cells."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter

from create_chats.asides import is_aside, is_surely_house, tells_house
from create_chats.columns import is_anybodys_phone
from create_chats.header import HEADER_WITHIN, Header, find_header, header_texts
from create_chats.refusals import RefusedListError, refused
from create_chats.spreadsheets import is_spreadsheet, sheets
from create_chats.tables import Table
from create_chats.text_tables import text_tables
from create_chats.uploads import LARGEST

MOST_ROWS = 100_000
_LONGEST_SHEET = 1_048_576
"""Rows of a sheet in Excel; a file of more blank lines is not read to its end."""
_FIRST_ROWS = 20
"""Rows under the header that tell an empty column."""
_HEADER_LINES = 2
_SHOWN_COLUMNS = 20
_LONGEST_SHOWN = 40


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
    ours: frozenset[int] = frozenset()
    """Columns that we added when we returned the list: they are no data."""

    @property
    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Rows below the header by number; empty for a row that tells no house.

        A list that proves too long or broken on the way raises RefusedListError.
        """
        fields = {place: name for name, place in self.places.items()}
        row_of = _row_reader(fields)
        cells_of = self.table.cells()
        lines = list(islice(cells_of, self.header))[-_HEADER_LINES:]
        headers = [row for cells in lines if (row := row_of(cells))]
        first, last = self.header + 1, self.header + MOST_ROWS
        for number, cells in enumerate(cells_of, first):
            row = row_of(cells)
            if not is_surely_house(row) and not tells_house(row):
                texts = ["" if i in self.ours else cell.strip() for i, cell in enumerate(cells)]
                if not any(texts):
                    if number > _LONGEST_SHEET:
                        raise refused("list_too_long")
                    continue  # blank rows at the end are no rows: they were emptied
                if is_aside(texts, fields):
                    row = {}
                elif not row:
                    row = dict.fromkeys(["address"], "")  # said nowhere we know: a verdict
            if number > last:
                raise refused("list_too_long")
            while first < number:
                yield first, {}
                first += 1
            first += 1
            yield number, {} if row in headers else row


def read(data: bytes) -> Listing:
    """Read a file; a list that cannot be read raises RefusedListError."""
    if not data.strip():
        raise refused("list_empty")
    if len(data) > LARGEST:
        raise refused("list_too_big")
    tables = sheets(data) if is_spreadsheet(data) else text_tables(data)
    found = [
        (header, table)
        for table in tables
        if (header := find_header(islice(table.cells(), HEADER_WITHIN)))
    ]
    if not found:
        raise _without_address(tables)
    header, table = _richest(found)
    below = list(islice(table.cells(), header.row, header.row + _FIRST_ROWS))
    places = header.places(below)
    return Listing(
        columns=header.columns(places),
        places=places,
        header=header.row,
        table=table,
        remarks=(*_sheets_left(found, table), *_hidden_rows(header, table), *_phones_left(header)),
        ours=header.ours,
    )


def _richest(found: Sequence[tuple[Header, Table]]) -> tuple[Header, Table]:
    """Return the sheet that knows most of its houses, of equals the one with more rows."""
    found = [pair for pair in found if not pair[1].hidden] or found
    most = max(header.richness[0] for header, _ in found)
    equals = [pair for pair in found if pair[0].richness[0] == most]
    return equals[0] if len(equals) == 1 else max(equals, key=_length)


def _length(pair: tuple[Header, Table]) -> int:
    _, table = pair
    return sum(any(cells) for cells in table.cells())


def _sheets_left(found: Sequence[tuple[Header, Table]], read_one: Table) -> Iterator[str]:
    left = ", ".join(f"«{table.name}»" for _, table in found if table is not read_one)
    if left:
        yield (
            f"Прочитан лист «{read_one.name}». Другие листы с адресами не прочитаны: {left}. "
            "Если дома есть и там, загрузите каждый лист отдельным файлом."
        )


def _hidden_rows(header: Header, table: Table) -> Iterator[str]:
    if hidden := sum(number > header.row for number in table.hidden_rows):
        yield f"Скрытые строки тоже прочитаны: {hidden}."


def _phones_left(header: Header) -> Iterator[str]:
    """Say of a phone that it was taken for an organisation's, where no other is the elder's."""
    if header.grouped or "elder_phone" in header.fields:
        return
    for words in filter(is_anybodys_phone, header.words):
        yield (
            f"Столбец «{words}» стоит после организации и прочитан как её телефон. Если это "
            "телефон старшего, назовите столбец «Телефон старшего»."
        )


def _without_address(tables: Sequence[Table]) -> RefusedListError:
    """Return a refusal that names the columns: of the row with most of them."""
    seen: list[str] = []
    for table in tables:
        for cells in islice(table.cells(), HEADER_WITHIN):
            words = [word for word in header_texts(cells) if word]
            if len(words) > len(seen):
                seen = words
    if not seen:
        return refused("list_empty")
    shown = ", ".join(f"«{word[:_LONGEST_SHOWN]}»" for word in seen[:_SHOWN_COLUMNS])
    return refused("list_no_address", shown)


def _row_reader(fields: Mapping[int, str]) -> Callable[[Sequence[str]], dict[str, str]]:
    """Return what makes named texts of a row's cells, without the empty ones.

    Nothing is called for a cell: of most rows this is all that is done.
    """
    places = sorted(fields)
    names = [fields[place] for place in places]
    pick = itemgetter(*places, places[-1])  # of one place alone it would return no row
    width = places[-1] + 1

    def row_of(cells: Sequence[str]) -> dict[str, str]:
        if len(cells) < width:
            cells = [*cells, *[""] * (width - len(cells))]
        row = dict(zip(names, map(str.strip, pick(cells)), strict=False))
        return {name: said for name, said in row.items() if said} if "" in row.values() else row

    return row_of
