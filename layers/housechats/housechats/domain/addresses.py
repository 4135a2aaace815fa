"""Addresses of apartment houses: read from what people typed, compared, and shown."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from housechats.domain.address_words import (
    CITY,
    COUNTRY,
    FEDERAL_CITIES,
    KINDS,
    LOOK_ALIKES,
    NOTHING,
    OF_ANY_HOUSE,
    OVERRULES_STREET,
    REGION_INITIALS,
    SAME_WORDS,
    STREET,
    STREETLESS_CITIES,
    UNCLEAR_STREET,
    WITHOUT_DOT,
    Level,
)

SHORT = 80
"""Characters of a title: VK shows about forty, SMS and posters stay readable."""
LONGEST = 500
"""Characters of an address; registries stay under 200."""
OWNED = "влд"
"""A number given to a plot («владение 21») is not that of a house."""


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
        "Непонятно, что значит «{}» в адресе. Напишите по порядку и через запятые: "
        "г. Город, ул. Улица, д. 1.",
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
        "Непонятно «{}» после номера дома. Оставьте номер, корпус, строение и литеру, "
        "например: д. 12, корп. 3.",
    ),
    "house_several": (
        True,
        "Похоже на несколько домов: «{}». Каждый дом нужен в своей строке; если это номер "
        "одного дома, напишите его через дробь.",
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
    return Finding(code, message.format(*about), fatal)


@dataclass(frozen=True, slots=True)
class Address:
    """An address in parts, each in one spelling; empty when absent."""

    region: str = ""
    district: str = ""
    locality: str = ""
    """With its kind, and with what it lies in when that is needed: «г. Саратов, п. Дачный»."""
    street_type: str = ""
    street: str = ""
    house: str = ""
    block: str = ""
    building: str = ""
    letter: str = ""

    @property
    def key(self) -> str:
        """Identity within a municipality: equal for spellings of one house, and only for them."""
        return "|".join(
            (
                _locality_key(self.locality),
                _street_key(self.street_type, self.street),
                _number_key(self.house),
                _number_key(self.block),
                _number_key(self.building),
                _number_key(self.letter),
            )
        )

    @property
    def short(self) -> str:
        """For people who know the town: «ул. Ленина, д. 12, корп. 3», at most 80 characters."""
        shown = self._shown(self.street)
        if len(shown) <= SHORT:
            return shown
        words = self.street.split()
        for i in range(len(words) - 1):
            words[i] = f"{words[i][0]}."
            shown = self._shown(" ".join(words))
            if len(shown) <= SHORT:
                return shown
        spare = max(len(words[-1]) - (len(shown) - SHORT) - 1, 0) if words else 0
        shown = self._shown(" ".join([*words[:-1], f"{words[-1][:spare]}…"]) if words else "")
        return shown if len(shown) <= SHORT else f"{shown[: SHORT - 1]}…"

    @property
    def full(self) -> str:
        """With the town or the village."""
        return f"{self.locality}, {self.short}" if self.street and self.locality else self.short

    def _shown(self, street: str) -> str:
        where = _with_kind(self.street_type, street) if street else self.locality
        house = self.house if self.house.startswith(OWNED) else f"д. {self.house}"
        parts = [
            where,
            self.house and house,
            self.block and f"корп. {self.block}",
            self.building and f"стр. {self.building}",
            self.letter and f"лит. {self.letter}",
        ]
        return ", ".join(part for part in parts if part)


def _with_kind(kind: str, name: str) -> str:
    dotted = kind if not kind or kind in WITHOUT_DOT else f"{kind}."
    return f"{dotted} {name}".strip()


# What makes two spellings one house


_ORDINAL = re.compile(r"(\d)-?(?:ый|ая|ое|ой|ий|ья|го|й|я|е)\b")
_WORDS = re.compile(r"\d+|[^\W\d_]+")
_NUMBER_NOISE = re.compile(r"[\s.,\"']|-(?!\d)|(?<!\d)-")


def _plain(text: str) -> str:
    return text.lower().translate(LOOK_ALIKES)


@lru_cache(maxsize=4096)
def _locality_key(locality: str) -> str:
    return ",".join(_place_key(place) for place in locality.split(","))


def _place_key(place: str) -> str:
    kind, _, name = place.strip().partition(" ")
    if kind == "ж/д":
        name = name.removeprefix("ст.")
    elif kind.rstrip(".") not in KINDS:
        kind, name = CITY, place
    return " ".join([kind.rstrip("."), *_WORDS.findall(_plain(name))])


@lru_cache(maxsize=16384)
def _street_key(kind: str, street: str) -> str:
    """Return the kind and the words in any order, with one spelling for each."""
    words = _WORDS.findall(_ORDINAL.sub(r"\1", _plain(street)))
    same = (SAME_WORDS.get(word, word) for word in words)
    return " ".join([kind, *sorted(word for word in same if word)])


@lru_cache(maxsize=16384)
def _number_key(number: str) -> str:
    return _NUMBER_NOISE.sub("", _plain(number)) if number else ""


def sort_house(number: str) -> str:
    """Return a text by which house numbers sort as people count: 2, 12, 12А, 100."""
    return re.sub(r"\d+", lambda digits: digits.group().zfill(5), number.upper())


_GUID = re.compile(r"([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})")


def read_fias_id(text: str) -> str:
    """Return the ФИАС/ГАР id in its one spelling, or an empty string for anything else."""
    found = _GUID.fullmatch(text.strip().strip("{}()").lower().removeprefix("urn:uuid:"))
    return "-".join(found.groups()) if found and found.group().strip("0-") else ""


# Reading


_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08]")
_SPACES = re.compile(r"[^\S\n]+")
_DASHES = str.maketrans("‐‑‒–—−\\", "------/", "\"'«»“”„‟’`")
_DOTTED_KINDS = [
    (re.compile(r"\bр\.\s?п\.", re.IGNORECASE), "рп. "),
    (re.compile(r"\bп\.\s?г\.\s?т\.", re.IGNORECASE), "пгт. "),
    (re.compile(r"ж/д[_ ]?ст\b", re.IGNORECASE), "ж/д"),
]

_NOT_ORDINAL = r"(?!\d+-?(?:ый|ая|ое|ой|ий|й|я|е|го|лети[ея])\b)"
_HOUSE_WORD = re.compile(
    rf"(?:^|(?<=[\s,.;)]))(?:(?P<owned>владение|влад|влд|вл)|дом|д|здание|зд)\b\s*[.:]?\s*"
    rf"(?:(?:дом|д)\b\s*\.?\s*)?(?:№\s*)?\.?(?={_NOT_ORDINAL}\d)",
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
_NUMBER_AFTER_SPACE = re.compile(
    rf"(?<=\w|[.,])\s(?={_NOT_ORDINAL}{_NUMBER_SHAPE}\s*\.?\s*{_AFTER_NUMBER})", re.IGNORECASE
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
    if not numbered:
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
        first, *others = (line.strip(" ,.;") for line in text.split("\n"))
        notes = [line for line in others if line and not any(map(str.isdigit, line))]
        if notes and any(map(str.isdigit, first)):
            # Registry exports put a mark of their own on a line below the address.
            findings.append(_finding("note_dropped", ", ".join(notes)))
            others = [line for line in others if line not in notes]
        text = ", ".join(line for line in (first, *others) if line)
    return text


def _split(text: str) -> tuple[str, str, bool]:
    """Return what stands before the house number, what begins with it, whether it is a plot's."""
    if found := _HOUSE_WORD.search(text):
        return text[: found.start()], text[found.end() :], bool(found["owned"])
    for pattern in (_NUMBER_AFTER_COMMA, _BLOCK_WORD, _NUMBER_AFTER_SPACE):
        if found := pattern.search(text):
            return text[: found.start()], text[found.end() :], False
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
    "letter": "литера литер лит л",
    "part": "квартира квартиры кв подъезды подъезд под парадная парадные пар секция этаж эт офис оф "
    "помещение пом комната комн",
}
_TAIL_WORDS = {word: name for name, words in _TAIL_KINDS.items() for word in words.split()}
_TAIL_KIND = re.compile(
    rf"(?P<kind>{'|'.join(sorted(_TAIL_WORDS, key=len, reverse=True))})"
    r"(?:\b|(?=\d))\s*[.:]*\s*(?=[\w№-])|(?P<litera>л)(?=[а-я]\b)",
    re.IGNORECASE,
)
_NO_BLOCK_WORD = r"(?![кс]\b?[\s.]*№?\d|л[\s.]*[^\W\d_]\b)"
_LETTERS = rf"(?:[ -]?{_NO_BLOCK_WORD}[^\W\d_]{{1,2}}(?:\d{{1,2}})?(?![^\W_]))?"
_NUMBER = re.compile(
    rf"№?\s?(?P<number>\d{{1,4}}{_LETTERS}"
    rf"(?:/(?:\d{{1,4}}{_LETTERS}|[^\W\d_](?![^\W_])))*)(?P<range>-\d{{1,4}}{_LETTERS})?"
    r"(?![^\W_]{3}|\d|-\d)",
    re.IGNORECASE,
)
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
            self._find("part_of_house", self.text)
            self._skip(_TO_COMMA)
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
        if start and self.text[:start].rstrip().endswith((",", ";")) and _may_be_place(chunk):
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
            self._find("house_several", number)
        elif kind == "house" and "/" in number:
            self._find("house_fraction", number)
        self._put(kind, number)

    def _words(self, kind: str, words: str) -> None:
        said = words.lower()
        if said in NOTHING:
            return
        if "подъезд" in said or "парадн" in said:
            self._find("part_of_house", words)
        elif kind == "house":
            self._find("house_unclear", words)
        elif said not in OF_ANY_HOUSE:
            self._find("building_described", words)
            self._put(kind, said)

    def _put(self, kind: str, value: str) -> None:
        if value and self.parts.setdefault(kind, value) != value:
            self._find("house_several", self.text)
        self.last = kind

    def _find(self, code: str, about: str) -> None:
        self.findings.append(_finding(code, about))


def _joined(number: str) -> str:
    """«24 А», «24-а» and «24А» are one number; «55/2-А» is 55/2А."""
    return re.sub(r" |-(?=[^\W\d_])", "", number).upper()


def _may_be_place(text: str) -> bool:
    words = [word.lower().rstrip(".") for word in text.split()]
    return bool(text) and (
        text[0].isupper() or text.isdigit() or any(word in KINDS for word in words)
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
        return " ".join(self.words).replace(". ", ".") if self._initials else " ".join(self.words)

    @property
    def _initials(self) -> bool:
        return False


_TOKEN = re.compile(r"[^\s,;.]+\.?|[,;]")
_LONG_WORD = 4
"""A longer word with a dot after it is no abbreviation: the dot ends the part."""
_REGION_NUMBER = 2
_POSTCODE = 6


@lru_cache(maxsize=16384)
def _read_head(text: str) -> _Head:
    for pattern, plain in _DOTTED_KINDS:
        text = pattern.sub(plain, text)
    findings: list[Finding] = []
    parts: list[_Part] = []
    for words in _segments(text):
        _read_segment(words, parts, findings)
    return _assembled(parts, findings)
