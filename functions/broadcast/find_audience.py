"""Use case: find the houses that the parts of a request name, within the caller's reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from housechats.domain.access import Caller
from housechats.domain.audiences import (
    Chosen,
    ListedHouses,
    Named,
    Part,
    StreetHouses,
    TheseHouses,
    Wanted,
    choose,
    listed,
    wanted,
    within_reach,
)
from housechats.domain.house_matching import SEVERAL, fias_ids_of, matching, municipalities_of
from housechats.domain.houses import HouseLine, read_code
from housechats.domain.street_ranges import Streets
from housechats.domain.territories import Territory
from housechats.ports.houses import Catalogue, Houses, Towns

SEVERAL_HOUSES = "Такой адрес есть не в одном месте: допишите город или посёлок."


@dataclass(frozen=True, slots=True)
class Map:
    """Where houses are looked for."""

    catalogue: Catalogue
    houses: Houses
    towns: Towns


@dataclass(frozen=True, slots=True)
class Found:
    """The houses of a request, and the request as it is to be looked for again."""

    chosen: Chosen
    parts: tuple[Part, ...]
    """What was pasted has the houses' codes instead: nobody's text is kept longer than needed."""


def find_audience(
    parts: Sequence[Part], *, territory: Territory, inn: str, caller: Caller, where: Map
) -> Found:
    """Return the houses in the order of lists, each once."""
    lines = within_reach(where.catalogue.lines(territory), caller, territory=territory, inn=inn)
    reader = _Reader(lines, where)
    read = [reader.read(part) for part in parts]
    chosen = choose(lines, [one for one, _ in read])
    return Found(chosen, tuple(part for _, part in read))


class _Reader:
    """Reads parts against the houses within reach; what it needs for that, once."""

    def __init__(self, lines: Sequence[HouseLine], where: Map) -> None:
        self._lines = lines
        self._where = where

    @cached_property
    def _towns(self) -> Mapping[str, str]:
        return self._where.towns.get_many(municipalities_of(self._lines))

    @cached_property
    def _streets(self) -> Streets:
        return Streets(self._lines)

    def read(self, part: Part) -> tuple[Wanted, Part]:
        """Return what a part looks for, and the part as it is kept."""
        match part:
            case ListedHouses(lines):
                named = self._named(lines)
                ids = dict.fromkeys(one.house_id for one in named if one.house_id)
                return listed(named), TheseHouses(tuple(ids))
            case TheseHouses(ids):
                return wanted(part), TheseHouses(tuple(filter(None, map(read_code, ids))))
            case StreetHouses():
                return self._streets.wanted(part, self._towns), part
            case _:
                return wanted(part), part

    def _named(self, texts: Sequence[str]) -> list[Named]:
        houses = self._where.houses
        fias_ids = fias_ids_of(texts)
        match = matching(
            texts,
            self._lines,
            by_fias=houses.of_fias(fias_ids) if fias_ids else {},
            towns=self._towns,
        )
        ids = match.settled(houses.get_many(match.maybe))
        return [
            Named(text, "", SEVERAL_HOUSES) if found == SEVERAL else Named(text, found)
            for text, found in zip(texts, ids, strict=True)
        ]
