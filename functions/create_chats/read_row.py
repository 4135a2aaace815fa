"""Reading the rows of a list one by one, each as if it were alone."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from create_chats.attached import read_organisations
from create_chats.cells import (
    clean,
    read_entrances,
    read_fias,
    read_flats,
    read_tags,
)
from create_chats.columns import FIELDS
from create_chats.number_parts import with_number_parts
from create_chats.read_list import Listing
from housechats.domain.address_reading import LONGEST, parse_parts
from housechats.domain.address_words import says_nothing
from housechats.domain.addresses import Address
from housechats.domain.batches import ListedHouse, Problem, Row, Verdict
from housechats.domain.contacts import read_elder
from housechats.domain.findings import Finding, found
from housechats.domain.territories import Territory, is_oktmo

FINDINGS = {
    "oktmo_missing": (True, "Не указан код ОКТМО дома: список загружен для всего региона."),
    "oktmo_wrong": (True, "Код ОКТМО неверен: нужно 8 или 11 цифр кода муниципалитета."),
    "oktmo_outside": (True, "Дом с таким кодом ОКТМО лежит вне территории списка ({})."),
    "locality_above": (True, "Выше стоит «{}»: впишите населённый пункт в строку."),
    "column_unread": (
        True,
        "Не понято, а без этого дом не определить: впишите в столбец «Корпус» или «Строение».",
    ),
    "row_hidden": (False, "Строка скрыта в файле. Если дом лишний, удалите её."),
}
"""Codes of findings: whether the row is unusable, and what people are told."""

TOWN_LEFT_OUT = "Город не указан, а в других строках он есть: впишите его."
"""What a list says whose other rows name their towns: the setting may be wrong for this one."""

ELDER = ("elder_name", "elder_phone", "elder_vk")
FULL_KINDS = {"пр-кт", "проезд"}
"""What «пр.» may stand for."""
REPEATED = FIELDS.keys() - {"address", "house", "flat", "fias_id", "elder_phone", "elder_vk"}
"""Columns in which many rows say the same: a list of 100,000 rows is kept whole in memory."""
MOST_SHARED = 20_000
_FLAT_AT_END = re.compile(
    r"(?:^|[\s,;]+)(?:кв|квартира|пом|помещение)\b[\s.]*№?\s*([\w/-]+)\s*$", re.IGNORECASE
)

KindsOfStreets = dict[tuple[str, ...], dict[str, int]]
"""Kinds that a street has, each with the first row that says so."""


@dataclass
class Reader:
    """Reads rows one by one."""

    listing: Listing
    territory: Territory
    locality: str
    kinds: KindsOfStreets = field(default_factory=dict)
    told: dict[tuple[str, str, str], Problem] = field(default_factory=dict)
    """A problem that many rows have is one object."""
    texts: dict[str, str] = field(default_factory=dict)
    """So is a text."""
    codes: dict[str, tuple[str, Finding | None]] = field(default_factory=dict)

    def read(self, number: int, written: Mapping[str, str]) -> Row:
        """Return the row with the verdict that it has by itself."""
        if not written:
            return Row(number, Verdict.SKIPPED)
        written = self._with_shared_texts(written)
        problems: list[Problem] = []
        cells, removed = clean(written)
        self._note(problems, removed)
        fias_id, wrong_fias = read_fias(cells.get("fias_id", ""))
        address = self._address(problems, cells, one_house=bool(fias_id))
        oktmo, wrong_oktmo = self._oktmo(cells.get("oktmo", ""))
        entrances, wrong_entrances = read_entrances(cells.get("entrances", ""))
        flats, wrong_flats = read_flats(cells.get("flats", ""))
        elder, of_elder = read_elder(*(cells.get(name, "") for name in ELDER))
        organisations, of_organisations = read_organisations(cells)
        tags, wrong_tags = read_tags(cells.get("tags", ""))
        for name, finding in (
            ("oktmo", wrong_oktmo),
            ("fias_id", wrong_fias),
            ("entrances", wrong_entrances),
            ("flats", wrong_flats),
            ("tags", wrong_tags),
        ):
            if finding:
                problems.append(self.problem(name, finding))
        self._note(problems, of_elder)
        self._note(problems, of_organisations)
        if number in self.listing.table.hidden_rows:
            problems.append(self.problem("", found(FINDINGS, "row_hidden")))
        house = None
        if address:
            house = ListedHouse(
                address, oktmo, fias_id, entrances, flats, elder, organisations, tags
            )
        if house and house.address.street_type in FULL_KINDS:
            *street, kind = street_of(house)
            self.kinds.setdefault(tuple(street), {}).setdefault(kind, number)
        return Row(number, verdict_of(problems), in_order(problems), house, 0, written)

    def _with_shared_texts(self, written: Mapping[str, str]) -> Mapping[str, str]:
        """Return the cells with one object for a text that many rows have."""
        cells = dict(written)
        for name in cells.keys() & REPEATED:
            said = cells[name]
            if shared := self.texts.get(said):
                cells[name] = shared
            elif len(self.texts) < MOST_SHARED:
                self.texts[said] = said
        return cells

    def _note(self, problems: list[Problem], findings: Mapping[str, Finding]) -> None:
        for name, finding in findings.items():
            # A column that the list does not have is missed once, in a remark.
            if finding.code != "inn_missing" or name in self.listing.columns:
                problems.append(self.problem(name, finding))

    def problem(self, name: str, finding: Finding) -> Problem:
        """Return what was found as a problem of the clerk's own column."""
        key = name, finding.code, finding.message
        problem = self.told.get(key)
        if not problem or problem.fatal != finding.fatal:
            column = name and self.listing.columns.get(name, FIELDS[name][0])
            problem = Problem(column, finding.code, finding.message, finding.fatal)
            self.told[key] = problem
        return problem

    def _address(
        self, problems: list[Problem], cells: Mapping[str, str], *, one_house: bool
    ) -> Address | None:
        if stops(problems):
            return None  # a formula in it failed: the rest would be another house
        cells, unread = with_number_parts(cells)
        if unread:
            column = unread if unread in self.listing.columns else self.address_column("house_")
            problems.append(self.problem(column, found(FINDINGS, "column_unread")))
            return None
        above = cells.get("under", "")
        left_out = self._leaves_town_out(cells)
        town = "" if above or left_out else self.locality
        address, findings = parse_parts(_without_flat(cells), locality=town)
        for finding in findings:
            told = finding
            if one_house and finding.code == "house_range":
                # A ФИАС id is that of one house: «74-76» is its number then.
                told = replace(finding, fatal=False)
            elif finding.code == "locality_missing" and above:
                told = found(FINDINGS, "locality_above", above)
            elif finding.code == "locality_missing" and left_out:
                told = replace(finding, message=TOWN_LEFT_OUT)
            problems.append(self.problem(self.address_column(told.code), told))
        return address

    def _leaves_town_out(self, cells: Mapping[str, str]) -> bool:
        """Tell whether the town's cell is empty where other rows fill it."""
        has_column = "locality" in self.listing.columns
        return has_column and says_nothing(cells.get("locality", "")) and self._towns_are_told

    @cached_property
    def _towns_are_told(self) -> bool:
        return any(not says_nothing(cells.get("locality", "")) for _, cells in self.listing.rows)

    def address_column(self, code: str) -> str:
        """Return the column that a finding in an address concerns."""
        part = code.partition("_")[0]
        if "address" in self.listing.columns:
            return "address"
        return part if part in self.listing.columns else "street"

    def _oktmo(self, said: str) -> tuple[str, Finding | None]:
        if said not in self.codes:
            self.codes[said] = self._read_oktmo("".join(said.split()))
        return self.codes[said]

    def _read_oktmo(self, said: str) -> tuple[str, Finding | None]:
        own = self.territory.oktmo
        if says_nothing(said):
            missing = own and (is_region(own) or not is_oktmo(own))
            return own, found(FINDINGS, "oktmo_missing") if missing else None
        # A spreadsheet drops the first zero of a number: regions 01 to 08 have one.
        code = said.zfill(8) if len(said) <= len("1701000") else said.zfill(11)
        code = said if is_oktmo(said) else code
        if not is_oktmo(code) or is_region(code):
            return code, found(FINDINGS, "oktmo_wrong")
        if own and not self.territory.covers(code):
            return code, found(FINDINGS, "oktmo_outside", own)
        return code, None


def _without_flat(cells: Mapping[str, str]) -> Mapping[str, str]:
    """Leave the flat out of an address where it has a column of its own that says the same."""
    flat, address = cells.get("flat"), cells.get("address")
    if not flat or not address or max(len(flat), len(address)) > LONGEST:
        return cells
    if not (said := _FLAT_AT_END.search(address)):
        return cells
    own = number[1] if (number := _FLAT_AT_END.search(flat)) else flat
    if said[1].casefold() != own.casefold():
        return cells
    return {**cells, "address": address[: said.start()]}


def kind_of_street(row: Row) -> KindsOfStreets:
    """Return what a row tells of its street that one with «пр.» may need to know."""
    if row.house is None or row.house.address.street_type not in FULL_KINDS:
        return {}
    *street, kind = street_of(row.house)
    return {tuple(street): {kind: row.number}}


def stops(problems: Sequence[Problem]) -> bool:
    return bool(problems) and any(problem.fatal for problem in problems)


def verdict_of(problems: Sequence[Problem]) -> Verdict:
    if stops(problems):
        return Verdict.REJECTED
    return Verdict.ACCEPTED_WITH_WARNINGS if problems else Verdict.ACCEPTED


def in_order(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Return what stops the row first: of many problems only some are kept."""
    if len(problems) > 1:
        return tuple(sorted(problems, key=lambda problem: not problem.fatal))
    return tuple(problems)


def street_of(house: ListedHouse) -> tuple[str, str, str, str]:
    """Return the municipality, the locality and the words of a street, and its kind."""
    place, street, *_ = house.address.key.split("|")
    kind, _, words = street.partition(" ")
    return house.oktmo[:8], place, words, kind


def is_region(oktmo: str) -> bool:
    """Codes end in zeros where they name a region, or a group of its municipalities."""
    return len(oktmo.rstrip("0")) <= len("117")
