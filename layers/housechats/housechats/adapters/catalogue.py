"""The catalogue: what lists show of a region's houses, kept in S3 and brought up to date."""

import json
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from operator import attrgetter
from threading import Lock
from typing import Any

from housechats.adapters.files import S3Files
from housechats.adapters.lines import all_lines, changes
from housechats.adapters.table import Table
from housechats.domain.houses import ChatState, HouseLine
from housechats.domain.listing import order, within
from housechats.domain.territories import Territory

FRESH_S = 5
"""How long lines serve the next requests: a list that is polled is read once."""
OVERLAP_S = 10
"""How far back of the last reading the log is read: clocks of two containers differ, and an index
or a read that is not consistent shows a write late, both by far less than this."""
FOLDED_ANEW_S = 3600
"""How long a copy of the index is believed: a change whose writer was killed before it told of it,
and that nobody came back to, is seen by then."""
FOLDED_AGAIN_S = 10
"""How often at most the index is read while a list makes many houses."""
CHANGES_KEPT = 200
"""How many changes are applied before the copy is written anew: who starts then reads few."""


class Shelf:
    """The lines of a region as they were at a moment."""

    def __init__(
        self,
        lines: Iterable[HouseLine],
        *,
        folded_at: float,
        read_to: float,
        many_at: float = 0,
    ) -> None:
        self.folded_at = folded_at
        self.read_to = read_to
        """Up to when the log was read."""
        self.many_at = many_at
        """When the log said last that there are many new houses."""
        self.unsaved = 0
        self._by_id = {line.id: line for line in lines}
        self._ordered: list[HouseLine] = []

    def put(self, line: HouseLine) -> None:
        """Keep a line unless it is older than the one that is there."""
        known = self._by_id.get(line.id)
        if known is None or known.told < line.told:
            self._by_id[line.id] = line
            self._ordered = []
            self.unsaved += 1

    def ordered(self) -> Sequence[HouseLine]:
        if not self._ordered:
            self._ordered = sorted(self._by_id.values(), key=order)
        return self._ordered

    def is_outdated(self, now: float) -> bool:
        """Tell whether the index is to be read anew."""
        # The index may have shown the last of many houses later than the log told of them.
        lacks_some = self.many_at + OVERLAP_S > self.folded_at
        age = now - self.folded_at
        return age > FOLDED_ANEW_S or (lacks_some and age >= FOLDED_AGAIN_S)


class DynamoCatalogue:
    """Keeps the lines of a region in memory, and a copy in S3 for containers that start."""

    def __init__(
        self, table: Table, files: S3Files, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._table = table
        self._files = files
        self._clock = clock
        self._shelves: dict[str, Shelf] = {}
        self._forgotten = False
        self._lock = Lock()

    def lines(self, territory: Territory) -> Sequence[HouseLine]:
        with self._lock:
            now = self._clock()
            shelf = self._shelves.get(territory.region)
            if shelf is None or self._forgotten or now - shelf.read_to > FRESH_S:
                shelf = self._shelves[territory.region] = self._current(territory.region, now)
                self._forgotten = False
            return within(shelf.ordered(), territory.prefix)

    def forget(self) -> None:
        self._forgotten = True

    def _current(self, region: str, now: float) -> Shelf:
        """Return the lines as they are: the container's own, else the copy's, else the index's."""
        for find in (self._shelves.get, self._copy_of):
            shelf = find(region)
            if shelf and not shelf.is_outdated(now):
                self._catch_up(region, shelf, now)
                if not shelf.is_outdated(now):
                    break
        else:
            shelf = Shelf(all_lines(self._table, region), folded_at=now, read_to=now)
            self._catch_up(region, shelf, now)
            shelf.unsaved = CHANGES_KEPT
        if shelf.unsaved >= CHANGES_KEPT:
            self._keep(region, shelf)
        return shelf

    def _catch_up(self, region: str, shelf: Shelf, now: float) -> None:
        since = shelf.read_to - OVERLAP_S
        noted = changes(self._table, region, since=since, consistent=self._forgotten)
        for change in noted:
            if change.line:
                shelf.put(change.line)
            else:
                shelf.many_at = max(shelf.many_at, change.at)
        shelf.read_to = now

    def _copy_of(self, region: str) -> Shelf | None:
        """Return the copy in S3, if it is there and has what lines have today."""
        packed = self._files.get(f"catalogue/{region}.json.zlib")
        kept: dict[str, Any] = json.loads(zlib.decompress(packed)) if packed else {}
        if kept.get("fields") != list(FIELDS):
            return None
        return Shelf(
            map(_line, kept["lines"]),
            folded_at=kept["folded_at"],
            read_to=kept["read_to"],
            many_at=kept["many_at"],
        )

    def _keep(self, region: str, shelf: Shelf) -> None:
        """Keep a copy; two containers may overwrite each other's, both are true."""
        kept = {
            "fields": FIELDS,
            "folded_at": shelf.folded_at,
            "read_to": shelf.read_to,
            "many_at": shelf.many_at,
            "lines": [_row(line) for line in shelf.ordered()],
        }
        text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
        body = zlib.compress(text.encode(), level=1)
        self._files.put(f"catalogue/{region}.json.zlib", body, content_type="application/zlib")
        shelf.unsaved = 0


FIELDS = tuple(field.name for field in fields(HouseLine))
_TUPLES = [place for place, field in enumerate(fields(HouseLine)) if field.default == ()]
_STATE = FIELDS.index("state")
_STATES = {str(state): state for state in ChatState}
_row = attrgetter(*FIELDS)


def _line(row: list[Any]) -> HouseLine:
    for place in _TUPLES:
        row[place] = tuple(row[place])
    row[_STATE] = _STATES[row[_STATE]]
    return HouseLine(*row)
