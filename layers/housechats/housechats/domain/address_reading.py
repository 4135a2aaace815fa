"""Addresses read from what people typed.

Apart from what an address is: its expressions take a twentieth of a function's start to compile.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from unicodedata import normalize

from housechats.domain.address_words import (
    CITY,
    COUNTRY,
    FEDERAL_CITIES,
    INNER,
    KINDS,
    OF_ANY_HOUSE,
    OVERRULES_STREET,
    REGION_INITIALS,
    SAME_WORDS,
    STREET,
    STREETLESS_CITIES,
    UNCLEAR_FIRST,
    UNCLEAR_STREET,
    Level,
    says_nothing,
)
from housechats.domain.addresses import OWNED, Address, number_key, with_kind

LONGEST = 500
"""Characters of an address; registries stay under 200."""
QUOTED = 60
"""Characters of a cell that a message repeats."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a text, or worth a look."""

    code: str
    message: str
    fatal: bool


FINDINGS = {
    "address_missing": (True, "Адрес не указан. Напишите город, улицу и номер дома."),
    "address_too_long": (True, "Слишком длинный адрес: оставьте город, улицу и номер дома."),
    "address_unclear": (
        True,
        (
            "Непонятно, что значит «{}» в адресе. Напишите по порядку и через запятые: "
            "г. Город, ул. Улица, д. 1."
        ),
    ),
    "address_symbols": (
        True,
        "В адресе есть знаки, которых там не бывает: «{}». Уберите их или впишите адрес заново.",
    ),
    "address_columns_differ": (
        True,
        "В адресе дом «{}», а в столбце с номером — «{}». Исправьте то, что неверно.",
    ),
    "locality_missing": (True, "В адресе нет города или села. Напишите, например: г. Город, …"),
    "street_missing": (True, "В адресе нет улицы. Напишите, например: ул. Ленина, …"),
    "street_several": (True, "В адресе две улицы: «{}». Оставьте одну."),
    "street_kind_unclear": (
        True,
        "Непонятно, что значит «{}»: напишите {}.",
    ),
    "initial_or_place": (
        True,
        (
            "Непонятно, «{}» — населённый пункт или улица. Напишите полностью: «посёлок …», "
            "«село …», «деревня …» или «ул. …»."
        ),
    ),
    "street_kind_missing": (False, "Не сказано, улица это или проспект: «{}» прочитано как улица."),
    "street_kind_several": (False, "Две пометки вида улицы, прочитано как «{}». Проверьте."),
    "house_missing": (True, "В адресе нет номера дома. Напишите, например: …, д. 12."),
    "house_unclear": (
        True,
        (
            "Непонятно «{}» после номера дома. Оставьте номер, корпус, строение и литеру, "
            "например: д. 12, корп. 3."
        ),
    ),
    "house_became_date": (
        True,
        (
            "Номер дома превратился в дату: «{}». Напишите номер, например {}, и задайте ячейке "
            "формат «Текст»."
        ),
    ),
    "house_several": (True, "Похоже на несколько домов: «{}». Каждый дом нужен в своей строке."),
    "house_range": (
        True,
        (
            "«{}» похоже на несколько домов. Каждый дом нужен в своей строке; если это номер "
            "одного дома, напишите его через дробь."
        ),
    ),
    "house_fraction": (
        False,
        "Номер дома через дробь: «{}». Если вторая цифра — корпус, напишите «корп.».",
    ),
    "part_of_house": (
        True,
        "Указана часть дома («{}»). Нужен дом целиком: уберите подъезд, этаж или квартиру.",
    ),
    "building_described": (
        False,
        "На месте номера строения стоит слово «{}». Если оно лишнее, уберите его.",
    ),
    "note_dropped": (False, "Пометка «{}» после адреса не учтена."),
    "invisible_characters": (False, "Из адреса убраны невидимые знаки."),
}
"""Codes of findings: whether the address is unusable, and what people are told."""


def _finding(code: str, *about: str) -> Finding:
    fatal, message = FINDINGS[code]
    return Finding(code, message.format(*map(_quoted, about)), fatal)


def _quoted(text: str) -> str:
    return "".join(c if c.isprintable() else "\ufffd" for c in text[:QUOTED])


_GUID = re.compile(r"([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})")


def read_fias_id(text: str) -> str:
    """Return the ФИАС/ГАР id in its one spelling, or an empty string for anything else."""
    found = _GUID.fullmatch(text.strip().strip("{}()").lower().removeprefix("urn:uuid:"))
    return "-".join(found.groups()) if found and found.group().strip("0-") else ""


# Reading


_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_STRANGE = re.compile(r"[^0-9A-Za-z\u0400-\u052f\s.,;:()/№`'’_-]+")
"""What neither names nor numbers are written with; Cyrillic of all the country's languages is."""
_SPACES = re.compile(r"[^\S\n]+")
_MARK = re.compile(r"[А-Я]{2,3}")
"""Registry exports put a mark of their own, «ВР», on a line below the address."""
_DASHES = str.maketrans("‐‑‒–—−\\", "------/", "\"'«»“”„‟’`")
_TO_TRANSLATE = re.compile("[^\\S\n ]|  |[‐‑‒–—−\\\\\"'«»“”„‟’`]")
"""Most addresses have nothing of these: translating each costs as much as reading it."""
_REWRITTEN = [
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (r"\bр\.\s?п\.", "рп. "),
        (r"\bп\.\s?г\.\s?т\.", "пгт. "),
        (r"\bг\.\s?о\.", "г/о "),
        (r"ж/д[_ ]?ст\b", "ж/д"),
        (r"\bв\.\s?о\.,\s*([^,]+)", r"\1 В.О."),
        (r"\b(?:городско|муниципальн|сельско)\w+\s+(?=округ|район|поселени)", ""),
        (r"(?:^|,)\s*(?:российская федерация|россия)\b", ","),
    )
]
"""Kinds of several words or letters, as one word."""

LONGEST_DATE = 24
"""Characters: «5 сентября 2026 г.», «2026-11-05 00:00:00»."""
_MONTHS = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_MONTH = (
    r"(?:янв(?:ар[ья])?|фев(?:рал[ья])?|мар(?:та?)?|апр(?:ел[ья])?|ма[йя]|ию[нл][ья]?"
    r"|авг(?:уста?)?|сен(?:т(?:ябр[ья])?)?|окт(?:ябр[ья])?|ноя(?:бр[ья])?|дек(?:абр[ья])?)"
)
_DATE = re.compile(
    r"(?:^|(?<=[\s,.]))(?:"
    r"(?:19|20)\d\d-(?P<iso_month>\d\d)-(?P<iso_day>\d\d)(?:[T ]\d\d:\d\d(?::\d\d)?)?"
    r"|(?P<first>\d{1,2})(?:(?P<mark>[.-])(?P<second>\d{1,2})(?P=mark)(?:(?:19|20)\d\d|\d\d)"
    r"|/(?P<third>\d{1,2})/(?:19|20)\d\d)(?:\s+0?0:00(?::00)?)?"
    rf"|(?P<day>\d{{1,2}})(?P<gap>[\s.-]*)(?P<month>{_MONTH})(?:[\s.-]*(?:19|20)?\d\d)?(?:\s?г)?"
    rf"|(?P<word>{_MONTH})[\s.-]+(?P<number>\d{{1,4}})"
    r")\.?$",
    re.IGNORECASE,
)
"""«05.ноя», «май.12», «05.11.2026», «2026-11-05 00:00:00» at the end of a text."""

_ENDING = r"\d+-(?:ый|ая|ое|ой|ий|й|я|е|го|лети[ея])\b"
_NOT_ORDINAL = rf"(?!{_ENDING})"
_NO_NAME_AHEAD = rf"(?!{_ENDING}\s+(?!корп|стр|лит|дом|кв)[^\W\d_]{{3}})"
"""«д. 1-я Слобода» is a village, «д. 1-Е» is a house."""
_HOUSE_WORD = re.compile(
    rf"(?:^|(?<=[\s,.;)]))(?:(?P<owned>владение|влад|влд|вл)|дом|д|здание|зд)\b\s*[.:]?\s*"
    rf"(?:(?:дом|д)\b\s*\.?\s*)?(?:№\s*)?\.?(?={_NO_NAME_AHEAD}\d)",
    re.IGNORECASE,
)
_AFTER_NUMBER = (
    r"(?:[,;(]|$|(?:корпус|корп|кор|к|строение|стр|с|литера?|лит|л)\b[\s.]*№?\s*\w|и\s+\d"
    r"|(?:кв|квартиры?|подъезды?|под|парадн|пар|эт|этаж|оф|офис|пом|комн|секц)(?:\b|(?=\d))"
    r"|общежити|\(дубль|мкд\b)"
)
_NUMBER_SHAPE = r"№?\s?\d{1,4}(?:[ -]?[^\W\d_]{1,2}\d?(?![^\W_]))?(?:[/-]\d{1,4}[^\W\d_]?)*"
_NUMBER_AFTER_COMMA = re.compile(
    rf"[,;]\s*(?={_NOT_ORDINAL}{_NUMBER_SHAPE}\s*\.?\s*{_AFTER_NUMBER})", re.IGNORECASE
)
_BLOCK_WORD = re.compile(
    r"(?:^|(?<=[\s,.;]))(?=(?:корпус|корп|кор|к|строение|стр)\b\s*\.?\s*№?\s*\d)", re.IGNORECASE
)
_EARLY_PART = re.compile(
    r"(?:^|,)\s*(?P<part>(?:корпус|корп|строение|стр|литера?|лит)\b[\s.]*№?\s*"
    r"(?:\d{1,4}\s?[^\W\d_]?|[^\W\d_]))\s*(?:,|$)",
    re.IGNORECASE,
)
_NUMBER_AFTER_WORD = re.compile(
    rf"(?P<word>[^\W\d_]+)\s(?={_NOT_ORDINAL}{_NUMBER_SHAPE}\s*\.?\s*{_AFTER_NUMBER})",
    re.IGNORECASE,
)


PARTS = ("region", "district", "locality_type", "locality", "street_type", "street")
NUMBERS = {"block": "корп.", "building": "стр.", "letter": "лит."}


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
    said = {
        name: _cleaned(cell, findings)
        for name, cell in cells.items()
        if cell and (name in _CELLS) and (name == "address" or not says_nothing(cell))
    }
    address, findings_of_parts = _read_parts(said, locality)
    findings += findings_of_parts
    if any(finding.fatal for finding in findings):
        findings = [finding for finding in findings if finding.code != "street_kind_missing"]
    return address, tuple(dict.fromkeys(findings))


_CELLS = {"address", "house", *PARTS, *NUMBERS}


def settled(address: Address, kind: str) -> Address:
    """Return an address of «пр.» as that of the проспект or the проезд that the list names."""
    return replace(address, street_type=kind)


def _read_parts(said: dict[str, str], town: str) -> tuple[Address | None, list[Finding]]:
    if not any(said.values()):
        return None, [_finding("address_missing")]
    for cell in said.values():
        if len(cell) > LONGEST:
            return None, [_finding("address_too_long")]
        if strange := _STRANGE.findall(cell):
            return None, [_finding("address_symbols", " ".join(strange))]
    text = said.get("address", "") or said.get("street", "")
    if text.endswith("0"):
        text = _FLOAT.sub(r"\1", text)
    if date_told := _date_at_end(text, town):
        return None, [date_told]
    if several := _FROM_TO.search(text):
        return None, [_finding("house_several", several.group())]
    head_text, tail_text, owned = _split(text)
    tail = _read_tail(tail_text)
    if "house" in said or any(name in said for name in NUMBERS):
        columns, owned_there = _read_number_columns(said)
        tail = _joined_tails(tail, columns)
        owned = owned or owned_there
    if len(said) == 1 and "address" in said:
        places = _NO_PLACES
    elif said.get("address"):
        places = tuple(said.get(name, "") for name in PARTS)
    else:
        places = (*(said.get(name, "") for name in PARTS[:-1]), head_text)
        head_text = ""
    return _whole(head_text, places, tail, town, owned=owned)


def _whole(
    text: str, places: tuple[str, ...], tail: "_Tail", town: str, *, owned: bool
) -> tuple[Address | None, list[Finding]]:
    """Put the place and the number together, and say what is missing."""
    findings: list[Finding] = []
    head = _read_head(text, places, town)
    if tail.loose:
        if not head.locality or any(_has_kind(chunk) for chunk in tail.loose):
            # «…, д. 7, Москва, 115114»: the town may come last.
            head = _read_head(", ".join([text, *tail.loose]), places, town)
        else:
            findings.append(_finding("house_unclear", ", ".join(tail.loose)))
    findings += (*head.findings, *tail.findings)
    house = f"{OWNED}. {tail.house}" if owned and tail.house else tail.house
    numbered = house or tail.block or tail.building
    if not numbered and not any(finding.fatal for finding in tail.findings):
        findings.append(_finding("house_missing"))
    if not head.locality:
        findings.append(_finding("locality_missing"))
    elif not head.street and not head.streetless:
        findings.append(_finding("street_missing"))
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


def _has_kind(chunk: str) -> bool:
    words = chunk.split()
    return _is_postcode(words) or any(_kind_of(word) for word in words)


# Numbers that a spreadsheet spoiled


_FIRST_DAY = date(1899, 12, 30)
"""Spreadsheets count days from here."""
_SERIAL = re.compile(r"[34]\d{4}|5[0-4]\d{3}")
"""Days of 1982 to 2050: no house has such a number."""
_FLOAT = re.compile(r"(?<![\d.])(\d{1,4})[.,]0+$")
_FROM_TO = re.compile(
    r"\b(?:с|от)\s+№?\d{1,4}\w?\s+(?:по|до)\s+№?\d{1,4}\w?(?!\w)", re.IGNORECASE
)
_ENDS_WITH_HOUSE_WORD = re.compile(r"(?:(?:^|[\s,.])(?:дом|д|здание|зд)\.?|№)$", re.IGNORECASE)
_GENITIVE_MONTH = re.compile(r".*(?:[ая]|та)$", re.IGNORECASE)


def _date_at_end(text: str, town: str) -> Finding | None:
    """Say that a house number became a date, unless it is a street: «ул. 8 Марта»."""
    found = _DATE.search(text, max(0, len(text) - LONGEST_DATE))
    if not found:
        return None
    before = text[: found.start()].rstrip()
    word = found["month"] or found["word"]
    if not word or _ENDS_WITH_HOUSE_WORD.search(before):
        is_date = True
    elif _GENITIVE_MONTH.fullmatch(word):
        head = _read_head(before, town=town)
        is_date = before.endswith(",") and bool(head.street and head.locality)
    elif before.endswith(",") or not before:
        is_date = True
    else:
        is_date = found["gap"] in {".", "-"} and not _kind_of(before.split()[-1])
    return _became_date(found) if is_date else None


def _became_date(found: re.Match[str]) -> Finding:
    return _finding("house_became_date", found.group(), _typed_before(found))


def _typed_before(found: re.Match[str]) -> str:
    """Return what number people had typed, in both orders where either may be."""
    if found["day"]:
        return f"{int(found['day'])}/{_month_number(found['month'])}"
    if found["iso_day"]:
        first, second = int(found["iso_day"]), int(found["iso_month"])
    elif found["word"]:
        first, second = int(found["number"]), _month_number(found["word"])
    else:
        first, second = int(found["first"]), int(found["second"] or found["third"])
    if found["word"] and first > len(_MONTHS):
        return f"{second}/{first}"
    return f"{first}/{second} или {second}/{first}" if first != second else f"{first}/{second}"


def _month_number(word: str) -> int:
    return next(i for i, month in enumerate(_MONTHS, 1) if word.lower().startswith(month))


def _read_number_columns(said: Mapping[str, str]) -> tuple["_Tail", bool]:
    """Read a house number whose parts stand in columns; and whether it is that of a plot."""
    house = _FLOAT.sub(r"\1", said.get("house", ""))
    told = _became_date(found) if (found := _DATE.fullmatch(house)) else None
    if not told and _SERIAL.fullmatch(house):
        day = _FIRST_DAY + timedelta(days=int(house))
        told = _finding("house_became_date", house, f"{day.day}/{day.month}")
    if not told and (several := _FROM_TO.search(house)):
        told = _finding("house_several", several.group())
    if told:
        return _Tail(findings=(told,)), False
    word = _HOUSE_WORD.match(house)
    parts = [house[word.end() :] if word else house]
    for name, kind in NUMBERS.items():
        if name in said:
            number = _FLOAT.sub(r"\1", said[name])
            parts.append(f"{kind} {number}")
    return _read_tail(", ".join(parts)), bool(word and word["owned"])


def _joined_tails(one: "_Tail", other: "_Tail") -> "_Tail":
    """Join what an address and its columns say of one number, if they agree."""
    findings = (*one.findings, *other.findings)
    if not (one.house or one.block or one.building):
        return replace(other, loose=(*one.loose, *other.loose), findings=findings)
    if _numbers(one) == _numbers(other):
        return one
    parts = {}
    for name in ("house", *NUMBERS):
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine and theirs and number_key(mine) != number_key(theirs):
            findings = (*findings, _finding("address_columns_differ", mine, theirs))
        parts[name] = mine or theirs
    return replace(one, **parts, findings=findings)


def _numbers(tail: "_Tail") -> str:
    return number_key("".join((tail.house, tail.block, tail.building, tail.letter)))


def visible(text: str) -> str:
    """Take out what nobody sees: zero-width, right-to-left and control characters."""
    return _INVISIBLE.sub("", text)


def _cleaned(text: str, findings: list[Finding]) -> str:
    if _INVISIBLE.search(text):
        text = visible(text)
        findings.append(_finding("invisible_characters"))
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
            findings.append(_finding("note_dropped", ", ".join(notes)))
        text = ", ".join(lines)
    return text


def _split(text: str) -> tuple[str, str, bool]:
    """Return what stands before the house number, what begins with it, whether it is a plot's."""
    if found := _HOUSE_WORD.search(text):
        head, tail = text[: found.start()], text[found.end() :]
        if early := _EARLY_PART.search(head):
            # «корп. 2, д. 5»
            head, tail = head[: early.start()] + head[early.end() :], f"{tail}, {early['part']}"
        return head, tail, bool(found["owned"])
    found = _NUMBER_AFTER_COMMA.search(text) or next(
        # «мкр. 5, корп. 3»: a number after a kind is a name.
        (match for match in _NUMBER_AFTER_WORD.finditer(text) if _may_be_name(match["word"])),
        _BLOCK_WORD.search(text),
    )
    if found:
        head = text[: found.end()] if "word" in found.re.groupindex else text[: found.start()]
        return head, text[found.end() :], False
    return text, "", False


# The house number and what follows it


@dataclass(frozen=True, slots=True)
class _Tail:
    house: str = ""
    block: str = ""
    building: str = ""
    letter: str = ""
    loose: tuple[str, ...] = ()
    """What is no part of a house number and may belong to the place."""
    findings: tuple[Finding, ...] = ()


_TAIL_KINDS = {
    "house": "дом д",
    "block": "корпус корп кор к",
    "building": "строение стр с",
    "letter": "литера литеры литер лит л",
    "part": "квартира квартиры кв подъезды подъезд под парадная парадные пар секция этаж эт "
    "офис оф помещение пом комната комн",
}
_TAIL_WORDS = {word: name for name, words in _TAIL_KINDS.items() for word in words.split()}
_TAIL_KIND = re.compile(
    rf"(?P<kind>{'|'.join(sorted(_TAIL_WORDS, key=len, reverse=True))})"
    r"(?:\b|(?=\d))\s*[.:]*\s*(?:-(?=\w))?(?=[\w№-]|[\s.,;()]*$)|(?P<litera>л(?:ит(?:ер)?)?)(?=[а-я]\b)",
    re.IGNORECASE,
)
_NO_BLOCK_WORD = r"(?!кв|эт|и\s+\d|[кс](?:[\s.]*№?\d|\s*\.|\s+[^\W\d_]\b)|л[\s.]*[^\W\d_]\b)"
_LETTERS = rf"(?:[ -]?{_NO_BLOCK_WORD}[^\W\d_]{{1,2}}(?:\d{{1,2}})?(?![^\W_]))?"
_NUMBER = re.compile(
    rf"№?\s?(?P<number>\d{{1,4}}{_LETTERS}"
    rf"(?:/(?:\d{{1,4}}{_LETTERS}|[^\W\d_](?![^\W_])))*)(?P<range>\s?-\s?\d{{1,4}}{_LETTERS})?"
    r"(?!\d|\s?-\s?\d)",
    re.IGNORECASE,
)
_PART_OF_HOUSE = re.compile(
    r"подъезд|парадн|секци|\b(?:кварт\w*|кв|этаж[аи]?|эт|под|пар)\b", re.IGNORECASE
)
_SEVERAL = re.compile(r"и\s+\d|.*\d\s*[,–-]\s*\d|.*\d\s+по\s+\d", re.IGNORECASE)
_DESCRIPTION = re.compile(
    r"(?:\s*\b(?:дубль(?:\s*(?:\d{1,2}|[xх]))?|\d{1,2}[- ]?(?:х\s?|ти\s?|и\s?)?этажн\w*"
    r"|общежити\w*|новостройк\w*|жил(?:ой|ого|ая|ое)|(?:сблокированн|многоквартирн|кирпичн|панельн"
    r"|крупнопанельн|блочн|крупноблочн|монолитн|деревянн|деревян|бревенчат|брусов|щитов|каменн"
    r"|аварийн|ветх|муниципальн|ведомственн|благоустроенн|неблагоустроенн|одноэтажн|двухэтажн"
    r"|трехэтажн|пятиэтажн|девятиэтажн|многоэтажн|малосемейн)(?:ый|ая|ое|ой|ого)?|дом|здание|мкд"
    r"|а/я\s*№?\s*\d+|кирпич|панель|брус|малосемейка|тсж|жск|расселен\w*|признан\w*|гостиничного|типа)\b"
    r"[\s.,-]*)+",
    re.IGNORECASE,
)
"""What a house is made of or used for: it is the same house without these words. «Новый» is none
of them: such a house stands beside the old one of that number."""
_NOTE = re.compile(r"\(([^()]*)\)?")
_PLACE_AFTER_HOUSE = re.compile(r"(?:с|д)\b\.?\s*(?:\d+-\w+\s+)?[^\W\d_]{3,}", re.IGNORECASE)
_LONG_WORD_OF_LETTERS = re.compile(r"[^\W\d_]{3}")
_LETTER = re.compile(r"[^\W\d_]{1,2}\d{0,2}(?![^\W_])", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s.,;)]*")
_TO_COMMA = re.compile(r"[^,;()]*")
_ZERO_TYPED_AS_LETTER = re.compile(r"\d[оo]\d", re.IGNORECASE)
_SIMPLE_TAIL = re.compile(r"(\d{1,4}) ?([А-Яа-я]?)(?:, ?(?:к|корп)\. ?(\d{1,3}))?")


@lru_cache(maxsize=16384)
def _read_tail(text: str) -> _Tail:
    if (found := _SIMPLE_TAIL.fullmatch(text)) and not text.startswith("0"):
        return _Tail(found[1] + found[2].upper(), found[3] or "")
    if _ZERO_TYPED_AS_LETTER.search(text):
        return _Tail(findings=(_finding("house_unclear", text),))
    reader = _TailReader(_FLOAT.sub(r"\1", text))
    reader.read()
    return _Tail(
        **reader.parts, loose=tuple(reader.loose), findings=tuple(dict.fromkeys(reader.findings))
    )


@dataclass
class _TailReader:
    text: str
    position: int = 0
    last: str = ""
    """The part that was read last: letters after a comma belong to it."""
    parts: dict[str, str] = field(default_factory=dict)
    loose: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def read(self) -> None:
        kind = "house"
        while True:
            self._skip(_BETWEEN)
            if self.position >= len(self.text):
                return
            if note := _NOTE.match(self.text, self.position):
                self._note(note)
            elif self._place():
                pass
            elif found := _TAIL_KIND.match(self.text, self.position):
                kind = "letter" if found["litera"] else _TAIL_WORDS[found["kind"].lower()]
                self.position = found.end()
                if not _TAIL_KIND.match(self.text, self.position):
                    self._named(kind)
            else:
                self._unnamed(kind if kind == "house" and not self.last else "")
            kind = ""

    def _note(self, note: re.Match[str]) -> None:
        """Leave out «(общежитие)»; what else stands in brackets is read as if without them."""
        if said := _DESCRIPTION.fullmatch(note[1]):
            self._find("note_dropped", said.group().strip())
        if said or says_nothing(note[1]):
            self.position = note.end()
        else:
            self.position += 1

    def _place(self) -> bool:
        """Take «с. Мирное» that follows a house: the letter is no строение there."""
        if not self.last or not _PLACE_AFTER_HOUSE.match(self.text, self.position):
            return False
        start = self.position
        chunk = self._skip(_TO_COMMA)
        name = chunk.split(".", 1)[-1].split(" ", 1)[-1].strip()
        if says_nothing(name) or name.lower() in OF_ANY_HOUSE:
            return True
        if _DESCRIPTION.fullmatch(name) or not self._after_comma(start):
            self.position = start
            return False
        self.loose.append(chunk)
        return True

    def _after_comma(self, start: int) -> bool:
        return self.text[:start].rstrip().endswith((",", ";"))

    def _skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.position)
        self.position = found.end() if found else self.position
        return found.group().strip(" .") if found else ""

    def _named(self, kind: str) -> None:
        """Read what follows «корп.», «стр.», «лит.»."""
        if kind == "part":
            self._part()
        elif found := _NUMBER.match(self.text, self.position):
            self._number(kind, found)
        elif kind != "house" and (found := _LETTER.match(self.text, self.position)):
            self._put(kind, self._skip(_LETTER).upper())
        else:
            self._words(kind, self._skip(_TO_COMMA))

    def _unnamed(self, kind: str) -> None:
        if kind and (found := _NUMBER.match(self.text, self.position)):
            self._number(kind, found)
            return
        start = self.position
        chunk = self._skip(_TO_COMMA)
        is_place = self._after_comma(start) and _may_be_place(chunk)
        if (
            self.last in {"letter", "block", "building"}
            and _LETTER.match(chunk)
            and not (is_place and _LONG_WORD_OF_LETTERS.search(chunk))
        ):
            self.position = start
            self.parts[self.last] += f", {self._skip(_LETTER).upper()}"
            return
        if _DESCRIPTION.fullmatch(chunk):
            self._find("note_dropped", chunk)
        elif _PART_OF_HOUSE.search(chunk):
            self._part()
        elif is_place:
            self.loose.append(chunk)
        elif chunk[:1].isdigit() or _SEVERAL.match(chunk):
            self._find("house_several", self.text)
        else:
            self._find("house_unclear", chunk)

    def _number(self, kind: str, found: re.Match[str]) -> None:
        self.position = found.end()
        number = _joined(found["number"])
        if found["range"]:
            number += _joined(found["range"])
            self._find("house_range", number)
        elif kind == "house" and "/" in number:
            self._find("house_fraction", number)
        self._put(kind, "" if number.strip("0") == "" else number)

    def _words(self, kind: str, words: str) -> None:
        said = words.lower()
        if says_nothing(words):
            return
        if _PART_OF_HOUSE.search(words):
            self._part()
        elif kind == "house" or any(map(str.isdigit, words)):
            self._find("house_unclear", words)
        elif said not in OF_ANY_HOUSE:
            self._find("building_described", words)
            self._put(kind, said)

    def _part(self) -> None:
        self._find("part_of_house", self.text)
        self.position = len(self.text)

    def _put(self, kind: str, value: str) -> None:
        if value and self.parts.setdefault(kind, value) != value:
            self._find("house_several", self.text)
        self.last = kind

    def _find(self, code: str, about: str) -> None:
        self.findings.append(_finding(code, about))


def _joined(number: str) -> str:
    """«24 А», «24-а» and «24А» are one number; «55/2-А» is 55/2А."""
    return re.sub(r" |-(?=[^\W\d_])|(?<!\d)0+(?=\d)", "", number).upper()


def _may_be_name(word: str) -> bool:
    return not _kind_of(word) and word.lower() not in _TAIL_WORDS


def _may_be_place(text: str) -> bool:
    words = [word.lower().rstrip(".") for word in text.split()]
    return bool(text) and (
        text[0].isupper() or _is_postcode([text]) or any(word in KINDS for word in words)
    )


# The place and the street


@dataclass(frozen=True, slots=True)
class _Head:
    region: str = ""
    district: str = ""
    locality: str = ""
    street_type: str = ""
    street: str = ""
    streetless: bool = False
    """Houses are numbered through in the village."""
    findings: tuple[Finding, ...] = ()


@dataclass
class _Part:
    """A named thing: its level and kinds, or none when the text does not say."""

    words: list[str]
    level: Level | None = None
    kinds: list[str] = field(default_factory=list)
    initial: bool = False
    """The kind is one capital letter, as an initial is."""

    @property
    def name(self) -> str:
        name = " ".join(self.words)
        return name[:1].upper() + name[1:]

    @property
    def kind(self) -> str:
        return self.kinds[-1] if self.kinds else ""


_TOKEN = re.compile(r"[^\s,;.]+\.?|[,;]")
_LONG_WORD = 4
"""A word of so many letters with a dot after it is no abbreviation: the dot ends the part."""
_FULL_WORD = 5
_NAME = re.compile(r"[^\W_]")
_GENITIVE = re.compile(r"(?:[оеё]ва|[иы]на|ого|[сц]кой|[иы]х)$", re.IGNORECASE)
"""«П. Морозова»: a surname in the genitive after a capital may be a street."""
_SHOUTED = re.compile(r"[^\W\d_]{4,}")
_ADJECTIVE = re.compile(r"(?:ая|ий|ый|ой|ое)$", re.IGNORECASE)


_NO_PLACES = ("",) * len(PARTS)


@lru_cache(maxsize=16384)
def _read_head(text: str, places: tuple[str, ...] = _NO_PLACES, town: str = "") -> _Head:
    findings: list[Finding] = []
    parts = _parts_of(text, findings)
    if any(places):
        _add_columns(places, parts, findings)
    head = _assembled([part for part in parts if part.words], findings, town)
    if town and not head.locality:
        region, district, _, _, street_type, street = places
        return _read_head(text, (region, district, "", town, street_type, street))
    return head


def _add_columns(places: tuple[str, ...], parts: list[_Part], findings: list[Finding]) -> None:
    """Add what columns say of a level that the address leaves out."""
    region, district, locality_type, locality, street_type, street = places
    levels = {part.level for part in parts}
    columns = [
        (Level.REGION, region),
        (Level.DISTRICT, district),
        (Level.PLACE, _typed(locality_type, locality)),
    ]
    if not parts or levels <= {Level.REGION, Level.DISTRICT, Level.PLACE}:
        columns.append((Level.STREET, _typed(street_type, street)))
    for level, text in columns:
        if text and level not in levels:
            parts += _parts_of_column(level, text, findings)


def _parts_of_column(level: Level, text: str, findings: list[Finding]) -> list[_Part]:
    """Read a cell whose column says what a name without a kind names."""
    parts = _parts_of(text, findings)
    unnamed = [part for part in parts if part.level is None]
    for part in unnamed[-1:] if level is Level.STREET else unnamed:
        part.level = Level.PLACE if part.name.lower() in FEDERAL_CITIES else level
        if part.level is Level.STREET:
            part.kinds = [STREET]
            findings.append(_finding("street_kind_missing", part.name))
    return parts


def _typed(kind: str, name: str) -> str:
    """Put a column of kinds before that of names, unless the name has its kind with it."""
    known = _kind_of(kind)
    if not kind or not name or "," in name or (known and known in map(_kind_of, name.split())):
        return name
    return f"{kind} {name}"


def _parts_of(text: str, findings: list[Finding]) -> list[_Part]:
    for pattern, plain in _REWRITTEN:
        text = pattern.sub(plain, text)
    if all(word.isupper() for word in _SHOUTED.findall(text)):
        text = _SHOUTED.sub(lambda word: word.group().capitalize(), text)
    parts: list[_Part] = []
    for words in _segments(text):
        _SegmentReader(words, parts, findings).read()
    return parts


def _segments(text: str) -> list[list[str]]:
    """Cut a text into words between commas, and where a dot ends a part."""
    segments: list[list[str]] = [[]]
    glue = False
    for found in _TOKEN.findall(text):
        words = segments[-1]
        word = found.rstrip(".")
        if found in ",;":
            segments.append([])
        elif not _NAME.search(word):
            pass
        elif words and (glue or word.startswith("-")) and not _kind_of(found):
            words[-1] = f"{words[-1].rstrip('-')}-{found.lstrip('-')}"
        else:
            words.append(found)
            if found != word and len(word) >= _LONG_WORD and not _is_abbreviation(word):
                segments.append([])
        glue = found.endswith("-")
    return [words for words in segments if words]


def _is_abbreviation(word: str) -> bool:
    return (
        word.lower() in KINDS or word.lower() in SAME_WORDS or word.lower() in SAME_WORDS.values()
    )


def _kind_of(word: str) -> tuple[Level, str] | None:
    return KINDS.get(word.rstrip(".").lower())


@dataclass
class _SegmentReader:
    """Reads what stands between two commas: one part or, without commas, several."""

    words: list[str]
    parts: list[_Part]
    findings: list[Finding]
    pending: list[str] = field(default_factory=list)
    """Words whose kind may still follow: «Ленинский проспект»."""
    current: _Part | None = None
    """The part whose kind came first and whose words are being read."""

    def read(self) -> None:
        if _is_postcode(self.words[:1]):
            del self.words[0]
        said = " ".join(self.words).rstrip(".").lower()
        if not said or said in COUNTRY or self._completes_the_part_before():
            return
        if said in REGION_INITIALS:
            self.parts.append(_Part([REGION_INITIALS[said]], Level.REGION))
            return
        for i, word in enumerate(self.words):
            self._word(word, self.words[i + 1 :])
        if self.pending:
            self.parts.append(_Part(self.pending))

    def _word(self, word: str, rest: list[str]) -> None:
        known = _kind_of(word)
        if self.current and self.current.level is Level.STREET:
            self._in_street(self.current, word, known, rest)
        elif not known:
            (self.current.words if self.current else self.pending).append(word)
        elif known[0] not in {Level.REGION, Level.DISTRICT} and self._ends_village(word, rest):
            return
        elif known[0] is Level.STREET:
            self._street(known[1], rest)
        elif known[0] in {Level.REGION, Level.DISTRICT}:
            self._region(*known)
        else:
            self._place(word, *known, rest)

    def _completes_the_part_before(self) -> bool:
        """Join «Тамбовская, обл»: a kind alone between commas."""
        kinds = [_kind_of(word) for word in self.words]
        before = self.parts[-1] if self.parts else None
        if not before or before.level is not None or len(kinds) > 1 or not kinds[0]:
            return False
        level, kind = kinds[0]
        if level is Level.STREET and len(self.parts) == 1:
            return False
        before.level, before.kinds = level, [kind]
        return True

    def _open(self, level: Level, kind: str, words: list[str] | None = None) -> None:
        self.current = _Part(words or [], level, [kind])
        self.parts.append(self.current)

    def _close(self, level: Level, kind: str) -> None:
        """Take the words before a kind as its name."""
        self.parts.append(_Part(self._taken(), level, [kind]))
        self.current = None

    def _taken(self) -> list[str]:
        words, self.pending = self.pending, []
        return words[1:] if len(words) > 1 and (words[0].isdigit()) else words

    def _street(self, kind: str, rest: list[str]) -> None:
        last = all((known := _kind_of(word)) and known[0] is Level.STREET for word in rest)
        if self.pending and (last or all(word[0].isdigit() for word in self.pending)):
            words, self.pending = self.pending, []
            self._open(Level.STREET, kind, words)
        elif self.pending:
            self.parts.append(_Part(self._taken()))
            self._open(Level.STREET, kind)
        elif last and self.current:
            # «г. Москва Денисовский переулок»: where the town ends is plain only for some.
            town, *street = self.current.words or [""]
            if town.lower() in FEDERAL_CITIES and street:
                self.current.words = [town]
                self._open(Level.STREET, kind, street)
            else:
                self.findings.append(_finding("address_unclear", " ".join(self.words)))
        else:
            self._open(Level.STREET, kind)

    def _ends_village(self, word: str, rest: list[str]) -> bool:
        """Take «Слобода» of «д. 1-я Слобода», «Село» of «г. Красное Село» as a word of the name."""
        place = self.current
        known = _kind_of(word)
        if rest or not known or not place or place.level is not Level.PLACE or not place.words:
            return False
        if known[0] is Level.STREET:
            is_word = place.kind != CITY and word[0].isupper()
        else:
            is_word = len(word) >= _LONG_WORD or place.words[-1][-1].isdigit()
        if word.endswith(".") or not is_word:
            return False
        place.words.append(word)
        return True

    def _in_street(
        self, street: _Part, word: str, known: tuple[Level, str] | None, rest: list[str]
    ) -> None:
        """Read a word of a street's name; a second kind may be the true one, or a word."""
        if not known or known[0] is not Level.STREET:
            street.words.append(word)
            return
        kind = known[1]
        bare = word.rstrip(".")
        full = bare.isalpha() and len(bare) >= _FULL_WORD
        alone = not street.words and not rest
        initial = len(bare) == 1 and bool(rest)
        if kind == street.kind and not alone:
            return
        if street.kind == STREET and not alone and not initial:
            if kind in OVERRULES_STREET or not full:
                street.kinds.append(kind)
                return
        elif kind == STREET and not alone:
            self.findings.append(_finding("street_kind_several", street.kind))
            return
        street.words.append(word)

    def _region(self, level: Level, kind: str) -> None:
        if self.pending:
            self._close(level, kind)
        elif self.current and len(self.current.words) > 1:
            # «г. Таруса Калужской обл.»
            self.pending = [self.current.words.pop()]
            self._close(level, kind)
        else:
            self._open(level, kind)

    def _place(self, word: str, level: Level, kind: str, rest: list[str]) -> None:
        if not self.pending and not rest:
            # A kind of nothing: some word was lost, or is a name that we do not know.
            self.findings.append(_finding("address_unclear", word))
        elif not self.pending:
            self._open(level, kind)
            self.parts[-1].initial = len(word.rstrip(".")) == 1 and word[0].isupper()
        elif not rest or _kind_of(rest[0]):
            self._close(level, kind)
        else:
            words = self._taken()
            if not all(word.isdigit() for word in words):
                self.parts.append(_Part(words))
            self._open(level, kind)


def _is_postcode(words: list[str]) -> bool:
    return len(words) == 1 and words[0].isdigit() and len(words[0]) == len("163000")


def _assembled(parts: list[_Part], findings: list[Finding], town: str) -> _Head:
    """Give each part its place in the address; what fits nowhere is unclear."""
    regions, districts, places, areas, streets = (
        _distinct([part for part in parts if part.level is level]) for level in Level
    )
    loose = [part for part in parts if part.level is None]
    _place_loose(loose, places, streets, areas, findings)
    region, places = _region_and_places(regions, places)
    areas.sort(key=lambda area: INNER.get(area.kind, 0))
    if areas and not streets:
        streets, areas = areas[-1:], areas[:-1]
    if not places and districts:
        places, areas = areas, []
    _check_places(places, streets, findings, town)
    street = _one_street(streets, findings)
    last = places[-1] if places else _Part([])
    return _Head(
        region=region,
        district=", ".join(_region_name(part) for part in districts),
        locality=", ".join(with_kind(part.kind, part.name) for part in [*places, *areas]),
        street_type=(street.kind or STREET) if street.words else "",
        street=street.name,
        streetless=bool(last.kind and last.kind != CITY) or last.name.lower() in STREETLESS_CITIES,
        findings=tuple(dict.fromkeys(findings)),
    )


def _check_places(
    places: list[_Part], streets: list[_Part], findings: list[Finding], town: str
) -> None:
    for place in places:
        if place.level is Level.PLACE and not any(map(str.isalpha, place.name)):
            findings.append(_finding("address_unclear", with_kind(place.kind, place.name)))
    last = places[-1] if places else None
    alone = len(places) == 1 and not town
    if last and last.initial and not streets and not alone and _GENITIVE.search(last.name):
        findings.append(_finding("initial_or_place", with_kind(last.kind.upper(), last.name)))


def _place_loose(
    loose: list[_Part],
    places: list[_Part],
    streets: list[_Part],
    areas: list[_Part],
    findings: list[Finding],
) -> None:
    """Read names without a kind: a town first, then a street; a third one is unclear."""
    for part in loose:
        if part.name.lower() in {place.name.lower() for place in places}:
            continue
        _drop_town(part, places)
        if not places and (streets or areas or len(loose) > 1):
            places.append(part)
        elif not streets and not areas:
            streets.append(part)
            first, *others = part.words
            if first == f"{UNCLEAR_FIRST}." and others and others[0][0].isupper():
                part.words, part.kinds = others, [UNCLEAR_FIRST]
            else:
                findings.append(_finding("street_kind_missing", part.name))
        else:
            findings.append(_finding("address_unclear", part.name))


def _drop_town(part: _Part, places: list[_Part]) -> None:
    """Read «Архангельск Ленина» as a street when the town is known."""
    for place in places:
        n = len(place.words)
        if [word.lower() for word in part.words[:n]] == [word.lower() for word in place.words]:
            part.words = part.words[n:]


def _region_and_places(regions: list[_Part], places: list[_Part]) -> tuple[str, list[_Part]]:
    """Read «г. Москва, г. Троицк» as a region and a town; «г. Москва» alone is both."""
    federal = [place for place in places if place.name.lower() in FEDERAL_CITIES]
    for place in federal:
        place.words, place.kinds = [FEDERAL_CITIES[place.name.lower()]], [CITY]
    named = {place.name.lower() for place in places if place.kind}
    places = [place for place in places if place.kind or place.name.lower() not in named]
    places.sort(key=lambda place: place.kind not in {CITY, ""})
    if not federal:
        return "".join(_region_name(part) for part in regions[:1]), places
    others = [place for place in places if place not in federal]
    return with_kind(CITY, federal[0].name), others or federal[:1]


def _one_street(streets: list[_Part], findings: list[Finding]) -> _Part:
    if not streets:
        return _Part([])
    street = streets[0]
    if len(streets) > 1:
        findings.append(_finding("street_several", "», «".join(part.name for part in streets)))
    if street.kind == UNCLEAR_STREET:
        said = ("пр.", "«пр-кт» (проспект) или «проезд»")
        findings.append(_finding("street_kind_unclear", *said))
    elif street.kind == UNCLEAR_FIRST:
        said = ("б.", "«б-р» (бульвар) или «ул. Большая»")
        findings.append(_finding("street_kind_unclear", *said))
    elif len(street.kinds) > 1:
        findings.append(_finding("street_kind_several", with_kind(street.kind, street.name)))
    return street


def _distinct(parts: list[_Part]) -> list[_Part]:
    return list({(part.kind, part.name.lower()): part for part in parts}.values())


def _region_name(part: _Part) -> str:
    if not part.kind:
        return part.name
    kind = with_kind(part.kind, "")
    return f"{part.name} {kind}" if _ADJECTIVE.search(part.name) else f"{kind} {part.name}"
