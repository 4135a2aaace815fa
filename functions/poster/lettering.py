"""The poster's type: Golos Text, the letters it can write, where its lines break."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD = "GolosText-Regular", "GolosText-Bold"
FOLDER = Path(__file__).parent / "fonts"

NBSP = "\u00a0"
UNKNOWN = "?"
# Dashes and blanks that people paste and Golos Text lacks (U+2010, U+2011, →, thin spaces).
LOOKALIKES = str.maketrans({"\u2010": "-", "\u2011": "-", "→": "—", "\u202f": NBSP, "\u2007": NBSP})
# Whole words that belong to the number or name after them; short words with a dot all do.
GLUED = "дом|корпус|строение|литера?|владение|подъезд|№|пр-к?т|пр-д|б-р|кв-л|р-н|[дкгпс]"
GLUE = re.compile(rf"(?<!\S)(\w[\w-]{{0,5}}\.|{GLUED}) +(?=\S)", re.IGNORECASE)


@cache
def faces() -> dict[str, TTFont]:
    """Load both weights once: reading the files takes as long as drawing a poster.

    Without asciiReadable=0 every subset carries all of ASCII, and a poster is twice as big.
    """
    loaded = {}
    for name in (REGULAR, BOLD):
        loaded[name] = TTFont(name, FOLDER / f"{name}.ttf", asciiReadable=0)
        pdfmetrics.registerFont(loaded[name])
    return loaded


@cache
def _drawable() -> frozenset[str]:
    return frozenset(map(chr, faces()[REGULAR].face.charToGlyph))


def width(text: str, font: str, size: float) -> float:
    return float(faces()[font].stringWidth(text, size))


def unprintable(text: str) -> str:
    """Return the characters for which the font has neither a letter nor a substitute."""
    return "".join(sorted({char for char in _prepared(text) if _written(char) == UNKNOWN != char}))


def legible(text: str) -> str:
    """Spell the text with letters the font has: reportlab draws an empty box for others."""
    written = "".join(_written(char) for char in _prepared(text))
    return " ".join(filter(None, written.split(" ")))


def _prepared(text: str) -> str:
    return unicodedata.normalize("NFC", text.translate(LOOKALIKES))


@cache
def _written(char: str) -> str:
    kind = unicodedata.category(char)
    if kind in {"Cc", "Zs", "Zl", "Zp"} and char != NBSP:
        return " "
    if kind in {"Cf", "Mn", "Me"}:  # soft hyphens, zero-width joiners, stress marks
        return ""
    if char in _drawable():
        return char
    for form in ("NFKC", "NFKD"):  # Ⅱ is II; ồ is o
        spelled = [part for part in unicodedata.normalize(form, char) if part in _drawable()]
        if spelled:
            return "".join(spelled)
    return UNKNOWN


def glued(text: str) -> str:
    """Tie «д.» to its number and «ул.» to its name, so that no line ends between them."""
    return GLUE.sub(rf"\1{NBSP}", text)


def words(text: str) -> list[str]:
    """Split at ordinary spaces; each word keeps the space after it."""
    return re.findall(r"[^ ]+ ?", text)


def link_parts(link: str) -> list[str]:
    """Split after dots and slashes, where a long link may break without a hyphen."""
    return re.findall(r"[^./]*[./]+|[^./]+", link)


def wrapped(pieces: Iterable[str], font: str, size: float, room: float) -> list[str]:
    """Set the pieces into lines no wider than the room; only a wider piece is broken inside."""
    lines: list[str] = []
    line = ""
    for piece in pieces:
        if width((line + piece).rstrip(), font, size) <= room:
            line += piece
            continue
        if line:
            lines.append(line.rstrip())
        *full, line = _broken(piece, font, size, room)
        lines.extend(full)
    return [*lines, line.rstrip()] if line else lines


def _broken(piece: str, font: str, size: float, room: float) -> list[str]:
    """Break a piece wider than the room: at its tied spaces first, then anywhere."""
    if width(piece.rstrip(), font, size) <= room:
        return [piece]
    if NBSP in piece:
        return wrapped(re.findall(rf"[^{NBSP}]+{NBSP}?", piece), font, size, room)
    parts, part = [], ""
    for char in piece:
        if part and width(part + char, font, size) > room:
            parts.append(part)
            part = ""
        part += char
    return [*parts, part]


def fitted(
    text: str, font: str, steps: Sequence[tuple[int, int]], room: float
) -> tuple[int, list[str]]:
    """Return the first (size, lines at most) that holds the text, and its lines.

    If even the last step cannot, the middle is left out: the street and the house number stay.
    """
    lines: list[str] = []
    for size, most in steps:
        lines = wrapped(words(glued(text)), font, size, room)
        if len(lines) <= most:
            return size, lines
    size, most = steps[-1]
    kept = len(text)
    while len(lines) > most:
        kept = kept * 9 // 10
        lines = wrapped(words(glued(_shortened(text, kept))), font, size, room)
    return size, lines


def _shortened(text: str, kept: int) -> str:
    """Leave out the middle, whole words of it where there are words."""
    start, end = text[: kept * 3 // 5], text[-(kept * 2 // 5) :]
    start, end = start.rpartition(" ")[0] or start, end.partition(" ")[2] or end
    return f"{start.rstrip(' ,')} … {end.lstrip(' ,')}"
