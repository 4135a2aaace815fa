"""Search: what a person types of an address against the words of a house."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from housechats.domain.address_words import (
    FIRST_NAMES,
    KINDS,
    NUMBER_WORDS,
    SAME_WORDS,
    UNCLEAR_FIRST,
    UNCLEAR_STREET,
)
from housechats.domain.addresses import ORDINAL, plain

HOUSES_IN_MIND = 1 << 16
"""Houses, and parts of addresses, whose words are kept: thrice those of a large region."""

LONGEST_LETTER = 3
"""«лит. АБ», and one to spare."""

_MARKED = re.compile(r"[^\W_]+(?:[-/][^\W_]+)*")
_PARTS = re.compile(r"\d+[^\W\d_]*|[^\W\d_]+")
_NUMBER_WORD = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_GLUED = re.compile(rf"(?<=\d)({_NUMBER_WORD})(?=\d)")
"""«5к3», «5стр2»."""
_BEGINS = re.compile(rf"(?<=\d)({_NUMBER_WORD})(?!\w)")
"""«5к»: a letter, or a корпус whose number is still to be typed."""
_LETTER_APART = re.compile(r"(?<=\d)[ -](?=([^\W\d_])(?![\w.-]|\s*\d))")
"""«5 а» and «5-а» are «5а»; «5 к 3» and «5 М. Горького» are not."""
_LETTER_WORDS = "|".join(word for word, part in NUMBER_WORDS.items() if part == "letter")
_LETTER_NAMED = re.compile(
    rf"(?<=\d)\W{{0,3}}\b({_LETTER_WORDS})\W{{1,3}}([^\W\d_]{{1,{LONGEST_LETTER}}})(?!\w)"
)
"""«9, лит. Б», «9 литера Б»: 9Б."""
_FILLING = re.compile(r"(?<!\d)0+(?=\d)")


def _spellings(spelled: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return for every word all words that are written for the same, itself among them."""
    of: dict[str, list[str]] = {}
    pairs = list(spelled)
    for word, meant in pairs:
        of.setdefault(meant, []).append(word)
    return {word: " ".join(of[meant]) for word, meant in pairs}


_OF_KINDS = _spellings((word, kind) for word, (_, kind) in KINDS.items())
_OF_KINDS[UNCLEAR_STREET] = " ".join((UNCLEAR_STREET, _OF_KINDS["проспект"], _OF_KINDS["проезд"]))
_OF_NUMBERS = _spellings(NUMBER_WORDS.items())
_OF_NAMES = _spellings(
    [*SAME_WORDS.items(), *((short, short) for short in set(SAME_WORDS.values()) if short)]
)
_OF_NAMES[UNCLEAR_FIRST] += f" {_OF_KINDS['бульвар']}"
_ALONE = _OF_KINDS.keys() | _OF_NUMBERS.keys() | _OF_NAMES.keys()
_BEGUN = {word[:length] for word in KINDS for length in range(len(word)) if set(word) & {"-", "/"}}
"""What is a mark's kind by and by: «пр-», «пр-к»."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of a search, each as it must stand among the words of a house."""

    readings: frozenset[tuple[str, ...]]
    """What may be meant: «5 к» is a house with a letter, or the beginning of «5 корп. 1»."""

    @classmethod
    def of(cls, text: str) -> "Asked":
        """Read what was typed: words may be cut short, but of numbers only the last one.

        Who types «Ленина 1» sees 1, 10 and 12; «Ленина 1 корп 2» is not about the tenth house.
        """
        texts = {text, _LETTER_NAMED.sub(r"\2", plain(text))}
        return cls(
            frozenset(
                _needles(_words(one, letters=letters)) for one in texts for letters in (True, False)
            )
        )

    def __bool__(self) -> bool:
        return self.readings != {()}

    def finds(self, title: str, position: str = "") -> bool:
        """Tell whether a house has all of the words, in any order: in its title or address."""
        words = all_words(title, position)
        for needles in self.readings:
            for needle in needles:  # not `all`: this is asked of every house of a region
                if needle not in words:
                    break
            else:
                return True
        return False


def _needles(words: Iterable[str]) -> tuple[str, ...]:
    told = [word for word in words if SAME_WORDS.get(word) != ""]
    last = len(told) - 1
    return tuple(
        f" {word} " if word[0].isdigit() and place < last else f" {word}"
        for place, word in enumerate(told)
    )


@lru_cache(maxsize=HOUSES_IN_MIND)
def all_words(title: str, position: str = "") -> str:
    """Return the words by which a house is found, with all their spellings, between blanks."""
    address = position.partition("#")[2]  # its code of a territory is no word
    numbers = _lettered(title) if "лит" in title.lower() else ""
    parts = (*title.split(","), *address.split("#"), numbers)
    return f" {' '.join(map(_words_of_part, parts))} "


def _lettered(title: str) -> str:
    """Return the numbers whose letter is named as people write them too: «9Б»."""
    whole = _LETTER_NAMED.sub(r"\2", plain(title))
    return " ".join(word for word in whole.split() if word[0].isdigit())


@lru_cache(maxsize=HOUSES_IN_MIND)
def _words_of_part(part: str) -> str:
    """Return the words of a street or a number: a region has few of them, and many houses."""
    found = " ".join(_all_words(_FILLING.sub("", part)))
    return " ".join(dict.fromkeys(found.split()))


def _all_words(text: str) -> Iterator[str]:
    words = _words(text)
    first_names = [FIRST_NAMES[word] for word in words if word in FIRST_NAMES]
    for word, following in pairwise([*words, ""]):
        yield word
        if word in _OF_NUMBERS and (following[:1].isdigit() or _is_letter(word, following)):
            yield _OF_NUMBERS[word]
            continue
        yield from (of[word] for of in (_OF_KINDS, _OF_NAMES) if word in of)
        yield from (name for names in first_names if word in names for name in names)


def _is_letter(word: str, following: str) -> bool:
    return NUMBER_WORDS[word] == "letter" and 0 < len(following) <= LONGEST_LETTER


def _words(text: str, *, letters: bool = True) -> list[str]:
    """Return the words of a text in one alphabet, numbers together with their letters.

    Without `letters`, those that may be words of their own stay alone.
    """
    said = ORDINAL.sub(r"\1", plain(text))
    if letters:
        said = _LETTER_APART.sub("", said)
    else:
        said = _LETTER_APART.sub(lambda gap: " " if gap[1] in _ALONE else "", said)
        said = _BEGINS.sub(r" \1", said)
    return list(_parts(_GLUED.sub(r" \1 ", said)))


def _parts(text: str) -> Iterator[str]:
    for marked in _MARKED.findall(text):
        if marked in KINDS or marked in _BEGUN:
            yield marked
        else:
            yield from _PARTS.findall(marked)
