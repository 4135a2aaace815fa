"""Reading a list of houses: a spreadsheet or a text table into rows of named cells."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter

from create_chats.asides import (
    is_aside,
    is_surely_house,
    may_be_title,
    place_above,
    tells_house,
)
from create_chats.columns import is_anybodys_phone, same
from create_chats.header import HEADER_WITHIN, Header, find_header, header_texts
from create_chats.refusals import RefusedListError, refused
from create_chats.spreadsheets import is_spreadsheet, sheets
from create_chats.tables import Table
from create_chats.text_tables import text_tables
from housechats.domain.address_words import says_nothing
from housechats.domain.limits import LARGEST_LIST

MOST_ROWS = 100_000
_LONGEST_SHEET = 1_048_576
"""Rows of a sheet in Excel; a file of more blank lines is not read to its end."""
_FIRST_ROWS = 20
"""Rows under the header that tell an empty column."""
_SOME_ROWS = 300
"""Rows that tell whether a sheet is a list of houses, and which of its columns are filled."""
_NOT_THE_LIST = re.compile(
    r"образец|пример|справочник|справка|инструкция|как (?:исправить|заполн)", re.IGNORECASE
)
"""How sheets are called that stand beside the list itself."""
_SHOWN_UNREAD = 10
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
    spare: Mapping[int, str] = field(default_factory=dict)
    """More columns that tell houses apart: what they say goes into the cell `part`, unless the
    column of their meaning is empty."""

    @property
    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Rows below the header by number; empty for a row that tells no house.

        A cell `under` has the place that stands as a title above the row. A list that proves
        too long or broken on the way raises RefusedListError.
        """
        fields = {place: name for name, place in self.places.items()}
        row_of = _row_reader(fields)
        cells_of = self.table.cells()
        lines = list(islice(cells_of, self.header))[-_HEADER_LINES:]
        headers = [row for cells in lines if (row := row_of(cells))]
        first, last = self.header + 1, self.header + MOST_ROWS
        under = ""
        for number, cells in enumerate(cells_of, first):
            row = row_of(cells)
            if self.spare:
                _add_spare(row, cells, self.spare)
            if not is_surely_house(row) and (may_be_title(row) or not tells_house(row)):
                texts = ["" if i in self.ours else cell.strip() for i, cell in enumerate(cells)]
                if not any(texts):
                    _check_blank(number)
                    continue  # blank rows at the end are no rows: they were emptied
                place = place_above(texts)
                under = place or under
                row = {} if place else _with_verdict(row, texts, fields)
            if number > last:
                raise refused("list_too_long")
            if first < number:
                yield from ((blank, {}) for blank in range(first, number))
            first = number + 1
            if row in headers:
                row = {}
            yield number, _under(under, row) if under else row


def _check_blank(number: int) -> None:
    if number > _LONGEST_SHEET:
        raise refused("list_too_long")


def _under(place: str, row: dict[str, str]) -> dict[str, str]:
    return {**row, "under": place} if row else row


def _with_verdict(
    row: dict[str, str], texts: Sequence[str], fields: Mapping[int, str]
) -> dict[str, str]:
    """Return a row with little said; empty when it tells no house."""
    if tells_house(row):
        return row
    if is_aside(texts, fields):
        return {}
    return row or dict.fromkeys(["address"], "")  # said nowhere we know: a verdict


def read(data: bytes) -> Listing:
    """Read a file; a list that cannot be read raises RefusedListError."""
    if not data.strip():
        raise refused("list_empty")
    if len(data) > LARGEST_LIST:
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
    below = list(islice(table.cells(), header.row, header.row + _SOME_ROWS))
    places = header.places(below[:_FIRST_ROWS])
    spare = header.spare(places)
    return Listing(
        columns=header.columns(places),
        places=places,
        header=header.row,
        table=table,
        remarks=(
            *_sheets_left(found, table),
            *_hidden_rows(header, table),
            *_phones_left(header),
            *_address_left(header, places, below),
            *_unread(header, {*places.values(), *spare}, below),
        ),
        ours=header.ours,
        spare=spare,
    )


def _richest(found: Sequence[tuple[Header, Table]]) -> tuple[Header, Table]:
    """Return the sheet with the houses: of those with most addresses the one that tells most."""
    found = [pair for pair in found if not pair[1].hidden] or found
    found = [pair for pair in found if not _NOT_THE_LIST.search(pair[1].name)] or found
    if len(found) == 1:
        return found[0]
    houses = [_houses(header, table) for header, table in found]
    most = max(houses)
    found = [pair for pair, number in zip(found, houses, strict=True) if number * 2 >= most]
    told = max(header.of_houses for header, _ in found)
    equals = [pair for pair in found if pair[0].of_houses == told]
    return equals[0] if len(equals) == 1 else max(equals, key=_length)


def _houses(header: Header, table: Table) -> int:
    """Return how many of the first rows of a sheet tell an address."""
    below = list(islice(table.cells(), header.row, header.row + _SOME_ROWS))
    places = header.places(below[:_FIRST_ROWS])
    row_of = _row_reader({place: name for name, place in places.items()})
    return sum(map(tells_house, map(row_of, below)))


def _length(pair: tuple[Header, Table]) -> int:
    _, table = pair
    return sum(any(cells) for cells in table.cells())


def _sheets_left(found: Sequence[tuple[Header, Table]], read_one: Table) -> Iterator[str]:
    left = ", ".join(
        f"«{table.name}»"
        for _, table in found
        if table is not read_one and not _NOT_THE_LIST.search(table.name)
    )
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


def _address_left(
    header: Header, places: Mapping[str, int], below: Sequence[Sequence[str]]
) -> Iterator[str]:
    """Say which of two addresses is read, where they are not the same."""
    read_one = places.get("address")
    for i in header.offices:
        yield f"Столбец «{header.words[i]}» стоит после организации и не прочитан: это её адрес."
    for i, name in enumerate(header.fields):
        if name != "address" or read_one is None or i == read_one:
            continue
        pairs = [
            {cells[read_one].strip(), cells[i].strip()}
            for cells in below
            if max(i, read_one) < len(cells)
        ]
        if any(len(pair) > 1 and "" not in pair for pair in pairs):
            yield (
                f"Адреса в столбцах {_named([header.words[read_one], header.words[i]])} разные. "
                f"Прочитан столбец {_named([header.words[read_one]])}."
            )


def _unread(
    header: Header, read_ones: Collection[int], below: Sequence[Sequence[str]]
) -> Iterator[str]:
    if words := header.unread(read_ones, below):
        more = len(words) - _SHOWN_UNREAD
        tail = f" и ещё {more}" if more > 0 else ""
        yield f"Не прочитаны столбцы: {_named(words[:_SHOWN_UNREAD])}{tail}."


def _named(words: Sequence[str]) -> str:
    return ", ".join(f"«{word[:_LONGEST_SHOWN]}»" for word in words)


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
    return refused("list_no_address", _named(seen[:_SHOWN_COLUMNS]))


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


_NAMES_OF_PLACES = {"locality", "street"}


def _add_spare(row: dict[str, str], cells: Sequence[str], spare: Mapping[int, str]) -> None:
    for place, name in spare.items():
        said = cells[place].strip() if place < len(cells) else ""
        if says_nothing(said):
            continue
        one, other = same(row.setdefault(name, said)), same(said)
        if one == other or (name in _NAMES_OF_PLACES and (one in other or other in one)):
            continue
        row["part"] = f"{row['part']}; {said}" if "part" in row else said
