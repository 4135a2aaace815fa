"""Use case: tell which houses somebody's own words mean: streets, addresses, pasted numbers."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from housechats.domain.address_reading import read_fias_id
from housechats.domain.audiences import Named, StreetHouses, Wanted
from housechats.domain.house_matching import SEVERAL, fias_ids_of, matching, municipalities_of
from housechats.domain.houses import HouseLine, read_code
from housechats.domain.pasted_addresses import SEVERAL_HOUSES, PastedAddresses, is_part_of_house
from housechats.domain.street_ranges import Streets
from housechats.ports.houses import Houses, Towns

NO_SUCH_CODE = "Дома с таким кодом здесь нет."
NO_SUCH_FIAS_ID = "Дома с таким кодом ФИАС здесь нет."


class Texts:
    """Reads words against the houses within reach; what it needs for that, once."""

    def __init__(self, lines: Sequence[HouseLine], houses: Houses, towns: Towns) -> None:
        self._lines = lines
        self._houses = houses
        self._known_towns = towns

    @cached_property
    def _towns(self) -> Mapping[str, str]:
        return self._known_towns.get_many(municipalities_of(self._lines))

    @cached_property
    def _streets(self) -> Streets:
        return Streets(self._lines)

    @cached_property
    def _addresses(self) -> PastedAddresses:
        return PastedAddresses(self._streets, self._lines, self._towns)

    def street(self, part: StreetHouses) -> Wanted:
        return self._streets.wanted(part, self._towns)

    def named(self, texts: Sequence[str]) -> list[Named]:
        """Return what each of the lines means."""
        fias_ids = fias_ids_of(texts)
        match = matching(
            texts,
            self._lines,
            by_fias=self._houses.of_fias(fias_ids) if fias_ids else {},
            towns={},
        )
        ids = match.settled(self._houses.get_many(match.maybe))
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
