"""Streets of the catalogue: the one that a person means, its sides, and its houses by number."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from housechats.domain.address_reading import parse_parts
from housechats.domain.address_words import UNCLEAR_STREET
from housechats.domain.addresses import Address, place_key, street_key, with_kind
from housechats.domain.audiences import Side, StreetHouses, Wanted
from housechats.domain.houses import HouseLine
from housechats.domain.territories import Territory

UNREAD = "Не поняли улицу. Напишите её, как на табличке: «ул. Мира»."
NO_SUCH_STREET = "Здесь такой улицы нет."
SEVERAL_KINDS = "Уточните, что это: {}."
SEVERAL_PLACES = "Такая улица есть не в одном месте: {}. Допишите город или посёлок."
SHOWN_PLACES = 5

SOMEWHERE = "г. Образцов"
"""A town for who names none: the street is read all the same."""
_SIDES = {Side.ALL: "", Side.EVEN: "чётных ", Side.ODD: "нечётных "}
_FIRST_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Street:
    """A street, or a village whose houses are numbered through."""

    municipality: str
    """8 digits of its ОКТМО code."""
    locality: str
    """In small letters, as in a house's place in lists."""
    kind: str
    name: str
    """Empty in such a village."""
    shown: str
    """As houses' titles say it."""

    @property
    def said(self) -> str:
        place = _capitalised(self.locality)
        return f"{self.shown} ({place})" if self.name else place


Where = tuple[str, str]
"""What a house's place in lists says of it: its ОКТМО code, and all between that and its number."""


class Streets:
    """The streets of some houses, by how their places in lists are written."""

    def __init__(self, lines: Iterable[HouseLine]) -> None:
        titles: defaultdict[Where, set[str]] = defaultdict(set)
        for line in lines:
            titles[where_of(line)].add(line.title)
        read = {where: _street(where, said) for where, said in titles.items()}
        places: defaultdict[str, set[str]] = defaultdict(set)
        for street in filter(None, read.values()):
            places[street.municipality].add(street.locality)
        # Where people have renamed all houses of a street, places around it tell the two apart.
        self._streets = {
            where: street or _guessed(where, places[where[0][:8]]) for where, street in read.items()
        }
        self._by_words: defaultdict[str, list[Where]] = defaultdict(list)
        for where, street in self._streets.items():
            self._by_words[_words(street.name)].append(where)
        self._places = {_last_key(street.locality) for street in self._streets.values()}

    def named(
        self, place: str, kind: str, name: str, *, towns: Mapping[str, str]
    ) -> Mapping[Where, "Street"]:
        """Return the streets that may be meant; `place` and `kind` are empty when not told.

        `towns`: the towns of municipalities, meant by who names no place.
        """
        return self._meant(_Read(place, kind, _words(name)), towns, around=None)

    def has_place(self, place: str) -> bool:
        return _last_key(place) in self._places

    def wanted(self, part: StreetHouses, towns: Mapping[str, str]) -> Wanted:
        """Return what a part looks for; nothing if more streets than one may be meant.

        `towns`: the towns of municipalities, meant by who names no place.
        """
        read = _read(part.street)
        if read is None:
            return Wanted(_none, UNREAD)
        around = Territory(part.oktmo) if part.oktmo else None
        meant = self._meant(read, towns, around=around)
        if problem := unclear(meant.values(), kind_told=read.kind != ""):
            return Wanted(_none, problem)
        said = next(iter(meant.values())).said
        return Wanted(_having(set(meant), part), said, nothing=_nothing(part, said))

    def _meant(
        self, read: "_Read", towns: Mapping[str, str], *, around: Territory | None
    ) -> Mapping[Where, Street]:
        found = {
            where: street
            for where in self._by_words.get(read.words, ())
            if (around is None or around.covers(where[0]))
            and read.may_be(street := self._streets[where])
        }
        return _in_towns(found, towns) if not read.locality else found


def _nothing(part: StreetHouses, street: str) -> str:
    """Say what the street does not have, when no house is found on it."""
    houses = f"{_SIDES[part.side]}домов"
    if part.first is not None and part.last is not None:
        houses += f" в промежутке {part.first}–{part.last}"
    elif part.first is not None:
        houses += f" с номерами от {part.first}"
    elif part.last is not None:
        houses += f" с номерами до {part.last}"
    return f"{street}: {houses} здесь нет."


@dataclass(frozen=True, slots=True)
class _Read:
    """A street as a person wrote it."""

    locality: str
    """Empty when it is not said."""
    kind: str
    """Empty when it is not said, or may be two."""
    words: str

    def may_be(self, street: Street) -> bool:
        if self.kind and self.kind != street.kind:
            return False
        if self.words != _words(street.name):
            return False
        return not self.locality or _lies_in(street.locality, self.locality)


@lru_cache(maxsize=1024)
def _read(text: str) -> _Read | None:
    # A number is needed to read an address: what stands before it is the street.
    cells = {"address": f"{text}, д. 1"}
    address, findings = parse_parts(cells)
    told_place = address is not None
    if not told_place and any(one.code == "locality_missing" for one in findings):
        address, findings = parse_parts(cells, locality=SOMEWHERE)
    if address is None or address.house != "1":
        return None
    untold = any(one.code == "street_kind_missing" for one in findings)
    kind = "" if untold else kind_of(address)
    locality = address.locality if told_place else ""
    if not address.street and not locality:
        return None
    return _Read(locality, kind, _words(address.street))


def kind_of(address: Address) -> str:
    """Return the kind of an address's street; empty when it may be two."""
    return "" if address.street_type == UNCLEAR_STREET else address.street_type.lower()


@lru_cache(maxsize=16384)
def _words(name: str) -> str:
    return street_key("", name) if name else ""


def _lies_in(locality: str, asked: str) -> bool:
    """Tell whether a place is the one that is asked for: all that was said of it is true."""
    there = [place_key(part) for part in locality.split(",")]
    said = [place_key(part) for part in asked.split(",")]
    return said[-1] == there[-1] and set(said) <= set(there)


def _last_key(locality: str) -> str:
    return place_key(locality.rpartition(",")[2])


def _in_towns(found: Mapping[Where, Street], towns: Mapping[str, str]) -> Mapping[Where, Street]:
    """Leave out the villages of a municipality in whose town the street is too."""
    central = {street.municipality for street in found.values() if _is_in_town(street, towns)}
    return {
        where: street
        for where, street in found.items()
        if street.municipality not in central or _is_in_town(street, towns)
    }


def _is_in_town(street: Street, towns: Mapping[str, str]) -> bool:
    town = towns.get(street.municipality, "")
    return town != "" and _lies_in(street.locality, town)


def unclear(meant: Collection[Street], *, kind_told: bool) -> str:
    """Return why nobody knows which street is meant; empty when it is one."""
    if not meant:
        return NO_SUCH_STREET
    if not kind_told and len({street.kind for street in meant}) > 1:
        return SEVERAL_KINDS.format(" или ".join(sorted({street.shown for street in meant})))
    if len({(street.municipality, street.locality) for street in meant}) > 1:
        places = sorted({_capitalised(street.locality) for street in meant})
        more = "…" if len(places) > SHOWN_PLACES else ""
        return SEVERAL_PLACES.format(", ".join(places[:SHOWN_PLACES]) + more)
    return ""


def _capitalised(place: str) -> str:
    """Return «г. Великий Новгород» for what is in small letters."""
    kind, *names = place.split(" ")
    return " ".join([kind, *(name[:1].upper() + name[1:] for name in names)])


def _none(_: HouseLine) -> bool:
    return False


def _having(places: set[Where], part: StreetHouses) -> Callable[[HouseLine], bool]:
    whole = part.side == Side.ALL and part.first is None and part.last is None

    def has(line: HouseLine) -> bool:
        return where_of(line) in places and (whole or is_between(number_of(line), part))

    return has


def is_between(number: int | None, part: StreetHouses) -> bool:
    """Tell whether a house's number is among those of a part; a house without one is not."""
    if number is None:
        return False
    if part.side != Side.ALL and (number % 2 == 0) != (part.side == Side.EVEN):
        return False
    return (part.first is None or part.first <= number) and (
        part.last is None or number <= part.last
    )


def where_of(line: HouseLine) -> Where:
    oktmo, _, rest = line.position.partition("#")
    return oktmo, rest.rpartition("#")[0]


def number_text_of(line: HouseLine) -> str:
    """Return all that a house's place in lists says of its number."""
    return line.position.rpartition("#")[2]


def number_of(line: HouseLine) -> int | None:
    """Return the number by which a house is found on its street: of «12А корп. 2» it is 12."""
    found = _FIRST_NUMBER.search(number_text_of(line))
    return int(found.group()) if found else None


def _street(where: Where, titles: Iterable[str]) -> Street | None:
    """Part the street from its place as one of the titles tells; None when people gave them all."""
    oktmo, text = where
    if text.endswith("  "):
        place = text.strip()
        return Street(oktmo[:8], place, "", "", _capitalised(place))
    for title in titles:
        for comma in (at for at, char in enumerate(title) if char == ","):
            kind, _, name = title[:comma].lower().partition(" ")
            kind = kind.rstrip(".")
            if name and text.endswith(ending := f" {name} {kind}"):
                place = text.removesuffix(ending)
                return Street(oktmo[:8], place, kind, name, title[:comma])
    return None


def _guessed(where: Where, places: Iterable[str]) -> Street:
    oktmo, text = where
    known = [place for place in places if text.startswith(f"{place} ")]
    place = max(known, key=len, default=" ".join(text.split(" ")[:2]))
    name, _, kind = text.removeprefix(place).strip().rpartition(" ")
    return Street(oktmo[:8], place, kind, name, with_kind(kind, name))
