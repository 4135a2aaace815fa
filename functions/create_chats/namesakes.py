"""Addresses that a list has in several districts: which of its rows may be one house.

A row may leave out the region or the district; that is filled in only where the list leaves one
choice, whatever the order of its rows.
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

Place = tuple[str, str]
"""Region and district; empty when a row leaves them out."""
Places = Callable[[], Iterator[tuple[int, str, Place]]]
"""Rows without ОКТМО, read anew each time: index, key of the address, place."""

MOST_COMPARED = 1_000
"""Places of one address among which a vague one looks for its like: no list has so many."""


@dataclass(slots=True)
class _Choices:
    """The places of one address."""

    first: dict[Place, int] = field(default_factory=dict)
    """Where in the list each has the address first."""
    districts: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """By region, and by the empty one of all rows that leave it out."""
    regions: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    named: tuple[set[str], set[str]] = field(default_factory=lambda: (set(), set()))
    """All regions, all districts."""

    def add(self, index: int, place: Place) -> None:
        self.first.setdefault(place, index)
        region, district = place
        if region:
            self.regions[district].add(region)
            self.named[0].add(region)
        if district:
            self.districts[region].add(district)
            self.named[1].add(district)

    def filled(self, place: Place) -> Place | None:
        """Return the place with what it leaves out; nothing where that may be several."""
        region, district = place
        regions, districts = self.named
        whole_region = region or _only(*self._near(district, self.regions, regions))
        whole_district = district or _only(*self._near(region, self.districts, districts))
        if whole_region is None or whole_district is None:
            return None
        return whole_region, whole_district

    @staticmethod
    def _near(
        given: str, known: defaultdict[str, set[str]], named: set[str]
    ) -> tuple[set[str], set[str]]:
        return (known[given], known[""]) if given else (named, named)


@dataclass(slots=True)
class Namesakes:
    """Addresses with more than one place, by the hash of their key."""

    _known: dict[int, _Choices] = field(default_factory=dict)

    @classmethod
    def among(cls, places: Places) -> "Namesakes":
        if not _clash({place for _, _, place in places()}):
            return cls()  # as in nearly every list: no key is asked for
        keys = array("q", (hash(key) for _, key, _ in places()))
        place_of: dict[int, Place] = {}
        several = {
            key
            for key, (_, _, place) in zip(keys, places(), strict=True)
            if place_of.setdefault(key, place) != place
        }
        known: defaultdict[int, _Choices] = defaultdict(_Choices)
        for key, (index, _, place) in zip(keys, places(), strict=True):
            if key in several:
                known[key].add(index, place)
        return cls(dict(known))

    def taken(self, key: str, place: Place) -> Place:
        """Return where a house is taken to lie: rows with one place and key are one house."""
        choices = self._known.get(hash(key))
        return choices.filled(place) or place if choices else ("", "")

    def like(self, key: str, place: Place) -> int | None:
        """Return a row that a house may repeat whose place may be several."""
        choices = self._known.get(hash(key))
        if not choices or choices.filled(place):
            return None
        for other, index in islice(choices.first.items(), MOST_COMPARED):
            if other != place and not _clash({other, place}):
                return index
        return None


def _clash(places: set[Place]) -> bool:
    return any(len({*names} - {""}) > 1 for names in zip(*places, strict=True))


def _only(some: set[str], others: set[str]) -> str | None:
    """Return the one name of two sets, an empty one where there is none, nothing for several."""
    if len(some) > 1 or len(others) > 1:
        return None
    names = some | others
    return None if len(names) > 1 else next(iter(names), "")
