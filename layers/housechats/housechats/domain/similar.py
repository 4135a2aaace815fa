"""Houses of one list that look like one house written twice: a typo, or a number marked otherwise.

Nothing is merged here: a person decides. Names are compared word by word; a typo is a word of the
same list that shares half of its trigrams and is one edit away, so that the work grows with the
number of different words and not of rows.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from housechats.domain.addresses import Address

SHORTEST = 5
LONGEST = 30
"""Letters of a word that may hold a typo: «Лесная» and «Лестная», but not «Мира» and «Мара»."""
SHORTEST_NAME = 4
"""Letters of a first name that is cut to its initial."""
SHARED = 0.5
"""Share of common trigrams (Dice) that two words need; one slip in five letters leaves half."""
RAREST = 5
"""Trigrams of a word that are looked up: one slip spoils four of them at most."""
MOST_WORDS = 100
"""A trigram that more words have tells nothing: it is passed over, or a list made of one word in
a hundred thousand spellings would cost minutes."""
MOST_DIFFERENT = 20_000
"""Different words of a list that are compared; the largest real one has 2,000."""
MOST_LIKE = 20
"""Look-alikes of a word that are kept; real lists have up to four."""

_GAPS = re.compile(r"([ ,])")
_SPACE = re.compile("( )")
_RUNS = re.compile(r"\d+|[^\W\d_]+")


@dataclass
class _Words:
    """Words by their trigrams, and the look-alikes of each word seen so far."""

    _found: dict[str, list[str]] = field(default_factory=dict)
    _having: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def like(self, word: str) -> list[str]:
        if word not in self._found:
            self._add(word)
        return self._found[word]

    def _add(self, word: str) -> None:
        self._found[word] = []
        if not (SHORTEST <= len(word) <= LONGEST and word.isalpha()):
            return
        if len(self._found) > MOST_DIFFERENT:
            return
        trigrams = _trigrams(word)
        rarest = sorted((self._having[trigram] for trigram in trigrams), key=len)[:RAREST]
        near = {other for having in rarest if len(having) < MOST_WORDS for other in having}
        for other in sorted(near):
            if _is_slip(word, other) and _likeness(trigrams, _trigrams(other)) >= SHARED:
                for one, two in ((word, other), (other, word)):
                    if len(self._found[one]) < MOST_LIKE:
                        self._found[one].append(two)
        for trigram in trigrams:
            having = self._having[trigram]
            if len(having) < MOST_WORDS:
                having.append(word)


@dataclass
class Likeness:
    """The houses of a list so far. Call `like` once for every house that is no duplicate.

    Houses are kept by hashes of what is compared: two that meet by chance, once in ten million
    lists, cost a needless remark.
    """

    _by_key: dict[int, int] = field(default_factory=dict)
    _by_bare: dict[int, int] = field(default_factory=dict)
    """Without kinds and marks: ул. or пер. Мира, 12А or 12 лит. А, 6/2 or 6 корп. 2."""
    _by_shorter: dict[int, int] = field(default_factory=dict)
    """As somebody writes the house who leaves out what is plain to him: Ф. Энгельса, п. Дачный."""
    _words: _Words = field(default_factory=_Words)

    def like(self, number: int, oktmo: str, address: Address) -> int | None:
        """Return the earlier row that this house resembles, and remember this one."""
        town, place, street, numbers = f"{oktmo[:8]}|{address.key}".split("|", 3)
        key = hash((town, place, street, numbers))
        bare = hash((town, _bare(place), street.partition(" ")[2], *_RUNS.findall(numbers)))
        shorter = [hash((town, *names, numbers)) for names in _shorter(place, street)]
        found = self._by_bare.get(bare) or self._by_shorter.get(key)
        for shorter_key in shorter:
            found = found or self._by_key.get(shorter_key)
        found = found or self._with_typo(town, place, street, numbers)
        self._by_key.setdefault(key, number)
        self._by_bare.setdefault(bare, number)
        for shorter_key in shorter:
            self._by_shorter.setdefault(shorter_key, number)
        return found

    def _with_typo(self, town: str, place: str, street: str, numbers: str) -> int | None:
        for spelled in self._spellings(place, _GAPS):
            if found := self._by_key.get(hash((town, spelled, street, numbers))):
                return found
        kind, _, name = street.partition(" ")
        for spelled in self._spellings(name, _SPACE):
            words = " ".join((kind, *sorted(spelled.split(" "))))
            if found := self._by_key.get(hash((town, place, words, numbers))):
                return found
        return None

    def _spellings(self, name: str, gaps: re.Pattern[str]) -> Iterator[str]:
        """Yield the name with each of its words replaced by its look-alikes in turn."""
        words = gaps.split(name)
        for i, word in enumerate(words):
            for other in self._words.like(word):
                yield "".join((*words[:i], other, *words[i + 1 :]))


@lru_cache(maxsize=4096)
def _bare(place: str) -> str:
    return ",".join(part.partition(" ")[2] for part in place.split(","))


@lru_cache(maxsize=4096)
def _shorter(place: str, street: str) -> list[tuple[str, str]]:
    """Return place and street as they are without the town of a village, and with an initial."""
    shorter = []
    outer, _, inner = place.rpartition(",")
    if outer:
        shorter.append((inner, street))
    kind, *words = street.split(" ")
    if len(words) > 1:
        for i, word in enumerate(words):
            if len(word) >= SHORTEST_NAME and word.isalpha():
                others = [*words[:i], word[0], *words[i + 1 :]]
                shorter.append((place, " ".join((kind, *sorted(others)))))
    return shorter


def _trigrams(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[i : i + 3] for i in range(len(word) + 1)}


def _likeness(one: set[str], other: set[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))


def _is_slip(one: str, other: str) -> bool:
    """Tell whether a letter lost, added or changed, or two swapped, makes one of the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return max(len(one), len(other)) == 1 or (len(one) == len("аб") and one == other[::-1])
