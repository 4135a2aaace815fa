"""The number of a house: корпус, строение and литера, and what a spreadsheet made of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache

from housechats.domain.address_findings import finding_of
from housechats.domain.address_places import kind_of, may_be_place, read_head
from housechats.domain.address_words import NUMBER_WORDS, OF_ANY_HOUSE, says_nothing
from housechats.domain.addresses import number_key
from housechats.domain.findings import Finding

NUMBERS = {"block": "корп.", "building": "стр.", "letter": "лит."}


_ENDING = r"\d+-(?:ый|ая|ое|ой|ий|й|я|е|го|лети[ея])\b"
NOT_ORDINAL = rf"(?!{_ENDING})"
_NO_NAME_AHEAD = rf"(?!{_ENDING}\s+(?!корп|стр|лит|дом|кв)[^\W\d_]{{3}})"
"""«д. 1-я Слобода» is a village, «д. 1-Е» is a house."""
HOUSE_WORD = re.compile(
    r"(?:^|(?<=[\s,.;)]))(?:(?P<owned>(?:домо)?владение|домовлад|домовл|двлд|влад|влд|вл)"
    r"|(?:(?<=,)|(?<=, ))дома|дом|д|здание|зд)(?:\b|(?=\d))\s*[.:]?\s*"
    rf"(?:(?:дом|д)\b\s*\.?\s*)?(?:№\s*)?\.?(?={_NO_NAME_AHEAD}\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Tail:
    house: str = ""
    block: str = ""
    building: str = ""
    letter: str = ""
    loose: tuple[str, ...] = ()
    """What is no part of a house number and may belong to the place."""
    findings: tuple[Finding, ...] = ()


NO_TAIL = Tail()

_WITHIN_HOUSE = (
    "квартира квартиры кв подъезды подъезд под парадная парадные пар секция этаж эт "
    "офис оф помещение пом комната комн"
)
_TAIL_WORDS = {**NUMBER_WORDS, **dict.fromkeys(_WITHIN_HOUSE.split(), "part")}
_TAIL_KIND = re.compile(
    rf"(?P<kind>{'|'.join(sorted(_TAIL_WORDS, key=len, reverse=True))})"
    r"(?:\b|(?=\d))\s*[.:]*\s*(?:-(?=\w))?(?=[\w№-]|[\s.,;()]*$)|(?P<litera>л(?:ит(?:ер)?)?)(?=[а-я]\b)",
    re.IGNORECASE,
)
_NO_BLOCK_WORD = r"(?!кв|эт|оф|и\s+\d|[кс](?:[\s.]*№?\d|\s*\.|\s+[^\W\d_]\b)|л[\s.]*[^\W\d_]\b)"
_LETTERS = rf"(?:(?: ?- ?| )?{_NO_BLOCK_WORD}[^\W\d_]{{1,2}}(?:\d{{1,2}})?(?![^\W_]))?"
_NUMBER = re.compile(
    rf"№?\s?(?P<number>\d{{1,5}}{_LETTERS}"
    rf"(?:/(?:\d{{1,4}}{_LETTERS}|[^\W\d_](?![^\W_])))*)(?P<range>\s?-\s?\d{{1,4}}{_LETTERS})?"
    r"(?!\d|\s?-\s?\d)",
    re.IGNORECASE,
)
_PART_OF_HOUSE = re.compile(
    r"подъезд|парадн|секци|\b(?:кварт\w*|кв|этаж[аи]?|эт|под|пар)\b", re.IGNORECASE
)
_SEVERAL = re.compile(r"и\s+\d|.*\d\s*[,–-]\s*\d|.*\d\s+по\s+\d", re.IGNORECASE)
_DESCRIPTION = re.compile(
    r"(?:\b(?:дубль(?:\s*(?:\d{1,2}|[xх]))?|\d{1,2}[- ]?(?:х\s?|ти\s?|и\s?)?этажн\w*"
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
LONGEST_NUMBER = 4
"""Digits: the longest streets have some two thousand houses."""
_TOO_LONG = re.compile(r"\d{5}")
_LETTER = re.compile(r"[^\W\d_]{1,2}\d{0,2}(?![^\W_])", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s.,;)]*")
_TO_COMMA = re.compile(r"[^,;()]*")
_ZERO_TYPED_AS_LETTER = re.compile(r"\d[оo]+(?![^\W\d_])", re.IGNORECASE)
_ORDINAL = re.compile(r"\d+-?(?:й|я|ый|ий|ой|ая|го)")
_SIMPLE_TAIL = re.compile(r"([1-9]\d{0,3}) ?([А-НП-Яа-нп-я]?)(?:, ?(?:к|корп)\. ?([1-9]\d{0,2}))?")


@lru_cache(maxsize=16384)
def read_tail(text: str) -> Tail:
    if found := _SIMPLE_TAIL.fullmatch(text):
        return Tail(found[1] + found[2].upper(), found[3] or "")
    if _ZERO_TYPED_AS_LETTER.search(text):
        return Tail(findings=(finding_of("house_unclear", text),))
    reader = _TailReader(FLOAT.sub(r"\1", text))
    reader.read()
    return Tail(
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
        if said := _DESCRIPTION.fullmatch(note[1].strip()):
            self._find("note_dropped", said.group())
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
        is_place = self._after_comma(start) and may_be_place(chunk)
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
        elif chunk.isdigit() and len(chunk) > LONGEST_NUMBER:
            self._find("house_unclear", chunk)
        elif chunk[:1].isdigit() or _SEVERAL.match(chunk):
            self._find("house_several", self.text)
        else:
            self._find("house_unclear", chunk)

    def _number(self, kind: str, found: re.Match[str]) -> None:
        self.position = found.end()
        number = _joined(found["number"])
        if len(found["number"]) > LONGEST_NUMBER and _TOO_LONG.match(found["number"]):
            self._find("house_unclear", number)
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
        self.findings.append(finding_of(code, about))


def _joined(number: str) -> str:
    """«24 А», «24-а» and «24А» are one number; «55/2-А» is 55/2А."""
    return re.sub(r" *- *(?=[^\W\d_])| |(?<!\d)0+(?=\d)", "", number).upper()


def may_be_name(word: str) -> bool:
    return not kind_of(word) and word.lower() not in _TAIL_WORDS


# Numbers in columns, and such that a spreadsheet spoiled


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


_FIRST_DAY = date(1899, 12, 30)
"""Spreadsheets count days from here."""
_SERIAL = re.compile(r"[34]\d{4}|5[0-4]\d{3}")
"""Days of 1982 to 2050: no house has such a number."""
_DAY_AND_MONTH = re.compile(r"(\d{1,2})\.(\d\d)")
_LAST_NUMBER = re.compile(r"(?:(?<=[\s,;.])|(?<=\bд)|(?<=\bдом))(?:\d{1,2}\.\d\d|\d{5})$")
LAST_DAY = 31
FLOAT = re.compile(r"(?<![\d.])(\d{1,4})[.,]0+$")
FROM_TO = re.compile(r"\b(?:с|от)\s+№?\d{1,4}\w?\s+(?:по|до)\s+№?\d{1,4}\w?(?!\w)", re.IGNORECASE)
_ENDS_WITH_HOUSE_WORD = re.compile(r"(?:(?:^|[\s,.])(?:дом|д|здание|зд)\.?|№)$", re.IGNORECASE)
_GENITIVE_MONTH = re.compile(r".*(?:[ая]|та)$", re.IGNORECASE)


def date_at_end(text: str, town: str) -> Finding | None:
    """Say that a house number became a date, unless it is a street: «ул. 8 Марта»."""
    found = _DATE.search(text, max(0, len(text) - LONGEST_DATE))
    if not found:
        return _short_date_at_end(text)
    before = text[: found.start()].rstrip()
    word = found["month"] or found["word"]
    if not word or _ENDS_WITH_HOUSE_WORD.search(before):
        is_date = True
    elif _GENITIVE_MONTH.fullmatch(word):
        head = read_head(before, town=town)
        is_date = before.endswith(",") and bool(head.street and head.locality)
    elif before.endswith(",") or not before:
        is_date = True
    else:
        is_date = found["gap"] in {".", "-"} and not kind_of(before.split()[-1])
    return _became_date(found) if is_date else None


def _short_date_at_end(text: str) -> Finding | None:
    """Say that «11.05» or «44505» stands for a house."""
    found = _LAST_NUMBER.search(text, max(0, len(text) - LONGEST_DATE))
    if not found:
        return None
    before = text[: found.start()].rstrip()
    if not before.endswith((",", ";")) and not _ENDS_WITH_HOUSE_WORD.search(before):
        return None
    return _date_of_number(found.group())


def _date_of_number(number: str) -> Finding | None:
    """Read what a spreadsheet shows of a date: «05.11», or the number of its day."""
    if _SERIAL.fullmatch(number):
        day = _FIRST_DAY + timedelta(days=int(number))
        return finding_of("house_became_date", number, f"{day.day}/{day.month}")
    if not (found := _DAY_AND_MONTH.fullmatch(number)):
        return None
    first, second = sorted(map(int, found.groups()))
    if not (0 < first <= len(_MONTHS) and second <= LAST_DAY):
        return None
    return finding_of("house_became_date", number, _either(*map(int, found.groups())))


def _became_date(found: re.Match[str]) -> Finding:
    return finding_of("house_became_date", found.group(), _typed_before(found))


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
    return _either(first, second)


def _either(first: int, second: int) -> str:
    return f"{first}/{second} или {second}/{first}" if first != second else f"{first}/{second}"


def _month_number(word: str) -> int:
    return next(i for i, month in enumerate(_MONTHS, 1) if word.lower().startswith(month))


def read_number_columns(said: Mapping[str, str]) -> tuple[Tail, bool]:
    """Read a house number whose parts stand in columns; and whether it is that of a plot."""
    house = FLOAT.sub(r"\1", said.get("house", ""))
    told = _became_date(found) if (found := _DATE.fullmatch(house)) else None
    told = told or _date_of_number(house)
    if not told and _ORDINAL.fullmatch(house):
        told = finding_of("house_unclear", house)
    if not told and (several := FROM_TO.search(house)):
        told = finding_of("house_several", several.group())
    if told:
        return Tail(findings=(told,)), False
    word = HOUSE_WORD.match(house)
    parts = [house[word.end() :] if word else house]
    for name, kind in NUMBERS.items():
        if name in said:
            number = FLOAT.sub(r"\1", said[name])
            parts.append(f"{kind} {number}")
    return read_tail(", ".join(parts)), bool(word and word["owned"])


def joined_tails(one: Tail, other: Tail) -> Tail:
    """Join what an address and its columns say of one number, if they agree."""
    if one == NO_TAIL:
        return other
    findings = (*one.findings, *other.findings)
    if not (one.house or one.block or one.building):
        return replace(other, loose=(*one.loose, *other.loose), findings=findings)
    if _numbers(one) == _numbers(other):
        return one
    parts = {}
    for name in ("house", *NUMBERS):
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine and theirs and number_key(mine) != number_key(theirs):
            findings = (*findings, finding_of("address_columns_differ", mine, theirs))
        parts[name] = mine or theirs
    return replace(one, **parts, findings=findings)


def _numbers(tail: Tail) -> str:
    return number_key("".join((tail.house, tail.block, tail.building, tail.letter)))
