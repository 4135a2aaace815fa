"""Findings: what a check says of a cell, by tables of codes and Russian sentences."""

from collections.abc import Mapping
from dataclasses import dataclass

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
    return "".join(c if c.isprintable() else "\ufffd" for c in text[:QUOTED])
