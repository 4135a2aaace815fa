"""Houses of one list that look like one house written twice: a typo, or a number marked otherwise.

Nothing is merged here: a person decides. Names are compared word by word; a typo is a word of the
same list that shares half of its trigrams and is one edit away, so that the work grows with the
number of different words and not of rows.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from housechats.domain.addresses import Address

SHORTEST = 5
"""Letters of a word that may hold a typo: «Лесная» and «Лестная», but not «Мира» and «Мара»."""
LONG = 9
"""From so many letters on, two slips are still a typo."""
SHARED = 0.5
"""Share of common trigrams (Dice) that two words need; one slip in five letters leaves half."""
MOST_WORDS = 200
"""A trigram that more words have tells nothing: it is passed over, or a list made of one word in
a hundred thousand spellings would cost hours."""
MOST_LIKE = 20
"""Look-alikes of a word that are kept; real lists have up to four."""

_GAPS = re.compile(r"([ ,])")
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
        if len(word) < SHORTEST or not word.isalpha():
            return
        trigrams = _trigrams(word)
        common: defaultdict[str, int] = defaultdict(int)
        for trigram in trigrams:
            having = self._having[trigram]
            if len(having) < MOST_WORDS:
                for other in having:
                    common[other] += 1
                having.append(word)
        for other, n in common.items():
            if 2 * n >= SHARED * (len(trigrams) + len(other) + 1) and _is_typo(word, other):
                for one, two in ((word, other), (other, word)):
                    if len(self._found[one]) < MOST_LIKE:
                        self._found[one].append(two)


@dataclass
class Likeness:
    """The houses of a list so far. Call `like` once for every house that is no duplicate."""

    _by_key: dict[tuple[str, str], int] = field(default_factory=dict)
    _by_marks: dict[tuple[str, str], int] = field(default_factory=dict)
    _words: _Words = field(default_factory=_Words)

    def like(self, number: int, oktmo: str, address: Address) -> int | None:
        """Return the earlier row that this house resembles, and remember this one."""
        town, key = oktmo[:8], address.key
        place, street, *numbers = key.split("|")
        marks = f"{place}|{street}|{' '.join(_RUNS.findall('|'.join(numbers)))}"
        found = self._by_marks.get((town, marks)) or self._with_typo(town, key)
        self._by_key.setdefault((town, key), number)
        self._by_marks.setdefault((town, marks), number)
        return found

    def _with_typo(self, town: str, key: str) -> int | None:
        place, street, rest = key.split("|", 2)
        for word in _RUNS.findall(place):
            for other in self._words.like(word):
                spelled = "".join(other if w == word else w for w in _GAPS.split(place))
                if found := self._by_key.get((town, f"{spelled}|{street}|{rest}")):
                    return found
        kind, *words = street.split(" ")
        for word in words:
            for other in self._words.like(word):
                spelled = " ".join([kind, *sorted(other if w == word else w for w in words)])
                if found := self._by_key.get((town, f"{place}|{spelled}|{rest}")):
                    return found
        return None


def _trigrams(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[i : i + 3] for i in range(len(word) + 1)}


def _is_typo(one: str, other: str) -> bool:
    """Tell whether a slip (a letter lost, added, changed, two swapped) makes one of the other."""
    slips = 2 if min(len(one), len(other)) >= LONG else 1
    return abs(len(one) - len(other)) <= slips and _edits(one, other) <= slips


def _edits(one: str, other: str) -> int:
    """Return how many letters were lost, added, changed or swapped with the next one."""
    above: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one):
        two_above, above, row = above, row, [i + 1]
        for j, theirs in enumerate(other):
            cost = min(above[j] + (letter != theirs), above[j + 1] + 1, row[j] + 1)
            if i and j and letter == other[j - 1] and one[i - 1] == theirs:
                cost = min(cost, two_above[j - 1] + 1)
            row.append(cost)
    return row[-1]
