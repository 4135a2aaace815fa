"""Reading the rows of a list one by one, each as if it were alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from create_chats.attached import read_organisations
from create_chats.cells import (
    clean,
    read_entrances,
    read_fias,
    read_flats,
    read_tags,
)
from create_chats.columns import FIELDS
from create_chats.contacts import read_elder
from create_chats.findings import found
from create_chats.read_list import Listing
from housechats.domain.address_reading import Finding, parse_parts
from housechats.domain.address_words import says_nothing
from housechats.domain.addresses import Address
from housechats.domain.batches import ListedHouse, Problem
from housechats.domain.territories import Territory, is_oktmo

FINDINGS = {
    "oktmo_missing": (True, "Не указан код ОКТМО дома: список загружен для всего региона."),
    "oktmo_wrong": (True, "Код ОКТМО «{}» неверен: нужно 8 или 11 цифр кода муниципалитета."),
    "oktmo_outside": (True, "Дом с кодом ОКТМО {} вне территории списка ({})."),
    "row_hidden": (False, "Строка скрыта в файле. Если дом лишний, удалите её."),
}
"""Codes of findings: whether the row is unusable, and what people are told."""

ELDER = ("elder_name", "elder_phone", "elder_vk")
FULL_KINDS = {"пр-кт", "проезд"}
"""What «пр.» may stand for."""


@dataclass(slots=True)
class Draft:
    """A row that was read by itself."""

    number: int
    cells: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    house: ListedHouse | None = None

    @property
    def unusable(self) -> bool:
        return any(problem.fatal for problem in self.problems)


@dataclass
class Reader:
    """Reads rows one by one."""

    listing: Listing
    territory: Territory
    locality: str
    kinds: dict[tuple[str, ...], dict[str, int]] = field(default_factory=dict)
    """Kinds that a street has in the list, with the first row that says so."""
    told: dict[tuple[str, str, str], Problem] = field(default_factory=dict)
    """A problem that many rows have is one object."""

    def read(self, number: int, written: Mapping[str, str]) -> Draft:
        draft = Draft(number, written)
        if not written:
            return draft
        cells, removed = clean(written)
        self._note(draft, removed)
        fias_id, wrong_fias = read_fias(cells.get("fias_id", ""))
        address = self._address(draft, cells, one_house=bool(fias_id))
        oktmo = self._oktmo(draft, cells.get("oktmo", ""))
        entrances, wrong_entrances = read_entrances(cells.get("entrances", ""))
        flats, wrong_flats = read_flats(cells.get("flats", ""))
        elder, of_elder = read_elder(*(cells.get(name, "") for name in ELDER))
        organisations, of_organisations = read_organisations(cells)
        tags, wrong_tags = read_tags(cells.get("tags", ""))
        own = {
            "fias_id": wrong_fias,
            "entrances": wrong_entrances,
            "flats": wrong_flats,
            "tags": wrong_tags,
        }
        for findings in (own, of_elder, of_organisations):
            self._note(draft, findings)
        if number in self.listing.table.hidden_rows:
            self.find(draft, "", found(FINDINGS, "row_hidden"))
        if address:
            draft.house = ListedHouse(
                address, oktmo, fias_id, entrances, flats, elder, organisations, tags
            )
            if address.street_type in FULL_KINDS:
                *street, kind = street_of(draft.house)
                self.kinds.setdefault(tuple(street), {}).setdefault(kind, number)
        return draft

    def _note(self, draft: Draft, findings: Mapping[str, Finding | None]) -> None:
        for name, finding in findings.items():
            # A column that the list does not have is missed once, in a remark.
            if finding and (finding.code != "inn_missing" or name in self.listing.columns):
                self.find(draft, name, finding)

    def find(self, draft: Draft, name: str, finding: Finding) -> None:
        key = name, finding.code, finding.message
        problem = self.told.get(key)
        if not problem or problem.fatal != finding.fatal:
            column = name and self.listing.columns.get(name, FIELDS[name][0])
            problem = Problem(column, finding.code, finding.message, finding.fatal)
            self.told[key] = problem
        draft.problems.append(problem)

    def _address(
        self, draft: Draft, cells: Mapping[str, str], *, one_house: bool
    ) -> Address | None:
        if draft.unusable:
            return None  # a formula in it failed: the rest would be another house
        address, findings = parse_parts(cells, locality=self.locality)
        for finding in findings:
            # A ФИАС id is that of one house: «74-76» is its number then.
            is_number = one_house and finding.code == "house_range"
            told = replace(finding, fatal=False) if is_number else finding
            self.find(draft, self.address_column(finding.code), told)
        return address

    def address_column(self, code: str) -> str:
        """Return the column that a finding in an address concerns."""
        part = code.partition("_")[0]
        if "address" in self.listing.columns:
            return "address"
        return part if part in self.listing.columns else "street"

    def _oktmo(self, draft: Draft, said: str) -> str:
        said = "".join(said.split())
        own = self.territory.oktmo
        if says_nothing(said):
            if own and (is_region(own) or not is_oktmo(own)):
                self.find(draft, "oktmo", found(FINDINGS, "oktmo_missing"))
            return own
        # A spreadsheet drops the first zero of a number: regions 01 to 08 have one.
        code = said.zfill(8) if len(said) <= len("1701000") else said.zfill(11)
        code = said if is_oktmo(said) else code
        if not is_oktmo(code) or is_region(code):
            self.find(draft, "oktmo", found(FINDINGS, "oktmo_wrong", said))
        elif own and not self.territory.covers(code):
            self.find(draft, "oktmo", found(FINDINGS, "oktmo_outside", code, own))
        return code


def street_of(house: ListedHouse) -> tuple[str, str, str, str]:
    """Return the municipality, the locality and the words of a street, and its kind."""
    place, street, *_ = house.address.key.split("|")
    kind, _, words = street.partition(" ")
    return house.oktmo[:8], place, words, kind


def is_region(oktmo: str) -> bool:
    """Codes end in zeros where they name a region, or a group of its municipalities."""
    return len(oktmo.rstrip("0")) <= len("117")
