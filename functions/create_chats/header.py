"""The header of a list: found under titles, in one line or in two."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from create_chats.columns import (
    ORGANISATIONS,
    field_under,
    fields_of,
    is_address,
    is_anybodys_phone,
    is_organisation,
    is_ours,
    is_row_number,
    is_vague,
    may_tell_house,
    tell_addresses,
)

HEADER_WITHIN = 20
"""Titles and notes above the header take fewer rows than that."""
_OF_HOUSES = frozenset(
    ["locality", "street", "house", "fraction", "house_letter", "block", "building", "letter"]
)
"""Of what tells houses apart no second column is left unread."""
_NO_RICHNESS = {"", "elder_phone", *ORGANISATIONS, *(f"{kind}_inn" for kind in ORGANISATIONS)}
"""Fields that a list of organisations has too."""
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
    of_others: frozenset[int] = frozenset()
    """Columns under an organisation that are nothing of the house's: its office, its phone."""

    @property
    def richness(self) -> tuple[int, bool]:
        return len({*self.fields} - {""}), self.grouped

    @property
    def of_houses(self) -> int:
        """Return how much the list tells of houses."""
        return len({*self.fields} - _NO_RICHNESS)

    @property
    def ours(self) -> frozenset[int]:
        """Columns that we wrote ourselves into a list which we returned."""
        return frozenset(i for i, words in enumerate(self.words) if is_ours(words))

    @property
    def offices(self) -> list[int]:
        """Return where addresses of organisations stand."""
        words = enumerate(self.words)
        return [i for i, said in words if is_address(said) and not self.fields[i]]

    def places(self, below: Sequence[Sequence[str]]) -> dict[str, int]:
        """Return where each field stands.

        Of two columns with one meaning that with the more exact name, else the first, unless the
        first rows have only the other.
        """
        places: dict[str, int] = {}
        for i in sorted(range(len(self.fields)), key=lambda i: is_vague(self.words[i])):
            name = self.fields[i]
            if name and (name not in places or _only_other(below, places[name], i)):
                places[name] = i
        strange = [i for i, words in enumerate(self.words) if self._may_tell_house(i, words)]
        if strange and "address" not in places:
            places.setdefault("part", strange[0])
        return places

    def spare(self, places: Mapping[str, int]) -> dict[int, str]:
        """Return the columns that tell houses apart too, beside those of their meaning."""
        if "address" in places:
            return {}
        taken = {*places.values()}
        found: dict[int, str] = {}
        for i, words in enumerate(self.words):
            name = "part" if self._may_tell_house(i, words) else self.fields[i]
            if i not in taken and (name == "part" or name in _OF_HOUSES):
                found[i] = name
        return found

    def _may_tell_house(self, place: int, words: str) -> bool:
        if self.fields[place] or place in self.of_others or is_ours(words):
            return False
        return may_tell_house(words.rpartition(": ")[2])

    def unread(self, read: Collection[int], below: Sequence[Sequence[str]]) -> list[str]:
        """Return the clerk's names of filled columns that nobody has an idea of."""
        known = {*read, *self.ours, *self.of_others, *self.offices}
        return [
            words
            for i, words in enumerate(self.words)
            if words and i not in known and _any_text(below, i)
            if not is_row_number(words) and not is_anybodys_phone(words)
        ]

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
    others: set[int] = set()
    group, grouped = "", False
    alone = fields_of(lower)
    for i, (over, under, plain) in enumerate(zip_longest(upper, lower, alone, fillvalue="")):
        if over:
            # A cell that is merged downwards is a column's name, and no group.
            group = over if under else ""
        field, decided = field_under(group, under) if group and under else (plain, False)
        grouped |= decided and bool(field)
        if decided and not field and is_organisation(group):
            others.add(i)
        fields.append(field)
        above.append("" if under else over)
        words.append(f"{group}: {under}" if group and under else under or over)
    merged = fields_of(above)
    both = [field or other for field, other in zip(fields, merged, strict=True)]
    return Header(row, words, both, grouped, frozenset(others))


def _only_other(rows: Sequence[Sequence[str]], first: int, other: int) -> bool:
    return not _any_text(rows, first) and _any_text(rows, other)


def _any_text(rows: Sequence[Sequence[str]], place: int) -> bool:
    return any(cells[place].strip() for cells in rows if place < len(cells))
