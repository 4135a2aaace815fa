"""Addresses of apartment houses: compared and shown. `address_reading` makes them of texts."""

import re
from dataclasses import dataclass
from functools import lru_cache

from housechats.domain.address_words import (
    CITY,
    FIRST_NAMES,
    KINDS,
    LOOK_ALIKES,
    SAME_WORDS,
    TOWNS,
    WITHIN_MUNICIPALITY,
    WITHOUT_DOT,
)

SHORT = 80
"""Characters of a title: VK shows about forty, SMS and posters stay readable."""
OWNED = "влд"
"""A number given to a plot («владение 21») is not that of a house."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address in parts, each in one spelling; empty when absent."""

    region: str = ""
    district: str = ""
    locality: str = ""
    """With its kind, and with what it lies in when that is needed: «г. Саратов, п. Дачный»."""
    street_type: str = ""
    street: str = ""
    house: str = ""
    block: str = ""
    building: str = ""
    letter: str = ""

    @property
    def key(self) -> str:
        """Identity within a municipality: equal for spellings of one house, and only for them."""
        # A settlement of a city that is a region is a municipality, as its code says.
        district = "" if self.region.startswith("г.") else self.district
        return "|".join(
            (
                _locality_key(self.locality, district),
                street_key(self.street_type, self.street),
                number_key(self.house),
                number_key(self.block),
                number_key(self.building),
                number_key(self.letter),
            )
        )

    @property
    def short(self) -> str:
        """For people who know the town: «ул. Ленина, д. 12, корп. 3», at most 80 characters."""
        shown = self._shown(self.street)
        if len(shown) <= SHORT:
            return shown
        words = self.street.split()
        for i in range(len(words) - 1):
            words[i] = f"{words[i][0]}."
            shown = self._shown(" ".join(words))
            if len(shown) <= SHORT:
                return shown
        spare = max(len(words[-1]) - (len(shown) - SHORT) - 1, 0) if words else 0
        shown = self._shown(" ".join([*words[:-1], f"{words[-1][:spare]}…"]) if words else "")
        return shown if len(shown) <= SHORT else f"{shown[: SHORT - 1]}…"

    @property
    def full(self) -> str:
        """With the town or the village."""
        return f"{self.locality}, {self.short}" if self.street and self.locality else self.short

    def _shown(self, street: str) -> str:
        where = with_kind(self.street_type, street) if street else self.locality
        house = self.house if self.house.startswith(OWNED) else f"д. {self.house}"
        parts = [
            where,
            self.house and house,
            self.block and f"корп. {self.block}",
            self.building and f"стр. {self.building}",
            self.letter and f"лит. {self.letter}",
        ]
        return ", ".join(part for part in parts if part)


def with_kind(kind: str, name: str) -> str:
    dotted = kind if not kind or kind in WITHOUT_DOT else f"{kind}."
    return f"{dotted} {name}".strip()


# What makes two spellings one house


ORDINAL = re.compile(r"(\d)(?:-?(?:ый|ая|ое|ой|ий|ья|го)|-[йя]|-е(?=\s))(?!\w)")
"""«1-ая», «1ая», «1-я»; but «15Е» is a quarter of its own."""
_WORDS = re.compile(r"\d+|[^\W\d_]+")
_FIRST_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_NUMBER_NOISE = re.compile(r"[\s.]|-(?!\d)|(?<!\d)-")


def plain(text: str) -> str:
    """Return the text in small letters of one alphabet."""
    return text.lower().translate(LOOK_ALIKES)


@lru_cache(maxsize=4096)
def _locality_key(locality: str, district: str) -> str:
    """Return the places; of a village also the rural district, for it may have a namesake."""
    key = ",".join(place_key(place) for place in locality.split(","))
    if not district or key.rpartition(",")[2].partition(" ")[0] in TOWNS:
        return key
    outer = (word_list for part in district.split(",") if (word_list := _within(part)))
    return ",".join([*sorted(outer), key])


def _within(district: str) -> str:
    words = district.split()
    if not any(word.rstrip(".") in WITHIN_MUNICIPALITY for word in words):
        return ""
    names = " ".join(word for word in words if word.rstrip(".") not in WITHIN_MUNICIPALITY)
    return " ".join(["в", *_WORDS.findall(plain(names))])


def place_key(place: str) -> str:
    kind, _, name = place.strip().partition(" ")
    if kind == "ж/д":
        name = name.removeprefix("ст.")
    elif kind.rstrip(".") not in KINDS:
        kind, name = CITY, place
    return " ".join([kind.rstrip("."), *_WORDS.findall(plain(name))])


@lru_cache(maxsize=16384)
def street_key(kind: str, street: str) -> str:
    """Return the kind and the words in any order, with one spelling for each."""
    words = _WORDS.findall(ORDINAL.sub(r"\1", plain(street)))
    same = [same for word in words if (same := SAME_WORDS.get(word, word))]
    for names in [FIRST_NAMES[word] for word in same if word in FIRST_NAMES]:
        same = [names.get(word, word) for word in same]
    return " ".join([kind, *sorted(same)])


@lru_cache(maxsize=16384)
def number_key(number: str) -> str:
    return _FIRST_ZEROS.sub("", _NUMBER_NOISE.sub("", plain(number))) if number else ""


def sort_house(number: str) -> str:
    """Return a text by which house numbers sort as people count: 2, 12, 12А, 100."""
    return re.sub(r"\d+", lambda digits: digits.group().zfill(5), number.upper())
