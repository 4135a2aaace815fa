"""Use cases: list the houses of a territory, find some, count them by state."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Lock

from housechats.domain.houses import HouseLine
from housechats.domain.territories import Territory
from housechats.ports.houses import Houses

FRESH_S = 5
"""How long folded pages serve the next requests: a list that is polled is read once."""
WAITING = "waiting"
"""Shown instead of the state of a house that waits for a time that VK set."""


@dataclass(frozen=True, slots=True)
class HousePage:
    """A page of houses, and how many there are in each state."""

    items: list[HouseLine]
    next_cursor: str
    """Give it back for the next page; empty on the last one."""
    total: int
    """Houses that match the search and the state asked for."""
    counts: dict[str, int]
    """Houses that match the search, by state."""


class Catalogue:
    """Folds a territory's index in memory and keeps it for a few seconds."""

    def __init__(self, houses: Houses, *, clock: Callable[[], float]) -> None:
        self._houses = houses
        self._clock = clock
        self._kept: dict[str, tuple[float, list[HouseLine]]] = {}
        self._lock = Lock()

    def lines(self, territory: Territory) -> list[HouseLine]:
        """Return all houses of a territory, at most five seconds old."""
        with self._lock:
            at, lines = self._kept.get(territory.oktmo, (-math.inf, []))
            if self._clock() - at > FRESH_S:
                at, lines = self._clock(), self._houses.lines(territory)
                # A list's territory and its reader's, polled in turn, are two.
                kept = [*self._kept.items()][-1:]
                self._kept = dict(kept) | {territory.oktmo: (at, lines)}
            return lines

    def forget(self) -> None:
        """Read anew next time: who made a house looks for it in the list at once."""
        with self._lock:
            self._kept = {}

    def page(
        self, territory: Territory, *, text: str, state: str, cursor: str, limit: int
    ) -> HousePage:
        """Return a page of the houses whose titles have all words of the text.

        LookupError for a cursor that is none of ours.
        """
        found = [line for line in self.lines(territory) if matches(line.title, text)]
        counts = count(found)
        chosen = [line for line in found if not state or state_of(line) == state]
        # The last house of a page may have another state by now: its place is among all found.
        after = {line.id for line in found[_place_after(cursor, found) :]}
        left = [line for line in chosen if line.id in after]
        items = left[:limit]
        return HousePage(items, items[-1].id if len(left) > limit else "", len(chosen), counts)


def count(lines: Iterable[HouseLine]) -> dict[str, int]:
    return dict(Counter(map(state_of, lines)))


def state_of(line: HouseLine) -> str:
    return WAITING if line.waits else line.state


def matches(title: str, text: str) -> bool:
    """Tell whether a title has every word of the text, in any order; ё is е."""
    words = _words(title)
    return all(any(word.startswith(asked) for word in words) for asked in _words(text))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower().replace("ё", "е"))


def _place_after(house_id: str, lines: Sequence[HouseLine]) -> int:
    """Return where the next page begins; LookupError for what is no cursor of ours."""
    if not house_id:
        return 0
    place = next((n for n, line in enumerate(lines) if line.id == house_id), None)
    if place is None:
        raise LookupError(house_id)
    return place + 1
