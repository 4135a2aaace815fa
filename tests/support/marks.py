"""Marks: words of people and secrets that must be found, however they were spelled on the way."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

PHONE = re.compile(r"\+?\d[\d ()\-]{9,}")
SHORTEST_OF_PHONE = 10


@dataclass(frozen=True)
class Mark:
    """A word that nobody else has."""

    what: str
    word: str

    def spellings(self) -> Iterator[str]:
        """Yield what it may look like, in lower case."""
        for word in {self.word, self.word.lower(), self.word.upper(), *self._of_phone()}:
            yield word.lower()
            yield quote(word).lower()
            yield quote_plus(word).lower()
            yield quote(quote(word)).lower()
            yield json.dumps(word)[1:-1].lower()
            yield word.encode().hex()
            yield from (part.lower() for part in _in_base64(word.encode()))

    def is_in(self, text: str) -> bool:
        text = text.lower()
        if any(spelling in text for spelling in self.spellings()):
            return True
        digits = "".join(self._of_phone())[:SHORTEST_OF_PHONE]
        return bool(digits) and any(digits in re.sub(r"\D", "", run) for run in PHONE.findall(text))

    def _of_phone(self) -> list[str]:
        """Return a phone without its country, as it is found within every longer spelling."""
        if not re.fullmatch(r"\+7\d{10}", self.word):
            return []
        return [self.word.removeprefix("+7")]


def _in_base64(word: bytes) -> Iterator[str]:
    """Yield what of a word is seen wherever in a base64 text it begins."""
    for before in range(3):
        text = base64.b64encode(b"\0" * before + word).decode().rstrip("=")
        # The first characters depend on what stands before, the last on what stands after.
        seen = text[(0, 2, 3)[before] : len(text) - 1]
        yield seen
        yield seen.translate(str.maketrans("+/", "-_"))
