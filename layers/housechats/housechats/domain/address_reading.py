"""Addresses read from what people typed.

Apart from what an address is: its expressions take a twentieth of a function's start to compile.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from housechats.domain.address_words import (
    CITY,
    COUNTRY,
    FEDERAL_CITIES,
    KINDS,
    NOTHING,
    OF_ANY_HOUSE,
    OVERRULES_STREET,
    REGION_INITIALS,
    SAME_WORDS,
    STREET,
    STREETLESS_CITIES,
    UNCLEAR_STREET,
    Level,
)
from housechats.domain.addresses import OWNED, Address, with_kind

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
    "locality_missing": (True, "В адресе нет города или села. Напишите, например: г. Город, …"),
    "street_missing": (True, "В адресе нет улицы. Напишите, например: ул. Ленина, …"),
    "street_several": (True, "В адресе две улицы: «{}». Оставьте одну."),
    "street_kind_unclear": (
        True,
        "Непонятно, что значит «пр.»: напишите «пр-кт» (проспект) или «проезд».",
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
    return Finding(code, message.format(*(text[:QUOTED] for text in about)), fatal)


_GUID = re.compile(r"([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})")


def read_fias_id(text: str) -> str:
    """Return the ФИАС/ГАР id in its one spelling, or an empty string for anything else."""
    found = _GUID.fullmatch(text.strip().strip("{}()").lower().removeprefix("urn:uuid:"))
    return "-".join(found.groups()) if found and found.group().strip("0-") else ""


# Reading


_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08]")
_SPACES = re.compile(r"[^\S\n]+")
_MARK = re.compile(r"[А-Я]{2,3}")
"""Registry exports put a mark of their own, «ВР», on a line below the address."""
_DASHES = str.maketrans("‐‑‒–—−\\", "------/", "\"'«»“”„‟’`")
_REWRITTEN = [
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (r"\bр\.\s?п\.", "рп. "),
        (r"\bп\.\s?г\.\s?т\.", "пгт. "),
        (r"\bг\.\s?о\.", "г/о "),
        (r"ж/д[_ ]?ст\b", "ж/д"),
        (r"\b(?:городско|муниципальн|сельско)\w+\s+(?=округ|район|поселени)", ""),
        (r"(?:^|,)\s*(?:российская федерация|россия)\b", ","),
    )
]
"""Kinds of several words or letters, as one word."""

_ENDING = r"\d+-(?:ый|ая|ое|ой|ий|й|я|е|го|лети[ея])\b"
_NOT_ORDINAL = rf"(?!{_ENDING})"
_NO_NAME_AHEAD = rf"(?!{_ENDING}\s+(?!корп|стр|лит|дом|кв)[^\W\d_]{{3}})"
"""«д. 1-я Слобода» is a village, «д. 1-Е» is a house."""
_HOUSE_WORD = re.compile(
    rf"(?:^|(?<=[\s,.;)]))(?:(?P<owned>владение|влад|влд|вл)|дом|д|здание|зд)\b\s*[.:]?\s*"
    rf"(?:(?:дом|д)\b\s*\.?\s*)?(?:№\s*)?\.?(?={_NO_NAME_AHEAD}\d)",
    re.IGNORECASE,
)
_AFTER_NUMBER = r"(?:[,;(]|$|(?:корпус|корп|кор|к|строение|стр|с|литера?|лит|л)\b[\s.]*№?\s*\w)"
_NUMBER_SHAPE = r"№?\s?\d{1,4}(?:[ -]?[^\W\d_]{1,2}\d?(?![^\W_]))?(?:[/-]\d{1,4}[^\W\d_]?)*"
_NUMBER_AFTER_COMMA = re.compile(
    rf"[,;]\s*(?={_NOT_ORDINAL}{_NUMBER_SHAPE}\s*\.?\s*{_AFTER_NUMBER})", re.IGNORECASE
)
_BLOCK_WORD = re.compile(
    r"(?:^|(?<=[\s,.;]))(?=(?:корпус|корп|кор|к|строение|стр)\b\s*\.?\s*№?\s*\d)", re.IGNORECASE
)
_NUMBER_AFTER_WORD = re.compile(
    rf"(?P<word>[^\W\d_]+)\s(?={_NOT_ORDINAL}{_NUMBER_SHAPE}\s*\.?\s*{_AFTER_NUMBER})",
    re.IGNORECASE,
)


def parse(text: str) -> tuple[Address | None, tuple[Finding, ...]]:
    """Read an address; what is unclear becomes a finding, never a guess."""
    findings: list[Finding] = []
    text = _cleaned(text, findings)
    if not text:
        return None, (*findings, _finding("address_missing"))
    if len(text) > LONGEST:
        return None, (*findings, _finding("address_too_long"))
    head_text, tail_text, owned = _split(text)
    tail = _read_tail(tail_text)
    head = _read_head(head_text)
    if tail.loose and not head.locality:
        # «…, д. 7, Москва, 115114»: the town may come last.
        head = _read_head(", ".join([head_text, *tail.loose]))
    elif tail.loose:
        findings.append(_finding("house_unclear", ", ".join(tail.loose)))
    findings += (*head.findings, *tail.findings)
    house = f"{OWNED}. {tail.house}" if owned else tail.house
    numbered = house or tail.block or tail.building
    if not numbered and not any(finding.fatal for finding in tail.findings):
        findings.append(_finding("house_missing"))
    if not head.locality:
        findings.append(_finding("locality_missing"))
    elif not head.street and not head.streetless:
        findings.append(_finding("street_missing"))
    if not (numbered and head.locality and (head.street or head.streetless)):
        return None, tuple(findings)
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
    return address, tuple(findings)


def _cleaned(text: str, findings: list[Finding]) -> str:
    if _INVISIBLE.search(text):
        text = _INVISIBLE.sub("", text)
        findings.append(_finding("invisible_characters"))
    text = _SPACES.sub(" ", text.translate(_DASHES)).strip(" ,.;\n")
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
        return text[: found.start()], text[found.end() :], bool(found["owned"])
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
_NO_BLOCK_WORD = r"(?!кв|эт|[кс](?:[\s.]*№?\d|\s*\.|\s+[^\W\d_]\b)|л[\s.]*[^\W\d_]\b)"
_LETTERS = rf"(?:[ -]?{_NO_BLOCK_WORD}[^\W\d_]{{1,2}}(?:\d{{1,2}})?(?![^\W_]))?"
_NUMBER = re.compile(
    rf"№?\s?(?P<number>\d{{1,4}}{_LETTERS}"
    rf"(?:/(?:\d{{1,4}}{_LETTERS}|[^\W\d_](?![^\W_])))*)(?P<range>\s?-\s?\d{{1,4}}{_LETTERS})?"
    r"(?!\d|\s?-\s?\d)",
    re.IGNORECASE,
)
_PART_OF_HOUSE = re.compile("подъезд|парадн", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]{1,2}\d{0,2}(?![^\W_])", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s.,;()]*")
_TO_COMMA = re.compile(r"[^,;()]*")
_ZERO_TYPED_AS_LETTER = re.compile(r"\d[оo]\d", re.IGNORECASE)
_SIMPLE_TAIL = re.compile(r"(\d{1,4}) ?([А-Яа-я]?)(?:, ?(?:к|корп)\. ?(\d{1,3}))?")


@lru_cache(maxsize=16384)
def _read_tail(text: str) -> _Tail:
    if found := _SIMPLE_TAIL.fullmatch(text):
        return _Tail(found[1] + found[2].upper(), found[3] or "")
    if _ZERO_TYPED_AS_LETTER.search(text):
        return _Tail(findings=(_finding("house_unclear", text),))
    reader = _TailReader(text)
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
            if found := _TAIL_KIND.match(self.text, self.position):
                kind = "letter" if found["litera"] else _TAIL_WORDS[found["kind"].lower()]
                self.position = found.end()
                if not _TAIL_KIND.match(self.text, self.position):
                    self._named(kind)
            else:
                self._unnamed(kind if kind == "house" and not self.last else "")
            kind = ""

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
        if self.last in {"letter", "block", "building"} and _LETTER.match(self.text, self.position):
            self.parts[self.last] += f", {self._skip(_LETTER).upper()}"
            return
        start = self.position
        chunk = self._skip(_TO_COMMA)
        if _PART_OF_HOUSE.search(chunk):
            self._part()
        elif start and self.text[:start].rstrip().endswith((",", ";")) and _may_be_place(chunk):
            self.loose.append(chunk)
        elif chunk[:1].isdigit():
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
        self._put(kind, number)

    def _words(self, kind: str, words: str) -> None:
        said = words.lower()
        if said in NOTHING:
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
    return re.sub(r" |-(?=[^\W\d_])", "", number).upper()


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
_SHOUTED = re.compile(r"[^\W\d_]{4,}")
_ADJECTIVE = re.compile(r"(?:ая|ий|ый|ой|ое)$", re.IGNORECASE)


@lru_cache(maxsize=16384)
def _read_head(text: str) -> _Head:
    for pattern, plain in _REWRITTEN:
        text = pattern.sub(plain, text)
    if all(word.isupper() for word in _SHOUTED.findall(text)):
        text = _SHOUTED.sub(lambda word: word.group().capitalize(), text)
    parts: list[_Part] = []
    findings: list[Finding] = []
    for words in _segments(text):
        _SegmentReader(words, parts, findings).read()
    return _assembled([part for part in parts if part.words], findings)


def _segments(text: str) -> list[list[str]]:
    """Cut a text into words between commas, and where a dot ends a part."""
    segments: list[list[str]] = [[]]
    glue = False
    for found in _TOKEN.findall(text):
        words = segments[-1]
        word = found.rstrip(".")
        if found in ",;":
            segments.append([])
        elif words and word != "-" and (glue or word.startswith("-")) and not _kind_of(found):
            words[-1] = f"{words[-1].rstrip('-')}-{found.lstrip('-')}"
        elif word and word != "-":
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
        elif not rest or _kind_of(rest[0]):
            self._close(level, kind)
        else:
            words = self._taken()
            if not all(word.isdigit() for word in words):
                self.parts.append(_Part(words))
            self._open(level, kind)


def _is_postcode(words: list[str]) -> bool:
    return len(words) == 1 and words[0].isdigit() and len(words[0]) == len("163000")


def _assembled(parts: list[_Part], findings: list[Finding]) -> _Head:
    """Give each part its place in the address; what fits nowhere is unclear."""
    regions, districts, places, areas, streets = (
        _distinct([part for part in parts if part.level is level]) for level in Level
    )
    loose = [part for part in parts if part.level is None]
    _place_loose(loose, places, streets, areas, findings)
    region, places = _region_and_places(regions, places)
    if areas and not streets:
        streets, areas = areas[-1:], areas[:-1]
    if not places and districts:
        places, areas = areas, []
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
        if not places and (streets or areas or len(loose) > 1):
            places.append(part)
        elif not streets and not areas:
            streets.append(part)
            findings.append(_finding("street_kind_missing", part.name))
        else:
            findings.append(_finding("address_unclear", part.name))


def _region_and_places(regions: list[_Part], places: list[_Part]) -> tuple[str, list[_Part]]:
    """Read «г. Москва, г. Троицк» as a region and a town; «г. Москва» alone is both."""
    federal = [place for place in places if place.name.lower() in FEDERAL_CITIES]
    for place in federal:
        place.words, place.kinds = [FEDERAL_CITIES[place.name.lower()]], [CITY]
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
        findings.append(_finding("street_kind_unclear"))
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
