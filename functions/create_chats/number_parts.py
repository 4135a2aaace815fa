"""Parts of a house number in columns of their own that no part of an address is called by."""

import re
from collections.abc import Mapping

from housechats.domain.address_words import says_nothing

_NAMED = re.compile(
    r"(?:(?:корпус|корп|кор|к|строение|стр|с|литера?|лит|владение|влад|вл)[\s.]*№?\s*"
    r"(?:\d{1,4}(?:\s?[^\W\d_])?|[^\W\d_])(?![^\W_])[\s,.]*)+",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{1,4}")
_FRACTION = re.compile(r"/?\s*(\d{1,4}\s?[^\W\d_]?)")
_LETTER = re.compile(r"[^\W\d_]")
_NAMES = ("fraction", "house_letter", "part")


def with_number_parts(cells: Mapping[str, str]) -> tuple[Mapping[str, str], str]:
    """Return the cells with one house number, and which of its parts is not understood.

    «Дробь» 2 of house 5 is «5/2», «Буква» А is «5А»; under «Корпус/строение» only what says
    itself which of them it is: «корп. 1».
    """
    said = {
        name: text for name in _NAMES if (text := cells.get(name, "")) and not says_nothing(text)
    }
    if not said:
        return cells, ""
    house = cells.get("house", "")
    if fraction := said.pop("fraction", ""):
        read = _FRACTION.fullmatch(fraction)
        if not read or not _NUMBER.fullmatch(house):
            return cells, "fraction"
        house = f"{house}/{read[1]}"
    if letter := said.pop("house_letter", ""):
        if not _LETTER.fullmatch(letter) or not house[-1:].isdigit():
            return cells, "house_letter"
        house += letter
    if part := said.pop("part", ""):
        if not _NAMED.fullmatch(part):
            return cells, "part"
        house = f"{house}, {part}" if house else part
    return {**cells, "house": house}, ""
