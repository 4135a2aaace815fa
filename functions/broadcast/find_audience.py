"""Use case: find the houses that the parts of a request name, within the caller's reach."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from housechats.domain.access import Caller
from housechats.domain.audiences import (
    Chosen,
    CoordinationChatsOf,
    ListedHouses,
    Part,
    StreetHouses,
    TheseHouses,
    Wanted,
    choose,
    listed,
    wanted,
    within_reach,
)
from housechats.domain.houses import HouseLine, read_code
from housechats.domain.territories import Territory
from housechats.ports.coordination import CoordinationChats
from housechats.ports.houses import Catalogue, Houses, Towns

if TYPE_CHECKING:
    from broadcast.read_texts import Texts


@dataclass(frozen=True, slots=True)
class Map:
    """Where houses, and coordination chats, are looked for."""

    catalogue: Catalogue
    houses: Houses
    towns: Towns
    coordination: CoordinationChats


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
    kept = tuple(part for _, part in read)
    if not any(isinstance(part, CoordinationChatsOf) for part in parts):
        return Found(choose(lines, [one for one, _ in read]), kept)
    chats = where.coordination.of_region(territory.region)
    rooms = [one.line for one in chats if one.is_open and territory.covers(one.oktmo)]
    rooms = within_reach(rooms, caller, territory=territory, inn=inn)
    ids = {room.id for room in rooms}
    parted = [_among(one, part, ids) for one, part in read]
    return Found(choose([*lines, *rooms], parted), kept)


def _among(one: Wanted, part: Part, rooms: Collection[str]) -> Wanted:
    """Have a part find coordination chats if it asks for them, and none if it asks for houses."""
    asks = isinstance(part, CoordinationChatsOf)
    return replace(one, has=lambda line: (line.id in rooms) == asks and one.has(line))


class _Reader:
    """Reads parts against the houses within reach."""

    def __init__(self, lines: Sequence[HouseLine], where: Map) -> None:
        self._lines = lines
        self._where = where

    @cached_property
    def _texts(self) -> "Texts":
        # What reads addresses takes a twentieth of the API's start, and few requests have some.
        from broadcast.read_texts import Texts  # noqa: PLC0415

        return Texts(self._lines, self._where.houses, self._where.towns)

    def read(self, part: Part) -> tuple[Wanted, Part]:
        """Return what a part looks for, and the part as it is kept."""
        match part:
            case ListedHouses(lines):
                named = self._texts.named(lines)
                ids = dict.fromkeys(one.house_id for one in named if one.house_id)
                return listed(named), TheseHouses(tuple(ids))
            case TheseHouses(ids):
                return wanted(part), TheseHouses(tuple(filter(None, map(read_code, ids))))
            case StreetHouses():
                return self._texts.street(part), part
            case _:
                return wanted(part), part
