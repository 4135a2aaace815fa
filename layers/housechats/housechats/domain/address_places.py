"""Where a house stands: region, district, town and street, out of what stands before its number."""

import re
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import lru_cache

from housechats.domain.address_findings import finding_of
from housechats.domain.address_words import (
    CITY,
    COMPLEX,
    COUNTRY,
    CUT_TOWNS,
    FEDERAL_CITIES,
    INNER,
    KINDS,
    OF_NO_TOWN,
    OVERRULES_STREET,
    PEOPLE,
    REGION_INITIALS,
    SAME_WORDS,
    STREET,
    STREETLESS_CITIES,
    UNCLEAR_FIRST,
    UNCLEAR_STREET,
    Level,
    says_nothing,
)
from housechats.domain.addresses import street_key, with_kind
from housechats.domain.findings import Finding

PARTS = ("region", "district", "locality_type", "locality", "street_type", "street")


_REWRITTEN = [
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (r"\bр\.\s?п\.", "рп. "),
        (r"\bп\.\s?г\.\s?т\.", "пгт. "),
        (r"\bг\.\s?о\.", "г/о "),
        (r"\bм\.\s?о\.", "м/о "),
        (r"\bг\.п\.", "г/п "),
        (r"\bс\.п\.", "с/п "),
        (r"\bм\.\s?р-н\b", "р-н"),
        (r"\bвн\.\s?тер\.\s?г\.", ""),
        (r"\bавтономный округ\b", "АО"),
        (r"\s*-\s*(?:югра|кузбасс|чувашия|алания)\b", ""),
        (r"ж/д[_ ]?ст\b", "ж/д"),
        (r"\bв\.\s?о\.,\s*([^,]+)", r"\1 В.О."),
        (r"\b(?:городско|муниципальн|сельско)\w+\s+(?=округ|район|поселени)", ""),
        (r"(?:^|,)\s*(?:российская федерация|россия)\b", ","),
    )
]
"""Kinds of several words or letters, as one word."""
_MAY_BE_REWRITTEN = re.compile(
    r"р\.\s?п\.|п\.\s?г\.|г\.\s?[оп]\.|м\.\s?[ор]|с\.п\.|в\.\s?о\.|вн\.|автономный|ж/д"
    r"|югра|кузбасс|чувашия|алания|городско|муниципальн|сельско|росси"
)
"""Most texts, in lower case, have none of these: the rules take longer than all the rest."""


@dataclass(frozen=True, slots=True)
class Head:
    region: str = ""
    district: str = ""
    locality: str = ""
    street_type: str = ""
    street: str = ""
    streetless: bool = False
    """Houses are numbered through in the village."""
    numbers_blocks: bool = False
    """A корпус needs no house: «мкр. 5, корп. 3», «г. Зеленоград, корп. 456»."""
    findings: tuple[Finding, ...] = ()


@dataclass
class _Part:
    """A named thing: its level and kinds, or none when the text does not say."""

    words: list[str]
    level: Level | None = None
    kinds: list[str] = field(default_factory=list)
    initial: bool = False
    """The kind is one capital letter, as an initial is."""
    kind_last: bool = False
    """A street's kind stands after several words: the first may be a town, «Омск Ленина ул»."""

    @property
    def name(self) -> str:
        name = " ".join(self.words)
        return name[:1].upper() + name[1:]

    @property
    def kind(self) -> str:
        return self.kinds[-1] if self.kinds else ""

    def copied(self) -> "_Part":
        """Return a part that may be given another meaning."""
        return _Part(self.words, self.level, self.kinds, self.initial, self.kind_last)


_HOUSE_TOO = "д"
"""At the end of an address it is the word for a house whose number is lost."""
_TOKEN = re.compile(r"[^\s,;.]+\.?|[,;]")
_LONG_WORD = 4
"""A word of so many letters with a dot after it is no abbreviation: the dot ends the part."""
_FULL_WORD = 5
_SLIP = 0.8
"""Of the letters are the same: «Дубиниская» and «Дубининская», not «Ленина» and «Ленинская»."""
_NAME = re.compile(r"[^\W_]")
_WORDS = re.compile(r"\w+")
_GENITIVE = re.compile(r"(?:[оеё]ва|[иы]на|ого|[сц]кой|[иы]х)$", re.IGNORECASE)
"""«П. Морозова»: a surname in the genitive after a capital may be a street."""
_SHOUTED = re.compile(r"\b(?=[^\W\d_]*[аеёиоуыэюяaeiouy])[^\W\d_]{4,}", re.IGNORECASE)
"""A word that can be read out: «ВЛКСМ» is written so in any text."""
_ADJECTIVE = re.compile(r"(?:ая|ий|ый|ой|ое)$", re.IGNORECASE)


_PLACES = {Level.REGION, Level.DISTRICT, Level.PLACE}
NO_PLACES = ("",) * len(PARTS)


_SAMPLE = "Образцовая"
_PLAIN_STREET = re.compile(
    r"\s*(?P<kind>[а-я]{1,8}|пр-кт)\.?\s+(?P<name>[А-ЯЁ][а-яё]{3,}(?: [А-ЯЁ][а-яё]{3,})?)\s*"
)


@lru_cache(maxsize=16384)
def read_head(text: str, places: tuple[str, ...] = NO_PLACES, town: str = "") -> Head:
    return _with_street_alone(text, places, town) or read_whole(text, places, town)


def _with_street_alone(text: str, places: tuple[str, ...], town: str) -> Head | None:
    """Read a street apart from its place, which many rows share: in a third of the time.

    Return nothing where the one may change what the other means.
    """
    findings: list[Finding] = []
    *where, kind, name = places
    comma = ","
    if text:
        before, comma, last = text.rstrip(" ,").rpartition(",")
        known = kind_of(last.split(maxsplit=1)[0]) if last.strip() else None
        if (not comma and (not known or known[0] is not Level.STREET)) or _is_shouted(text):
            return None
        parts = _plain_street(last) or _parts_of(last, findings, shouted=False)
        place = _with_sample_street(f"{before}{comma} ул. {_SAMPLE}", (*where, kind, name), town)
    elif name:
        typed = _typed(kind, name)
        parts = _plain_street(typed) or _parts_of_column(Level.STREET, typed, findings)
        place = _with_sample_street("", (*where, STREET, _SAMPLE), town)
    else:
        return None
    if not place or len(parts) != 1 or parts[0].level is not Level.STREET or not parts[0].words:
        return None
    if parts[0].kind_last and not comma:
        return None
    street = _one_street(parts, findings)
    return Head(
        place.region,
        place.district,
        place.locality,
        street.kind or STREET,
        street.name,
        place.streetless,
        place.numbers_blocks,
        tuple(dict.fromkeys(findings)),
    )


def _plain_street(text: str) -> list[_Part]:
    """Read «ул. Большая Ордынка» as the reader of segments does, only faster."""
    found = _PLAIN_STREET.fullmatch(text)
    if not found or not (known := kind_of(found["kind"])) or known[0] is not Level.STREET:
        return []
    words = found["name"].split()
    if any(word.lower() in KINDS for word in words):
        return []
    return [_Part(words, *known[:1], [known[1]])]


@lru_cache(maxsize=4096)
def _with_sample_street(text: str, places: tuple[str, ...], town: str) -> Head | None:
    head = read_whole(text, places, town)
    return head if head.street == _SAMPLE and not head.findings else None


def read_whole(text: str, places: tuple[str, ...], town: str) -> Head:
    """Read place and street together, as `read_head` must: only slower."""
    findings: list[Finding] = []
    parts = _parts_of(text, findings)
    head = _with_columns(parts, findings, places, town)
    if town and not head.locality:
        region, district, _, _, street_type, street = places
        places = (region, district, "", town, street_type, street)
        return _with_columns(parts, findings, places, "")
    return head


def _with_columns(
    of_text: list[_Part], found: list[Finding], places: tuple[str, ...], town: str
) -> Head:
    parts, findings = [part.copied() for part in of_text], [*found]
    if any(places):
        _add_columns(places, parts, findings)
    if len(of_text) == 1 and parts[0].kind_last:
        _drop_town(parts[0], [part for part in parts if part.level is Level.PLACE])
    head = _assembled([part for part in parts if part.words], findings, town)
    return _agreeing(head, of_text, places) if of_text and any(places) else head


def _agreeing(head: Head, of_text: list[_Part], places: tuple[str, ...]) -> Head:
    """Say where an address names another street or town than the columns beside it."""
    *_, locality_type, locality, street_type, street = places
    differ = [
        *_other_streets(head, of_text, _typed(street_type, street)),
        *_other_towns(of_text, _typed(locality_type, locality)),
    ]
    return replace(head, findings=(*head.findings, *differ)) if differ else head


def _other_streets(head: Head, of_text: list[_Part], column: str) -> list[Finding]:
    if not column or all(part.level in _PLACES for part in of_text):
        return []
    parts, found = _seen_parts_of_column(Level.STREET, column)
    street = _one_street([part for part in parts if part.level is Level.STREET][:1], [])
    kinds = {head.street_type, street.kind} - {"", UNCLEAR_STREET}
    untold = _is_told("street_kind_missing", [*head.findings, *found])
    ours, theirs = (street_key("", name).split() for name in (head.street, street.name))
    if not head.street or not street.words:
        return []
    if ours == theirs:
        same = untold or len(kinds) <= 1
    else:
        same = any(_are_near(one, other) for one in ours for other in theirs)
    if same:
        return []
    said = with_kind(head.street_type, head.street), with_kind(street.kind, street.name)
    return [finding_of("address_columns_differ", *said)]


def _are_near(one: str, other: str) -> bool:
    """Tell words that are one with a slip, or the same: «Тухачевского», «маршала Тухачевского»."""
    return (
        min(len(one), len(other)) >= _LONG_WORD
        and SequenceMatcher(None, one, other).ratio() > _SLIP
    )


def _other_towns(of_text: list[_Part], column: str) -> list[Finding]:
    """Compare towns only: a column may name the one in which a village lies."""
    towns = [part for part in of_text if part.level is Level.PLACE]
    if any(part.level is None for part in of_text):
        towns = [part for part in towns if _plain_name(part.name) not in FEDERAL_CITIES]
    if not column or not towns or any(part.kind != CITY for part in towns):
        return []
    names = {_plain_name(part.name) for part in towns}
    parts, _ = _seen_parts_of_column(Level.PLACE, column)
    others = [
        part
        for part in parts
        if part.level is Level.PLACE and _plain_name(part.name) not in {*names, *FEDERAL_CITIES}
    ]
    if not others:
        return []
    said = (with_kind(part.kind, part.name) for part in (towns[-1], others[-1]))
    return [finding_of("address_columns_differ", *said)]


def _plain_name(name: str) -> str:
    return name.lower().replace("ё", "е")


def _add_columns(places: tuple[str, ...], parts: list[_Part], findings: list[Finding]) -> None:
    """Add what columns say of a level that the address leaves out."""
    region, district, locality_type, locality, street_type, street = places
    levels = {part.level for part in parts}
    columns = [
        (Level.REGION, region),
        (Level.DISTRICT, district),
        (Level.PLACE, _typed(locality_type, locality)),
    ]
    if not parts or levels <= _PLACES:
        columns.append((Level.STREET, _typed(street_type, street)))
    for level, text in columns:
        if text and level not in levels:
            of_column, found = _seen_parts_of_column(level, text)
            parts += (part.copied() for part in of_column)
            findings += found


@lru_cache(maxsize=1024)
def _seen_parts_of_column(level: Level, text: str) -> tuple[list[_Part], list[Finding]]:
    findings: list[Finding] = []
    return _parts_of_column(level, text, findings), findings


def _parts_of_column(level: Level, text: str, findings: list[Finding]) -> list[_Part]:
    """Read a cell whose column says what a name without a kind names."""
    parts = _parts_of(text, findings)
    unnamed = [part for part in parts if part.level is None]
    for part in unnamed[-1:] if level is Level.STREET else unnamed:
        part.level = Level.PLACE if part.name.lower() in FEDERAL_CITIES else level
        if part.level is Level.STREET:
            part.kinds = [STREET]
            findings.append(finding_of("street_kind_missing", part.name))
    return parts


_UNCLEAR = (Level.STREET, UNCLEAR_STREET)
_FULL_KINDS = {"пр-кт", "проезд"}
"""What «пр.» may stand for."""


def _typed(kind: str, name: str) -> str:
    """Put a column of kinds before that of names, unless the name has its kind with it."""
    known = kind_of(kind)
    if known and known[1] in _FULL_KINDS:
        name = " ".join(word for word in name.split(" ") if kind_of(word) != _UNCLEAR)
    if not kind or not name or "," in name or (known and known in map(kind_of, name.split())):
        return name
    return f"{kind} {name}"


def _is_shouted(text: str) -> bool:
    return all(map(str.isupper, _SHOUTED.findall(text)))


def _parts_of(text: str, findings: list[Finding], *, shouted: bool = True) -> list[_Part]:
    if _MAY_BE_REWRITTEN.search(text.lower()):
        for pattern, plain in _REWRITTEN:
            text = pattern.sub(plain, text)
    if shouted and _is_shouted(text):
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
        elif words and (glue or word.startswith("-")) and not kind_of(found):
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


def kind_of(word: str) -> tuple[Level, str] | None:
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
        if says_nothing(said) or said in COUNTRY or self._completes_the_part_before():
            return
        if said in REGION_INITIALS:
            self.parts.append(_Part([REGION_INITIALS[said]], Level.REGION))
            return
        for i, word in enumerate(self.words):
            self._word(word, self.words[i + 1 :])
        if self.pending:
            self.parts.append(_Part(self.pending))

    def _word(self, word: str, rest: list[str]) -> None:
        known = kind_of(word)
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
        kinds = [kind_of(word) for word in self.words]
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
        last = all((known := kind_of(word)) and known[0] is Level.STREET for word in rest)
        if self.pending and (last or all(word[0].isdigit() for word in self.pending)):
            words, self.pending = self.pending, []
            self._open(Level.STREET, kind, words)
            self.parts[-1].kind_last = last and len(words) > 1
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
                self.findings.append(finding_of("address_unclear", " ".join(self.words)))
        else:
            self._open(Level.STREET, kind)

    def _ends_village(self, word: str, rest: list[str]) -> bool:
        """Take «Слобода» of «д. 1-я Слобода», «Село» of «г. Красное Село» as a word of the name."""
        place = self.current
        known = kind_of(word)
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
            if street.words and rest:
                said = "», «".join((" ".join(street.words), " ".join(rest)))
                self.findings.append(finding_of("street_several", said))
            return
        if street.kind == STREET and not alone and not initial:
            if kind in OVERRULES_STREET or not full:
                street.kinds.append(kind)
                return
        elif kind == STREET and not alone:
            self.findings.append(finding_of("street_kind_several", street.kind))
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
        if kind == _HOUSE_TOO and not rest and not self.pending and self.parts:
            return
        if not self.pending and not rest:
            # A kind of nothing: some word was lost, or is a name that we do not know.
            self.findings.append(finding_of("address_unclear", word))
        elif not self.pending:
            self._open(level, kind)
            self.parts[-1].initial = len(word.rstrip(".")) == 1 and word[0].isupper()
        elif not rest or kind_of(rest[0]):
            self._close(level, kind)
        else:
            words = self._taken()
            if not all(word.isdigit() for word in words):
                self.parts.append(_Part(words))
            self._open(level, kind)


def _is_postcode(words: list[str]) -> bool:
    return len(words) == 1 and words[0].isdigit() and len(words[0]) == len("163000")


_LEVELS: tuple[Level | None, ...] = (None, *Level)


def _assembled(parts: list[_Part], findings: list[Finding], town: str) -> Head:
    """Give each part its place in the address; what fits nowhere is unclear."""
    by_level: dict[Level | None, list[_Part]] = {level: [] for level in _LEVELS}
    for part in parts:
        by_level[part.level].append(part)
    loose, regions, districts, places, areas, streets = map(_distinct, by_level.values())
    _place_loose(loose, places, streets, areas, findings, town)
    region, places = _region_and_places(regions, places)
    if streets and any(area.kind == COMPLEX for area in areas):
        for area in areas:
            if area.kind == COMPLEX:
                findings.append(finding_of("note_dropped", with_kind(COMPLEX, area.name)))
        areas = [area for area in areas if area.kind != COMPLEX]
    areas.sort(key=lambda area: INNER.get(area.kind, 0))
    if areas and not streets:
        streets, areas = areas[-1:], areas[:-1]
    if not places and districts:
        places, areas = areas, []
    _check_places(places, streets, findings, town)
    street = _one_street(streets, findings)
    last = places[-1] if places else _Part([])
    return Head(
        region=region,
        district=", ".join(_region_name(part) for part in districts),
        locality=", ".join(with_kind(part.kind, part.name) for part in [*places, *areas]),
        street_type=(street.kind or STREET) if street.words else "",
        street=street.name,
        streetless=bool(last.kind and last.kind != CITY) or last.name.lower() in STREETLESS_CITIES,
        numbers_blocks=street.level is Level.AREA or last.name.lower() in STREETLESS_CITIES,
        findings=tuple(dict.fromkeys(findings)),
    )


def _check_places(
    places: list[_Part], streets: list[_Part], findings: list[Finding], town: str
) -> None:
    for place in places:
        if place.level is Level.PLACE and not any(map(str.isalpha, place.name)):
            findings.append(finding_of("address_unclear", with_kind(place.kind, place.name)))
    cities = [place for place in places if place.kind == CITY]
    if len(cities) > 1:
        said = ", ".join(with_kind(CITY, place.name) for place in cities)
        findings.append(finding_of("address_unclear", said))
    last = places[-1] if places else None
    alone = len(places) == 1 and not town
    if last and last.initial and not streets and not alone and _GENITIVE.search(last.name):
        findings.append(finding_of("initial_or_place", with_kind(last.kind.upper(), last.name)))


def _place_loose(
    loose: list[_Part],
    places: list[_Part],
    streets: list[_Part],
    areas: list[_Part],
    findings: list[Finding],
    town: str,
) -> None:
    """Read names without a kind: a town first, then a street; a third one is unclear."""
    for part in loose:
        if part.name.lower() in {place.name.lower() for place in places}:
            continue
        _drop_town(part, places)
        if not part.words:
            continue
        if part.name.lower() in STREETLESS_CITIES:
            part.kinds = [CITY]
            places.append(part)
            continue
        if not places and (streets or areas or len(loose) > 1):
            places.append(part)
            is_known = _plain_name(part.name) == _plain_name(_without_kind(town))
            if not is_known and not _may_be_town(part, [*loose, *streets]):
                findings.append(finding_of("address_unclear", part.name))
        elif not streets and not areas:
            streets.append(part)
            first, *others = part.words
            if first == f"{UNCLEAR_FIRST}." and others and others[0][0].isupper():
                part.words, part.kinds = others, [UNCLEAR_FIRST]
            else:
                findings.append(finding_of("street_kind_missing", part.name))
        else:
            findings.append(finding_of("address_unclear", part.name))


def _without_kind(town: str) -> str:
    return " ".join(word for word in town.split() if not kind_of(word))


_TOWN = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+){0,4}")
_SURNAME = re.compile(r"(?:[оеё]в|[иы]н)а?$|[сц]к(?:ий|ая)$|(?:ко|ук|юк|ых|их)$")


def _may_be_town(part: _Part, others: list[_Part]) -> bool:
    """Tell a town without a kind from what else stands before a street."""
    words = [word.lower() for word in part.words]
    if " ".join(_WORDS.findall(part.name.lower())) in CUT_TOWNS:
        return True
    if not _TOWN.fullmatch(part.name) or OF_NO_TOWN & {*words, " ".join(words)}:
        return False
    written_small = part.words[0][0].islower()
    if written_small and any(word[0].isupper() for other in others for word in other.words):
        return False
    if len(words) > 1 and words[-1].endswith(("вна", "вич")):
        return False
    pair = len(words) == len(("Иванова", "Мария")) and (words, words[::-1])
    return not pair or not any(_SURNAME.search(one) and two in PEOPLE for one, two in pair)


def _drop_town(part: _Part, places: list[_Part]) -> None:
    """Read «Архангельск Ленина» as a street when the town is known."""
    for place in places:
        n = len(place.words)
        if part.kind_last and part.words[n : n + 1] and not part.words[n][0].isalpha():
            continue  # «Заречный 1-й пер.» in Заречный
        if [word.lower() for word in part.words[:n]] == [word.lower() for word in place.words]:
            part.words = part.words[n:]


def _region_and_places(regions: list[_Part], places: list[_Part]) -> tuple[str, list[_Part]]:
    """Read «г. Москва, г. Троицк» as a region and a town; «г. Москва» alone is both."""
    federal = [place for place in places if place.name.lower() in FEDERAL_CITIES]
    for place in federal:
        place.words, place.kinds = [FEDERAL_CITIES[place.name.lower()]], [CITY]
    for place in places:
        cut = CUT_TOWNS.get(" ".join(_WORDS.findall(place.name.lower())))
        if cut and place.kind in {CITY, ""}:
            place.words = [cut]
    named = {place.name.lower() for place in places if place.kind}
    places = [place for place in places if place.kind or place.name.lower() not in named]
    places.sort(key=lambda place: place.kind not in {CITY, ""})
    if not federal:
        return "".join(_region_name(part) for part in regions[:1]), places
    others = [place for place in places if place not in federal]
    return with_kind(CITY, federal[0].name), others or federal[:1]


_FORMER = re.compile(r"\((?:быв\w*|ранее|стар\w*|ныне|или)(?:[\s.)]|$)", re.IGNORECASE)
"""«Ленина (бывш. Мира)»; but «Школьная (Исакогорка)» is named so in registries."""
_MONTHS = "янв|фев|март|апр|ма[йя]|ию[нл]|авг|сент|окт|нояб|дек"
_NUMBER_INSIDE = re.compile(
    rf"[^\W\d_]{{3,}} \d+[^\W\d_]? (?!лет|год|{_MONTHS})[^\W\d_]{{4,}}", re.IGNORECASE
)
"""«Ленина 5 Мира»: a house between two streets; but «Героев 40 лет Октября»."""


def _is_told(code: str, findings: list[Finding]) -> bool:
    return any(finding.code == code for finding in findings)


def _one_street(streets: list[_Part], findings: list[Finding]) -> _Part:
    if not streets:
        return _Part([])
    street = streets[0]
    if _FORMER.search(street.name):
        findings.append(finding_of("address_unclear", street.name))
    elif _NUMBER_INSIDE.search(street.name) and not _is_told("street_several", findings):
        findings.append(finding_of("street_several", street.name))
    if len(streets) > 1:
        findings.append(finding_of("street_several", "», «".join(part.name for part in streets)))
    if street.kind == UNCLEAR_STREET:
        findings.append(finding_of("street_kind_unclear"))
    elif street.kind == UNCLEAR_FIRST:
        findings.append(finding_of("street_word_unclear"))
    elif len(street.kinds) > 1:
        findings.append(finding_of("street_kind_several", with_kind(street.kind, street.name)))
    return street


def _distinct(parts: list[_Part]) -> list[_Part]:
    if len(parts) <= 1 or parts[0].level is None:
        return parts
    return list({(part.kind, part.name.lower()): part for part in parts}.values())


def _region_name(part: _Part) -> str:
    if not part.kind:
        return part.name
    kind = with_kind(part.kind, "")
    return f"{part.name} {kind}" if _ADJECTIVE.search(part.name) else f"{kind} {part.name}"


def has_kind(chunk: str) -> bool:
    words = chunk.split()
    return _is_postcode(words) or any(kind_of(word) for word in words)


def may_be_place(text: str) -> bool:
    words = [word.lower().rstrip(".") for word in text.split()]
    return bool(text) and (
        text[0].isupper() or _is_postcode([text]) or any(word in KINDS for word in words)
    )


def has_street(chunk: str) -> bool:
    return any((known := kind_of(word)) and known[0] is Level.STREET for word in chunk.split())
