"""Findings: what a check says of a cell, by tables of codes and Russian sentences."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_PERSON = re.compile(
    r"(?:[А-ЯЁ][\w-]* +){0,2}[А-ЯЁ][\w-]*(?i:вна|вич)\b"
    r"|(?<!\d)(?!(?:19|20)\d\d-\d\d-\d\d)\+?(?:\d[ ()-]*){7,}"
)
"""A patronymic with the names before it, a telephone: messages go where people's data do not.
Streets are named in the genitive, «Софьи Васильевны»."""
_LETTER = re.compile(r"[^\W\d_]")

QUOTED = 60
"""Characters of a cell that a message repeats."""

Sentences = Mapping[str, tuple[bool, str]]
"""Codes of findings: whether the row is unusable, and what people are told."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a text, or worth a look."""

    code: str
    message: str
    fatal: bool


def found(sentences: Sentences, code: str, *about: str) -> Finding:
    """Return a finding that quotes no more than the beginning of what it is about."""
    fatal, message = sentences[code]
    return Finding(code, message.format(*map(_quoted, about)), fatal)


def _quoted(text: str) -> str:
    """Repeat the beginning of a text, up to where it speaks of a person."""
    text = text[: 4 * QUOTED]
    if (person := _PERSON.search(text)) and _LETTER.search(text):
        text = f"{text[: person.start()][: QUOTED - 1]}…"
    text = text[:QUOTED]
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)
