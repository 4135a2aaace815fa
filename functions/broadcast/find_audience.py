"""Use case: find the houses that the parts of a request name, within the caller's reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from housechats.domain.access import Caller
from housechats.domain.address_reading import read_fias_id
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
from housechats.domain.pasted_addresses import SEVERAL_HOUSES, PastedAddresses, is_part_of_house
from housechats.domain.street_ranges import Streets
from housechats.domain.territories import Territory
from housechats.ports.houses import Catalogue, Houses, Towns

NO_SUCH_CODE = "Дома с таким кодом здесь нет."
NO_SUCH_FIAS_ID = "Дома с таким кодом ФИАС здесь нет."


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

    @cached_property
    def _addresses(self) -> PastedAddresses:
        return PastedAddresses(self._streets, self._lines, self._towns)

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
            towns={},
        )
        ids = match.settled(houses.get_many(match.maybe))
        return [self._meant(text, found) for text, found in zip(texts, ids, strict=True)]

    def _meant(self, text: str, found: str) -> Named:
        if found == SEVERAL:
            return Named(text, "", SEVERAL_HOUSES)
        if found:
            return Named(text, found, is_part=is_part_of_house(text))
        if read_fias_id(text):
            return Named(text, "", NO_SUCH_FIAS_ID)
        if read_code(text):
            return Named(text, "", NO_SUCH_CODE)
        return self._addresses.house(text)
