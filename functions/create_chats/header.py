"""The header of a list: found under titles, in one line or in two."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from create_chats.columns import field_under, fields_of, is_ours, tell_addresses

HEADER_WITHIN = 20
"""Titles and notes above the header take fewer rows than that."""
MOST_COLUMNS = 1_000
"""A sheet has up to 16,384 of them; no list of houses comes near."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the columns of a table hold."""

    row: int
    """Its last row, as the spreadsheet program counts."""
    words: Sequence[str]
    """The clerk's own, of each column; of two lines both."""
    fields: Sequence[str]
    """Our names of the columns; empty for one that we do not know."""
    grouped: bool = False
    """Whether words of an upper line decided."""

    @property
    def richness(self) -> tuple[int, bool]:
        return len({*self.fields} - {""}), self.grouped

    @property
    def ours(self) -> frozenset[int]:
        """Columns that we wrote ourselves into a list which we returned."""
        return frozenset(i for i, words in enumerate(self.words) if is_ours(words))

    def places(self, below: Sequence[Sequence[str]]) -> dict[str, int]:
        """Return where each field stands.

        Of two columns with one meaning the first, unless the first rows have only the other.
        """
        places: dict[str, int] = {}
        for i, name in enumerate(self.fields):
            if name and (name not in places or _only_other(below, places[name], i)):
                places[name] = i
        return places

    def columns(self, places: Mapping[str, int]) -> dict[str, str]:
        return {name: self.words[place] for name, place in places.items()}


def find_header(rows: Iterable[Sequence[str]]) -> Header | None:
    """Return the richest header within the first rows of a table."""
    best: Header | None = None
    upper: list[str] = []
    for number, cells in enumerate(rows, start=1):
        if number > HEADER_WITHIN:
            break
        lower = header_texts(cells)
        for header in (_one_line(number, lower), _two_lines(number, upper, lower)):
            if not tell_addresses(dict.fromkeys(header.fields)):
                continue
            # The upper line says whose phone it is: the lower one alone would be misread.
            own_upper = header.grouped and best and best.row == number and not best.grouped
            if not best or own_upper or header.richness > best.richness:
                best = header
        upper = lower
    return best


def header_texts(cells: Sequence[str]) -> list[str]:
    """Return the words of a line without hyphenation and invisible characters."""
    return [_words(cell.strip()) if cell else "" for cell in cells[:MOST_COLUMNS]]


def _words(text: str) -> str:
    if not text.isprintable():
        text = text.replace("-\n", "")
        text = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in {"Cf", "Cc"})
    return " ".join(text.split())


def _one_line(row: int, texts: Sequence[str]) -> Header:
    return Header(row, texts, fields_of(texts))


def _two_lines(row: int, upper: Sequence[str], lower: Sequence[str]) -> Header:
    """Read a line under a line of groups: a merged cell has its text in its first column only."""
    fields: list[str] = []
    words: list[str] = []
    above: list[str] = []
    group, grouped = "", False
    alone = fields_of(lower)
    for over, under, plain in zip_longest(upper, lower, alone, fillvalue=""):
        if over:
            # A cell that is merged downwards is a column's name, and no group.
            group = over if under else ""
        field, decided = field_under(group, under) if group and under else (plain, False)
        grouped |= decided and bool(field)
        fields.append(field)
        above.append("" if under else over)
        words.append(f"{group}: {under}" if group and under else under or over)
    merged = fields_of(above)
    return Header(
        row, words, [field or other for field, other in zip(fields, merged, strict=True)], grouped
    )


def _only_other(rows: Sequence[Sequence[str]], first: int, other: int) -> bool:
    return not _any_text(rows, first) and _any_text(rows, other)


def _any_text(rows: Sequence[Sequence[str]], place: int) -> bool:
    return any(cells[place].strip() for cells in rows if place < len(cells))
