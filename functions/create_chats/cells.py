"""Cells of a row as people and spreadsheets leave them: cleaned, and the plain values read."""

import re
from collections.abc import Mapping
from functools import lru_cache

from create_chats.cell_blocks import NOT_COUNTED
from create_chats.columns import ADDRESS_FIELDS
from housechats.domain.address_findings import finding_of
from housechats.domain.address_reading import read_fias_id, visible
from housechats.domain.address_words import says_nothing
from housechats.domain.findings import Finding, found

FINDINGS = {
    "cell_error": (
        False,
        "В ячейке ошибка формулы, значение не учтено. Исправьте формулу или впишите значение.",
    ),
    "place_cell_error": (
        True,
        "В ячейке ошибка формулы, без неё дом не определить. Исправьте её или впишите значение.",
    ),
    "formula_without_value": (
        False,
        "Формула не посчитана, значение не учтено: откройте файл в Excel и сохраните.",
    ),
    "place_formula_without_value": (
        True,
        "Формула не посчитана, без неё дом не определить: откройте файл в Excel и сохраните.",
    ),
    "fias_wrong": (False, "Код ФИАС не прочитан и не учтён: нужны 32 цифры и буквы a–f."),
    "entrances_wrong": (False, "Число подъездов не прочитано: нужно число от 1 до 99."),
    "flats_wrong": (False, "Число квартир не прочитано: нужно число от 1 до 9999."),
    "tags_too_many": (False, "Больше 20 меток: учтены первые 20."),
    "tag_too_long": (False, "Метка длиннее 40 знаков не учтена: сократите её."),
}
"""They repeat nothing of the cell: a row that slipped aside has a person's name or phone there."""

_PLACE = {*ADDRESS_FIELDS, "oktmo"}
"""Columns that tell which house it is."""
_NUMBERS = {"address", "house", "block", "building", "letter", "flat", "entrances", "flats"}
"""Columns where «0» is a number; elsewhere it is what a formula makes of an empty cell."""

MOST_ENTRANCES = 99
"""The longest house of the country has 53."""
MOST_FLATS = 9999
"""The largest one has about 3,700."""
MOST_TAGS, LONGEST_TAG = 20, 40

_ERROR = re.compile(
    r"#(?:Н/Д|ССЫЛКА!|ЗНАЧ!|ДЕЛ/0!|ИМЯ\?|ПУСТО!|ЧИСЛО!|N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!"
    r"|#+)|(?:Err|Ошибка):5\d{2}",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"([0-9]{1,4}|[0-9]\s[0-9]{3})(?:[.,]0+)?\s*(?:под(?:ъезд(?:а|ов)?)?|кв(?:артир[аы]?)?|шт)?\.?",
    re.IGNORECASE,
)
_PLAIN_GUID = re.compile(r"(?!0{8}-)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DASHES = str.maketrans("‐‑‒–—−асеАСЕ", "------aceACE", "\"'«»\u00a0 ")
"""And the Cyrillic letters that stand for the Latin ones of a code."""


def clean(cells: Mapping[str, str]) -> tuple[Mapping[str, str], dict[str, Finding]]:
    """Take out what nobody sees and what formulas failed to tell; say so of each cell."""
    told = "".join(cells.values())
    if "0" in cells.values():
        cells = {name: said for name, said in cells.items() if said != "0" or name in _NUMBERS}
    if told.isprintable() and "#" not in told and ":5" not in told:
        return cells, {}  # as nearly every row
    findings: dict[str, Finding] = {}
    kept = {}
    for name, said in cells.items():
        text = visible(said)
        if text != said:
            findings[name] = finding_of("invisible_characters")
        text = text.strip()
        if code := _failure(text):
            findings[name] = found(FINDINGS, f"place_{code}" if name in _PLACE else code)
        elif text:
            kept[name] = text
    return kept, findings


def _failure(text: str) -> str:
    """Return how the formula of a cell failed, if it did."""
    if text == NOT_COUNTED:
        return "formula_without_value"
    return "cell_error" if _ERROR.fullmatch(text) else ""


def read_fias(text: str) -> tuple[str, Finding | None]:
    """Return the ФИАС id of a house, or an empty string and the reason."""
    if _PLAIN_GUID.fullmatch(text):
        return text, None
    if not text or says_nothing(text):
        return "", None
    fias_id = read_fias_id(text) or read_fias_id(text.translate(_DASHES))
    return fias_id, None if fias_id else found(FINDINGS, "fias_wrong")


def read_entrances(text: str) -> tuple[int, Finding | None]:
    """Return how many entrances a house has, or 0 and the reason."""
    return _count(text, MOST_ENTRANCES, "entrances_wrong")


def read_flats(text: str) -> tuple[int, Finding | None]:
    """Return how many flats a house has, or 0 and the reason."""
    return _count(text, MOST_FLATS, "flats_wrong")


@lru_cache(maxsize=1024)
def _count(text: str, most: int, code: str) -> tuple[int, Finding | None]:
    if not text or text == "0" or says_nothing(text):
        return 0, None
    if said := _COUNT.fullmatch(text):
        count = int("".join(said[1].split()))
        if count <= most:
            return count, None
    return 0, found(FINDINGS, code)


@lru_cache(maxsize=1024)
def read_tags(text: str) -> tuple[tuple[str, ...], Finding | None]:
    """Return the tags of a house, each once."""
    if not text or says_nothing(text):
        return (), None
    said = (" ".join(tag.split()) for tag in re.split(r"[;,\n]", text))
    tags: dict[str, str] = {}
    for tag in said:
        if not says_nothing(tag):
            tags.setdefault(tag.casefold(), tag)
    short = [tag for tag in tags.values() if len(tag) <= LONGEST_TAG]
    if len(short) < len(tags):
        return tuple(short[:MOST_TAGS]), found(FINDINGS, "tag_too_long")
    if len(short) > MOST_TAGS:
        return tuple(short[:MOST_TAGS]), found(FINDINGS, "tags_too_many")
    return tuple(short), None
