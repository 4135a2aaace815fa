"""Addresses that a person pastes, read against the houses of a catalogue and their streets."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from housechats.domain.address_reading import parse_parts
from housechats.domain.addresses import Address, plain, sort_house
from housechats.domain.audiences import Named
from housechats.domain.houses import HouseLine
from housechats.domain.street_ranges import (
    NO_SUCH_STREET,
    SOMEWHERE,
    Streets,
    Where,
    kind_of,
    number_text_of,
    unclear,
    where_of,
)

# None of these quotes the line: with the preview they are kept, and what was pasted is not.
EMPTY_LINE = "Пустая строка."
UNREAD = "Адрес не читается. Напишите так: «г. Город, ул. Мира, д. 2»."
NO_STREET = "Не названа улица."
NO_NUMBER = "Нет номера дома. Если нужна вся улица, выберите улицу, а не список."
SEVERAL_NUMBERS = (
    "Здесь не один дом. Напишите каждый в своей строке, а для промежутка выберите улицу с номерами "
    "от и до."
)
NO_SUCH_PLACE = "Здесь нет такого города или посёлка."
NO_SUCH_NUMBER = "На этой улице нет дома с таким номером: {}."
SEVERAL_HOUSES = "Такой адрес есть не в одном месте: допишите город или посёлок."

PART_OF_HOUSE = "part_of_house"
_WHY = {
    "house_range": SEVERAL_NUMBERS,
    "house_several": SEVERAL_NUMBERS,
    "street_missing": NO_STREET,
    "house_missing": NO_NUMBER,
}
"""Why an address names no house: the first of its findings that is here says so."""


class PastedAddresses:
    """Finds the house that an address means: with its town, or without where one has it."""

    def __init__(
        self, streets: Streets, lines: Iterable[HouseLine], towns: Mapping[str, str]
    ) -> None:
        self._streets = streets
        self._towns = towns
        self._houses: defaultdict[tuple[Where, str], list[str]] = defaultdict(list)
        for line in lines:
            self._houses[where_of(line), plain(number_text_of(line))].append(line.id)

    def house(self, text: str) -> Named:
        """Return the house of a line, or why it names none; nothing is guessed."""
        if not text.strip():
            return Named(text, "", EMPTY_LINE)
        cells = {"address": text}
        address, findings = parse_parts(cells)
        place_told = address is not None
        if not place_told:
            address, findings = parse_parts(cells, locality=SOMEWHERE)
        codes = {one.code for one in findings}
        if why := next((said for code, said in _WHY.items() if code in codes), ""):
            return Named(text, "", why)
        if address is None:
            return Named(text, "", UNREAD)
        kind = "" if "street_kind_missing" in codes else kind_of(address)
        house_id, why = self._found(address, kind=kind, place_told=place_told)
        return Named(text, house_id, why, is_part=PART_OF_HOUSE in codes)

    def _found(self, address: Address, *, kind: str, place_told: bool) -> tuple[str, str]:
        """Return the id of a house, or nothing and why."""
        place = address.locality if place_told else ""
        streets = self._streets.named(place, kind, address.street, towns=self._towns)
        if not streets:
            known = not place or self._streets.has_place(place)
            return "", NO_SUCH_STREET if known else NO_SUCH_PLACE
        number = plain(_number_text(address))
        there = {
            where: street for where, street in streets.items() if (where, number) in self._houses
        }
        if not there:
            said = ", ".join(sorted({street.said for street in streets.values()})[:3])
            return "", NO_SUCH_NUMBER.format(said)
        if problem := unclear(there.values(), kind_told=kind != ""):
            return "", problem
        ids = [house_id for where in there for house_id in self._houses[where, number]]
        # A district that tells two villages of one name apart is not in their places in lists.
        return (ids[0], "") if len(ids) == 1 and not address.district else ("", SEVERAL_HOUSES)


def is_part_of_house(text: str) -> bool:
    """Tell whether an address names a flat or an entrance, not a whole house."""
    return any(one.code == PART_OF_HOUSE for one in parse_parts({"address": text})[1])


def _number_text(address: Address) -> str:
    number = f"{sort_house(address.house)} {address.block} {address.building} {address.letter}"
    return number.rstrip()
