"""What stands where in the workbook that comes back: the clerk's columns, and ours beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from create_chats.columns import FIELDS, OURS
from create_chats.header import header_texts
from create_chats.read_list import Listing
from create_chats.workbooks import MOST_COLUMNS

Mended = Mapping[int, Mapping[str, str]]
"""What people wrote in rows since the list came, by our names of columns."""

OWN = tuple(OURS.values())

_WIDTH_FROM = 300
"""Rows that tell how wide the columns are to be."""
_NARROWEST, _WIDEST = 9, 46
_OWN_WIDTHS = (20, 52, 32)


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everything stands in the workbook."""

    headed_from: int
    """The first row of the header: the upper of two, or the only one."""
    kept: Sequence[int]
    """The clerk's columns, without those of an earlier workbook of ours."""
    added: Sequence[str]
    """Our names of columns that the list lacks and people filled when they mended rows."""
    places: Mapping[str, int]
    """Where our names of columns stand now."""
    by_header: Mapping[str, int]
    """The same by the headers that problems name."""
    widths: Sequence[int]

    @property
    def own(self) -> int:
        """Return where our columns begin."""
        return len(self.kept) + len(self.added)


def plan_of(listing: Listing, mended: Mended) -> Plan:
    filled = {name for cells in mended.values() for name, said in cells.items() if said}
    added = [name for name in FIELDS if name in filled and name not in listing.places]
    headed_from = _headed_from(listing)
    dropped = _of_earlier_workbook(header_texts(_row(listing, headed_from)))
    most = MOST_COLUMNS - len(added) - len(OWN)
    kept = [i for i in range(_width(listing)) if i not in dropped][:most]
    now_at = {before: now for now, before in enumerate(kept)}
    places = {name: now_at[place] for name, place in listing.places.items() if place in now_at}
    by_header = {listing.columns[name]: place for name, place in reversed(places.items())}
    places |= {name: len(kept) + i for i, name in enumerate(added)}
    by_header |= {FIELDS[name][0]: places[name] for name in added}
    widths = _widths(listing, kept, added)
    return Plan(headed_from, kept, added, places, by_header, widths)


def _row(listing: Listing, number: int) -> Sequence[str]:
    return next(islice(listing.table.cells(), number - 1, None), [])


def _headed_from(listing: Listing) -> int:
    """Return the upper row of a header of two lines: it has words of the columns' names."""
    words = dict(enumerate(header_texts(_row(listing, listing.header))))
    alone = all(words.get(listing.places[name]) == said for name, said in listing.columns.items())
    return listing.header if alone or listing.header == 1 else listing.header - 1


def _width(listing: Listing) -> int:
    """Return how many columns say something in some row."""
    width = 0
    for cells in listing.table.cells():
        for i in range(len(cells) - 1, width - 1, -1):
            if cells[i].strip():
                width = i + 1
                break
    return width


def _of_earlier_workbook(headers: Sequence[str]) -> range:
    """Return where our columns stand in a list that came out of an earlier workbook."""
    for first in range(len(headers) - len(OWN), -1, -1):
        if tuple(headers[first : first + len(OWN)]) == OWN:
            return range(first, first + len(OWN))
    return range(0)


def _widths(listing: Listing, kept: Sequence[int], added: Sequence[str]) -> list[int]:
    longest = [_NARROWEST] * len(kept)
    for cells in islice(listing.table.cells(), listing.header - 1, listing.header + _WIDTH_FROM):
        for now, before in enumerate(kept):
            if before < len(cells):
                lines = cells[before].strip().split("\n")
                longest[now] = max(longest[now], *(len(line) + 2 for line in lines))
    widths = [min(each, _WIDEST) for each in longest]
    return [*widths, *(len(FIELDS[name][0]) + 2 for name in added), *_OWN_WIDTHS]
