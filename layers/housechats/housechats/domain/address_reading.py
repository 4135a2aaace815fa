"""Addresses read from what people typed.

Apart from what an address is: its expressions take a twentieth of a function's start to compile.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from unicodedata import normalize

from housechats.domain.address_findings import FINDINGS, finding_of
from housechats.domain.address_numbers import (
    FLOAT,
    FROM_TO,
    HOUSE_WORD,
    NOT_ORDINAL,
    NUMBERS,
    Tail,
    date_at_end,
    joined_tails,
    may_be_name,
    read_number_columns,
    read_tail,
)
from housechats.domain.address_places import NO_PLACES, PARTS, has_kind, has_street, read_head
from housechats.domain.address_words import KINDS, Level, says_nothing
from housechats.domain.addresses import OWNED, Address
from housechats.domain.findings import Finding

__all__ = [
    "FINDINGS",
    "LONGEST",
    "Finding",
    "parse",
    "parse_parts",
    "read_fias_id",
    "settled",
    "visible",
]


LONGEST = 500
"""Characters of an address; registries stay under 200."""


_GUID = re.compile(r"([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})")


def read_fias_id(text: str) -> str:
    """Return the ФИАС/ГАР id in its one spelling, or an empty string for anything else."""
    found = _GUID.fullmatch(text.strip().strip("{}()").lower().removeprefix("urn:uuid:"))
    return "-".join(found.groups()) if found and found.group().strip("0-") else ""


_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_STRANGE = re.compile(r"[^0-9A-Za-z\u0400-\u052f\s.,;:()/№`'’_-]+")
"""What neither names nor numbers are written with; Cyrillic of all the country's languages is."""
_DIGIT = re.compile(r"\d")
_SPACES = re.compile(r"[^\S\n]+")
_MARK = re.compile(r"[А-Я]{2,3}")
"""Registry exports put a mark of their own, «ВР», on a line below the address."""
_DASHES = str.maketrans("‐‑‒–—−\\", "------/", "\"'«»“”„‟’`")
_TO_TRANSLATE = re.compile("[^\\S\n ]|  |[‐‑‒–—−\\\\\"'«»“”„‟’`]")
"""Most addresses have nothing of these: translating each costs as much as reading it."""


_AFTER_NUMBER = (
    r"(?:[,;(]|$|(?:корпус|корп|кор|к|строение|стр|с|литера?|лит|л)(?:\b|(?=\d))[\s.]*№?\s*\w"
    r"|и\s+\d|дом\b"
    r"|(?:кв|квартиры?|подъезды?|под|парадн|пар|эт|этаж|оф|офис|пом|комн|секц)(?:\b|(?=\d))"
    r"|общежити|\(дубль|мкд\b)"
)
_NUMBER_SHAPE = r"№?\s?\d{1,5}(?:(?: ?- ?| )?[^\W\d_]{1,2}\d?(?![^\W_]))?(?:[/-]\d{1,4}[^\W\d_]?)*"
_NUMBER_AFTER_COMMA = re.compile(
    rf"[,;]\s*(?={NOT_ORDINAL}{_NUMBER_SHAPE}\s*\.?\s*{_AFTER_NUMBER})", re.IGNORECASE
)
_BLOCK_WORD = re.compile(
    r"(?:^|(?<=[\s,.;]))(?=(?:корпус|корп|кор|к|строение|стр)\b\s*\.?\s*№?\s*\d)", re.IGNORECASE
)
_EARLY_PART = re.compile(
    r"(?:^|,)\s*((?:корпус|корп|строение|стр|литера?|лит)\b[\s.]*№?\s*"
    r"(?:\d{1,4}\s?[^\W\d_]?|[^\W\d_]))\s*(?=,|$)",
    re.IGNORECASE,
)
_STREET_KINDS = "|".join(word for word, (level, _) in KINDS.items() if level is Level.STREET)
_NUMBER_AFTER_KIND = re.compile(
    rf"[^\W\d_]{{3,}}\s+(?P<word>{_STREET_KINDS})(?:\.\s*|\s+)"
    rf"(?={NOT_ORDINAL}{_NUMBER_SHAPE}\s*\.?\s*{_AFTER_NUMBER})",
    re.IGNORECASE,
)
"""«Ленина ул 5»; but in «Омск, линия 5» the number is a name."""
_NUMBER_GLUED = re.compile(
    rf"(?:^|(?<=[\s,]))(?:{_STREET_KINDS})(?:\.|\b)\s*(?P<word>[А-ЯЁ][а-яё]{{2,}})"
    r"(?=\d{1,4}[^\W\d_]?$)"
)
"""«ул.Ленина5»"""
_NUMBER_AFTER_WORD = re.compile(
    rf"(?P<word>[^\W\d_]+)\s(?={NOT_ORDINAL}{_NUMBER_SHAPE}\s*\.?\s*{_AFTER_NUMBER})",
    re.IGNORECASE,
)


def parse(text: str) -> tuple[Address | None, tuple[Finding, ...]]:
    """Read an address; what is unclear becomes a finding, never a guess."""
    return parse_parts({"address": text})


def parse_parts(
    cells: Mapping[str, str], *, locality: str = ""
) -> tuple[Address | None, tuple[Finding, ...]]:
    """Read an address out of one cell or of several, named as the parts of `Address` are.

    A cell `address` says what it says, the others what it leaves out; `locality` is the town of
    a list whose rows name none.
    """
    findings: list[Finding] = []
    said = {}
    for name, text in cells.items():
        if text and name in _CELLS:
            cell = _seen_cell(text) if len(text) <= LONGEST_SEEN else _read_cell(text)
            if name == "address" or not cell.says_nothing:
                said[name] = cell.text
                findings += cell.findings
    address, findings_of_parts = _read_parts(said, locality)
    findings += findings_of_parts
    if findings and any(finding.fatal for finding in findings):
        findings = [finding for finding in findings if finding.code != "street_kind_missing"]
    return address, tuple(dict.fromkeys(findings))


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    findings: tuple[Finding, ...]
    says_nothing: bool


def _read_cell(written: str) -> _Cell:
    findings: list[Finding] = []
    text = _cleaned(written, findings)
    return _Cell(text, tuple(findings), says_nothing(written))


LONGEST_SEEN = 60
"""Characters of regions, towns and numbers of houses, which many rows share."""
_seen_cell = lru_cache(maxsize=16384)(_read_cell)


_CELLS = {"address", "house", *PARTS, *NUMBERS}


def settled(address: Address, kind: str) -> Address:
    """Return an address of «пр.» as that of the проспект or the проезд that the list names."""
    return replace(address, street_type=kind)


def _read_parts(said: dict[str, str], town: str) -> tuple[Address | None, list[Finding]]:
    text = said.get("address", "") or said.get("street", "")
    if text.endswith("0"):
        text = FLOAT.sub(r"\1", text)
    if unreadable := _unreadable(said, text, town):
        return None, [unreadable]
    head_text, tail_text, owned = _split(text)
    tail = read_tail(tail_text)
    if "house" in said or any(name in said for name in NUMBERS):
        columns, owned_there = read_number_columns(said)
        tail = joined_tails(tail, columns)
        owned = owned or owned_there
    if len(said) == 1 and "address" in said:
        places = NO_PLACES
    elif said.get("address"):
        places = (*(said.get(name, "") for name in PARTS[:-1]), _split(said.get("street", ""))[0])
    else:
        places = (*(said.get(name, "") for name in PARTS[:-1]), head_text)
        head_text = ""
    return _whole(head_text, places, tail, town, owned=owned)


def _unreadable(said: Mapping[str, str], text: str, town: str) -> Finding | None:
    """Return why no address is there to be read, if so."""
    if not any(said.values()):
        return finding_of("address_missing")
    for cell in said.values():
        if len(cell) > LONGEST:
            return finding_of("address_too_long")
        if strange := _STRANGE.findall(cell):
            return finding_of("address_symbols", " ".join(strange))
    if not _DIGIT.search(text):
        return None
    if several := FROM_TO.search(text):
        return finding_of("house_several", several.group())
    return date_at_end(text, town)


def _whole(
    text: str, places: tuple[str, ...], tail: Tail, town: str, *, owned: bool
) -> tuple[Address | None, list[Finding]]:
    """Put the place and the number together, and say what is missing."""
    findings: list[Finding] = []
    head = read_head(text, places, town)
    if tail.loose:
        if not head.locality or any(has_kind(chunk) for chunk in tail.loose):
            # «…, д. 7, Москва, 115114»: the town may come last.
            head = read_head(", ".join([text, *tail.loose]), places, town)
        else:
            findings.append(finding_of("house_unclear", ", ".join(tail.loose)))
    findings += (*head.findings, *tail.findings)
    house = f"{OWNED}. {tail.house}" if owned and tail.house else tail.house
    # «к. 5» alone may be a flat; «стр. 5» is a building in its own right.
    numbered = house or tail.building or (head.numbers_blocks and tail.block)
    if not numbered and not any(finding.fatal for finding in tail.findings):
        findings.append(finding_of("house_missing"))
    if not head.locality:
        findings.append(finding_of("locality_missing"))
    elif not head.street and not head.streetless:
        findings.append(finding_of("street_missing"))
    if not (numbered and head.locality and (head.street or head.streetless)):
        return None, findings
    address = Address(
        head.region,
        head.district,
        head.locality,
        head.street_type,
        head.street,
        house,
        tail.block,
        tail.building,
        tail.letter,
    )
    return address, findings


def visible(text: str) -> str:
    """Take out what nobody sees: zero-width, right-to-left and control characters."""
    return _INVISIBLE.sub("", text)


def _cleaned(text: str, findings: list[Finding]) -> str:
    if _INVISIBLE.search(text):
        text = visible(text)
        findings.append(finding_of("invisible_characters"))
    text = normalize("NFC", text)
    if _TO_TRANSLATE.search(text):
        text = _SPACES.sub(" ", text.translate(_DASHES))
    text = text.strip(" ,.;\n")
    if "\n" in text:
        lines = [line for line in (line.strip(" ,.;") for line in text.split("\n")) if line]
        notes: list[str] = []
        while len(lines) > 1 and _MARK.fullmatch(lines[-1]):
            notes.insert(0, lines.pop())
        if notes:
            findings.append(finding_of("note_dropped", ", ".join(notes)))
        text = ", ".join(lines)
    return text


def _split(text: str) -> tuple[str, str, bool]:
    """Return what stands before the house number, what begins with it, whether it is a plot's."""
    if not _DIGIT.search(text):
        return text, "", False
    if found := HOUSE_WORD.search(text):
        head, tail = text[: found.start()], text[found.end() :]
        if early := _EARLY_PART.findall(head):
            # «корп. 2, д. 5»
            head, tail = _EARLY_PART.sub("", head), ", ".join((tail, *early))
        return head, tail, bool(found["owned"])
    # «мкр. 5, корп. 3»: a number after a kind is a name.
    after_words = [
        match for match in _NUMBER_AFTER_WORD.finditer(text) if may_be_name(match["word"])
    ]
    # «Лесозавод 25, ул. Ленина 5»: a number before the street is no house.
    beside_street = next(
        (match for match in after_words if not has_street(text[match.end() :])), None
    )
    found = (
        _NUMBER_AFTER_COMMA.search(text)
        or beside_street
        or _NUMBER_AFTER_KIND.search(text)
        or _BLOCK_WORD.search(text)
        or _NUMBER_GLUED.search(text)
    )
    if found:
        head = text[: found.end()] if "word" in found.re.groupindex else text[: found.start()]
        return head, text[found.end() :], False
    return text, "", False
