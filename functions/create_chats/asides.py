"""Rows of a list that tell no house: totals, notes, signatures, titles, numbers of columns."""

import re
from collections.abc import Mapping, Sequence

from create_chats.header import header_texts

_TOTALS = ("итого", "всего", "общий итог")
_NOTES = (
    "исполнитель", "составил", "составила", "составили", "подготовил", "подготовила", "проверил",
    "проверила", "согласовано", "утверждаю", "подпись", "примечание", "примечания", "справочно",
    "главный", "ведущий", "старший", "младший", "специалист", "инженер", "бухгалтер", "экономист",
    "консультант", "начальник", "директор", "заместитель", "руководитель", "председатель", "глава",
    "врио",
)  # fmt: skip
"""How notes and signatures begin. Words end where they end: «Итоговая» is a street."""
_TOTAL = re.compile(rf"(?:{'|'.join(_TOTALS)})\b", re.IGNORECASE)
_NOTE = re.compile(
    rf"(?:{'|'.join(_NOTES)})\b|м\.?\s?п\.?$|(?:тел|телефон|дата|источник)\.?\s*:"
    r"|исп\.\s*[^\W\d]|список\s+(?:составлен|сформирован|верен)\w*\b|раздел\s+[\dIVX]+\b"
    r"|\*+\s*(?:[—–-]|по\b|данные\b|сведения\b)",
    re.IGNORECASE,
)
_MAY_BEGIN = frozenset(
    beginning
    for word in (
        *_TOTALS,
        *_NOTES,
        "м.",
        "м ",
        "мп",
        "те",
        "да",
        "сп",
        "ра",
        "* ",
        "**",
        "*п",
        "*с",
    )
    for beginning in (word[:2], word[:2].upper(), word[:2].capitalize())
)
"""First letters of what may be no address; most addresses begin with others."""
_SIGNATURE = re.compile(r"_{4,}")
_COUNT = re.compile(
    r"\d[\d\s]*(?:дом(?:а|ов)?|мкд|строк[аи]?|адрес(?:а|ов)?)?[.,;]?", re.IGNORECASE
)
"""What may stand beside «Итого»."""
_SECTION = re.compile(
    r"(?:[\w.-]+\s+){1,3}(?:район|округ|поселение|р-о?н)(?:\s+г(?:\.|ород\w?)?\s*[^\W\d]+)?"
    r"|(?:район|округ)\s+[^\W\d]+",
    re.IGNORECASE,
)
"""«Ленинский район» over its houses; an address goes on."""
_PLACE_KIND = (
    r"(?:г(?:ор|ород)?|п(?:ос)?|пос[её]лок|п\.?\s?г\.?\s?т|р\.?\s?п|рабочий\s+пос[её]лок|село|с|дер|деревня"
    r"|д|ст-ца|станица|хутор|х|аул)"
)
_PLACE = re.compile(
    rf"{_PLACE_KIND}(?:\.\s*|\s+)[^\W\d_][^\W\d_-]+(?:[ -][^\W\d_]+){{0,2}}\s*[.:]?"
    rf"|[^\W\d_][^\W\d_-]+(?:[ -][^\W\d_]+){{0,2}}\s+{_PLACE_KIND}\.?\s*:?",
    re.IGNORECASE,
)
"""«п. Лесной» alone in a row stands over the houses of a place."""
_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")
_SAYS = re.compile(r"[^\W_]")
_NOT_OF_NOTES = {"elder_name", "management_company", "administration", "utility"}
_NUMBERS = 3
"""A row «1 | 2» may be a house; «1 | 2 | 3» numbers the columns."""
_GUID = 32


def is_surely_house(row: Mapping[str, str]) -> bool:
    """Tell at a glance, of nearly every row, that it has an address."""
    address = row.get("address")
    return bool(
        address and "," in address and address[:2] not in _MAY_BEGIN and "__" not in address
    )


def tells_house(row: Mapping[str, str]) -> bool:
    """Tell whether a row has an address of its own, be it a wrong one."""
    address = row.get("address") or (row.get("house") and row.get("street")) or ""
    return not _says_nothing(address) or len(row.get("fias_id", "")) >= _GUID


def is_aside(texts: Sequence[str], fields: Mapping[int, str]) -> bool:
    """Tell whether a row without an address tells no house; in doubt it gets a verdict."""
    said = {i: text for i, text in enumerate(texts) if text}
    own = list(said.values())
    if any(map(_TOTAL.match, own)) or any(map(_SIGNATURE.search, own)):
        return True
    if not any(map(_SAYS.search, own)):
        return True  # «---»
    if fields.get(next(iter(said))) not in _NOT_OF_NOTES and _NOTE.match(own[0]):
        return True
    return _is_numbering(own) or _is_section(said, fields)


def may_be_title(row: Mapping[str, str]) -> bool:
    """Tell at a glance whether a row may be a title over others: it says little."""
    return len(row) <= 1 and not _DIGIT.search("".join(row.values()))


def place_above(texts: Sequence[str]) -> str:
    """Return the place that a row of nothing else names for the rows below it."""
    said = header_texts([text for text in texts if text])
    return said[0] if len(said) == 1 and _PLACE.fullmatch(said[0]) else ""


def _says_nothing(address: str) -> bool:
    """Tell whether what stands where the address belongs is none by itself."""
    return bool(
        not _LETTER.search(address)
        or _TOTAL.match(address)
        or _NOTE.match(address)
        or _SIGNATURE.search(address)
        or _COUNT.fullmatch(address)
        or _SECTION.fullmatch(address)
    )


def _is_numbering(texts: Sequence[str]) -> bool:
    return len(texts) >= _NUMBERS and list(texts) == [str(n) for n in range(1, len(texts) + 1)]


def _is_section(said: Mapping[int, str], fields: Mapping[int, str]) -> bool:
    """Tell whether a row is a title over others, or numbers that nothing was written to."""
    unknown = said.keys().isdisjoint(fields)
    if unknown and not any(map(_LETTER.search, said.values())):
        return True
    if len(said) > 1:
        return False
    (text,) = said.values()
    return bool(_SECTION.fullmatch(text)) or (unknown and not any(map(str.isdigit, text)))
