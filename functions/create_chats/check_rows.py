"""Checking a list of houses: an honest verdict for each row, with what to write instead."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from create_chats.columns import FIELDS
from create_chats.contacts import read_elder
from create_chats.read_list import Listing
from create_chats.refusals import refused
from housechats.domain.address_reading import QUOTED, Finding, parse, read_fias_id
from housechats.domain.address_words import NOTHING
from housechats.domain.addresses import Address
from housechats.domain.batches import ListedHouse, Problem, Row, Verdict
from housechats.domain.territories import Territory, is_oktmo

MOST_ENTRANCES = 99
"""The longest house of the country has 53."""

FINDINGS = {
    "oktmo_missing": (True, "Не указан код ОКТМО дома: список загружен для всего региона."),
    "oktmo_wrong": (True, "Код ОКТМО «{}» неверен: нужно 8 или 11 цифр кода муниципалитета."),
    "oktmo_outside": (True, "Дом с кодом ОКТМО {} вне территории списка ({})."),
    "fias_wrong": (False, "Код ФИАС «{}» не прочитан и не учтён: нужны 32 цифры и буквы a–f."),
    "fias_repeated": (
        True,
        "Этот код ФИАС уже стоит у другого дома, в строке {}. Исправьте код или адрес.",
    ),
    "fias_address_differs": (
        False,
        "Код ФИАС тот же, что в строке {}, а улица написана иначе. Это один дом?",
    ),
    "codes_differ": (
        True,
        "Такой адрес уже есть в строке {}, но с другим кодом ФИАС или ОКТМО: исправьте их.",
    ),
    "same_house": (False, "Этот дом уже есть в строке {}."),
    "elder_missing": (False, "Старший не указан: чат откроется, но вести его пока некому."),
    "entrances_wrong": (False, "Число подъездов «{}» не прочитано: нужно число от 1 до 99."),
}
"""Codes of findings: whether the row is unusable, and what people are told."""


def check(listing: Listing, *, oktmo: str) -> Iterator[Row]:
    """Return the rows with their verdicts; refuse a list whose municipality is unknown."""
    if "oktmo" not in listing.columns:
        if _is_region(oktmo):
            raise refused("list_oktmo_of_region")
        if not is_oktmo(oktmo):
            raise refused("list_oktmo_wrong", oktmo)
    checker = _Checker(listing, Territory(oktmo))
    return (checker.row(number, cells) for number, cells in listing.rows)


def _is_region(oktmo: str) -> bool:
    """Codes end in zeros where they name a region, or a group of its municipalities."""
    return len(oktmo.rstrip("0")) <= len("117")


@dataclass(frozen=True, slots=True)
class _Seen:
    """What tells a house from others; a list has up to 100,000 of them."""

    number: int
    key: str
    oktmo: str
    fias_id: str

    @property
    def identity(self) -> tuple[str, str]:
        return self.oktmo[:8], self.key

    @property
    def house_number(self) -> list[str]:
        """Return the house number and what follows it, of an address's key."""
        return self.key.split("|")[2:]


@dataclass
class _Checker:
    listing: Listing
    territory: Territory
    by_key: dict[tuple[str, str], _Seen] = field(default_factory=dict)
    by_fias: dict[str, _Seen] = field(default_factory=dict)

    def row(self, number: int, cells: Mapping[str, str]) -> Row:
        if not cells:
            return Row(number, Verdict.SKIPPED)
        problems: list[Problem] = []
        house = self._house(cells, problems)
        if not house or any(problem.fatal for problem in problems):
            return Row(number, Verdict.REJECTED, tuple(problems))
        seen = _Seen(number, house.address.key, house.oktmo, house.fias_id)
        first = self._seen_before(seen, problems)
        if any(problem.fatal for problem in problems):
            return Row(number, Verdict.REJECTED, tuple(problems))
        if first:
            return Row(number, Verdict.DUPLICATE, tuple(problems), house, first)
        self.by_key[seen.identity] = seen
        if seen.fias_id:
            self.by_fias[seen.fias_id] = seen
        if not house.elder:
            self._find(problems, "elder_name", "elder_missing")
        verdict = Verdict.ACCEPTED_WITH_WARNINGS if problems else Verdict.ACCEPTED
        return Row(number, verdict, tuple(problems), house)

    def _house(self, cells: Mapping[str, str], problems: list[Problem]) -> ListedHouse | None:
        fias_id = self._fias_id(cells, problems)
        address = self._address(cells, problems, one_house=bool(fias_id))
        oktmo = self._oktmo(cells, problems)
        entrances = self._entrances(cells, problems)
        elder, found = read_elder(
            cells.get("elder_name", ""), cells.get("elder_phone", ""), cells.get("elder_vk", "")
        )
        problems += (self._problem(name, finding) for name, finding in found.items())
        return ListedHouse(address, oktmo, fias_id, entrances, elder=elder) if address else None

    def _address(
        self, cells: Mapping[str, str], problems: list[Problem], *, one_house: bool
    ) -> Address | None:
        name = "address" if "address" in self.listing.columns else "street"
        text = _address_text(cells)
        address, findings = parse(text)
        if cells.get("locality") and any(f.code == "locality_missing" for f in findings):
            address, findings = parse(f"{cells['locality']}, {text}")
        for finding in findings:
            # A ФИАС id is that of one house: «74-76» is its number then.
            is_number = one_house and finding.code == "house_range"
            fatal = finding.fatal and not is_number
            problems.append(self._problem(name, replace(finding, fatal=fatal)))
        return address

    def _oktmo(self, cells: Mapping[str, str], problems: list[Problem]) -> str:
        said = cells.get("oktmo", "").replace(" ", "")
        if said.lower() in NOTHING:
            own = self.territory.oktmo
            if _is_region(own) or not is_oktmo(own):
                self._find(problems, "oktmo", "oktmo_missing")
            return own
        # A spreadsheet drops the first zero of a number: regions 01 to 08 have one.
        code = said.zfill(8) if len(said) <= len("1701000") else said.zfill(11)
        code = said if is_oktmo(said) else code
        if not is_oktmo(code) or _is_region(code):
            self._find(problems, "oktmo", "oktmo_wrong", said)
        elif not self.territory.covers(code):
            self._find(problems, "oktmo", "oktmo_outside", code, self.territory.oktmo)
        return code

    def _fias_id(self, cells: Mapping[str, str], problems: list[Problem]) -> str:
        said = cells.get("fias_id", "")
        fias_id = read_fias_id(said)
        if not fias_id and said.lower() not in NOTHING:
            self._find(problems, "fias_id", "fias_wrong", said)
        return fias_id

    def _entrances(self, cells: Mapping[str, str], problems: list[Problem]) -> int:
        said = cells.get("entrances", "")
        if said.lower() in NOTHING or said == "0":
            return 0
        if said.isascii() and said.isdigit() and int(said) <= MOST_ENTRANCES:
            return int(said)
        self._find(problems, "entrances", "entrances_wrong", said)
        return 0

    def _seen_before(self, house: _Seen, problems: list[Problem]) -> int:
        """Return the row of the same house; two houses that claim one identity are a problem."""
        name = "address" if "address" in self.listing.columns else "street"
        if house.fias_id and (first := self.by_fias.get(house.fias_id)):
            if first.house_number != house.house_number:
                self._find(problems, "fias_id", "fias_repeated", str(first.number))
            elif first.key != house.key:
                self._find(problems, "fias_id", "fias_address_differs", str(first.number))
            else:
                self._find(problems, name, "same_house", str(first.number))
            return first.number
        first = self.by_key.get(house.identity)
        if not first:
            return 0
        ids = _clash(first.fias_id, house.fias_id) or _clash(first.oktmo[8:], house.oktmo[8:])
        self._find(problems, name, "codes_differ" if ids else "same_house", str(first.number))
        return first.number

    def _find(self, problems: list[Problem], name: str, code: str, *about: str) -> None:
        fatal, message = FINDINGS[code]
        problems.append(
            self._problem(
                name, Finding(code, message.format(*(text[:QUOTED] for text in about)), fatal)
            )
        )

    def _problem(self, name: str, finding: Finding) -> Problem:
        column = self.listing.columns.get(name, FIELDS[name][0])
        return Problem(column, finding.code, finding.message, finding.fatal)


def _address_text(cells: Mapping[str, str]) -> str:
    """Return the address as one text, also when it stands in several columns."""
    if address := cells.get("address"):
        return address
    parts = (
        ("", cells.get("locality", "")),
        ("", cells.get("street", "")),
        ("д. ", cells.get("house", "")),
        ("корп. ", cells.get("block", "")),
        ("стр. ", cells.get("building", "")),
        ("лит. ", cells.get("letter", "")),
    )
    return ", ".join(f"{kind}{said}" for kind, said in parts if said.lower() not in NOTHING)


def _clash(one: str, other: str) -> bool:
    return bool(one and other and one != other)
