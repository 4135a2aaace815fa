"""Checking a list of houses: an honest verdict for each row, with what to write instead.

Two passes: rows are read one by one, then settled against each other.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from create_chats.findings import found
from create_chats.read_list import Listing
from create_chats.read_row import ELDER, Draft, Reader, is_region, street_of
from create_chats.refusals import refused
from housechats.domain.address_words import UNCLEAR_STREET
from housechats.domain.addresses import with_kind
from housechats.domain.batches import ListedHouse, Row, Verdict
from housechats.domain.organisations import OrganisationKind
from housechats.domain.similar import Likeness
from housechats.domain.territories import Territory, is_oktmo

FINDINGS = {
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
    "flat_of_house": (False, "Ещё одна квартира дома из строки {}: чат у дома один."),
    "elder_differs": (False, "Старший здесь не тот, что в строке {}: учтена та строка."),
    "organisation_differs": (
        False,
        "Организация здесь не та, что в строке {}: учтена та строка.",
    ),
    "similar_to": (
        False,
        "Похоже на дом в строке {}: «{}». Если это один дом, уберите одну из строк.",
    ),
    "street_kind_settled": (False, "«пр.» прочитано как «{}»: так улица названа в строке {}."),
    "elder_missing": (False, "Старший не указан: чат откроется, но вести его пока некому."),
}
"""Codes of findings: whether the row is unusable, and what people are told."""

NO_ELDERS = (
    "В списке нет столбцов со старшими по домам: чаты откроются, но вести их пока некому. "
    "Добавьте столбцы «Старший по дому», «Телефон», «Страница ВК»."
)
NO_INN = (
    "В списке нет столбца с ИНН организаций: без ИНН их нельзя связать с домами. "
    "Добавьте его рядом с названием."
)


def check(listing: Listing, *, oktmo: str, locality: str = "") -> list[Row]:
    """Return the rows with their verdicts; refuse a list whose municipality is unknown.

    Without any ОКТМО houses are told apart by their addresses with region and district.
    """
    if oktmo and "oktmo" not in listing.columns:
        if is_region(oktmo):
            raise refused("list_oktmo_of_region")
        if not is_oktmo(oktmo):
            raise refused("list_oktmo_wrong", oktmo)
    reader = Reader(listing, Territory(oktmo), locality)
    drafts = [reader.read(number, cells) for number, cells in listing.rows]
    settler = _Settler(reader)
    for draft in drafts:
        settler.settle(draft)
    settler.count_flats()
    return settler.rows


def remarks(listing: Listing, rows: Iterable[Row]) -> tuple[str, ...]:
    """Return what people are told of the list as a whole, once and not in each row."""
    told = list(listing.remarks)
    if not _names_elders(listing):
        told.append(NO_ELDERS)
    if any(
        not organisation.inn and f"{organisation.kind}_inn" not in listing.columns
        for row in rows
        if row.house
        for organisation in row.house.organisations
    ):
        told.append(NO_INN)
    return tuple(told)


def _names_elders(listing: Listing) -> bool:
    return any(name in listing.columns for name in ELDER)


@dataclass
class _Settler:
    """Gives rows their verdicts, in their order."""

    reader: Reader
    rows: list[Row] = field(default_factory=list)
    by_key: dict[tuple[str, str, str, str], int] = field(default_factory=dict)
    """Where in `rows` a house stands first."""
    by_fias: dict[str, int] = field(default_factory=dict)
    flats: dict[int, set[str]] = field(default_factory=dict)
    likeness: Likeness = field(default_factory=Likeness)

    def settle(self, draft: Draft) -> None:
        index = len(self.rows)
        verdict, house, first = self._verdict(draft, index)
        problems = draft.problems
        if len(problems) > 1:
            problems.sort(key=lambda problem: not problem.fatal)
        self.rows.append(Row(draft.number, verdict, tuple(problems), house, first, draft.cells))

    def count_flats(self) -> None:
        """Count the flats of each house of a list with a row for each flat."""
        if any(len(flats) > 1 for flats in self.flats.values()):
            for index, flats in self.flats.items():
                row = self.rows[index]
                if row.house and not row.house.flats:
                    self.rows[index] = replace(row, house=replace(row.house, flats=len(flats)))

    def _verdict(self, draft: Draft, index: int) -> tuple[Verdict, ListedHouse | None, int]:
        """Return the verdict, the house, and the number of the row that told it first."""
        if not draft.cells:
            return Verdict.SKIPPED, None, 0
        house = draft.house
        if house and house.address.street_type == UNCLEAR_STREET:
            house = self._with_kind_of_street(draft, house)
        if not house or draft.unusable:
            return Verdict.REJECTED, house, 0
        first = self._first(house)
        if first is not None:
            self._compare(draft, house, first)
            verdict = Verdict.REJECTED if draft.unusable else Verdict.DUPLICATE
            return verdict, house, 0 if draft.unusable else self.rows[first].number
        self._remember(draft, house, index)
        if not house.elder and _names_elders(self.reader.listing):
            self._find(draft, "elder_name", "elder_missing")
        verdict = Verdict.ACCEPTED_WITH_WARNINGS if draft.problems else Verdict.ACCEPTED
        return verdict, house, 0

    def _with_kind_of_street(self, draft: Draft, house: ListedHouse) -> ListedHouse:
        """Read «пр.» as the list itself names that street, where it does so in one way."""
        *street, _ = street_of(house)
        kinds = self.reader.kinds.get(tuple(street), {})
        if len(kinds) != 1:
            return house
        ((kind, number),) = kinds.items()
        draft.problems[:] = [p for p in draft.problems if p.code != "street_kind_unclear"]
        address = replace(house.address, street_type=kind)
        name = with_kind(kind, address.street)
        self._find(draft, "street", "street_kind_settled", name, str(number))
        return replace(house, address=address)

    def _first(self, house: ListedHouse) -> int | None:
        """Return where the house stands already."""
        if (first := self.by_fias.get(house.fias_id)) is not None:
            return first
        for identity in _identities(house):
            first = self.by_key.get(identity)
            if first is not None and _may_be_one(self._house(first), house):
                return first
        return None

    def _compare(self, draft: Draft, house: ListedHouse, first: int) -> None:
        """Say how a row repeats another; two houses that claim one identity are a problem."""
        there = self._house(first)
        number = str(self.rows[first].number)
        key, key_there = house.address.key, there.address.key
        if house.fias_id and house.fias_id == there.fias_id:
            if key.split("|")[2:] != key_there.split("|")[2:]:
                self._find(draft, "fias_id", "fias_repeated", number)
                return
            if key != key_there:
                self._find(draft, "fias_id", "fias_address_differs", number)
        elif _clash(there.fias_id, house.fias_id) or _clash(there.oktmo[8:], house.oktmo[8:]):
            self._find(draft, "address", "codes_differ", number)
            return
        if key == key_there:
            flat = draft.cells.get("flat", "")
            flats = self.flats.get(first, set())
            code = "flat_of_house" if flat and flat not in flats else "same_house"
            self._find(draft, "flat" if flat else "address", code, number)
            if flat:
                self.flats.setdefault(first, set()).add(flat)
        if house.elder and house.elder != there.elder:
            self._find(draft, "elder_name", "elder_differs", number)
        for kind in OrganisationKind:
            named, named_there = (_named(one, kind) for one in (house, there))
            if named and named != named_there:
                self._find(draft, kind, "organisation_differs", number)

    def _remember(self, draft: Draft, house: ListedHouse, index: int) -> None:
        for identity in _identities(house):
            self.by_key.setdefault(identity, index)
        if house.fias_id:
            self.by_fias[house.fias_id] = index
        if flat := draft.cells.get("flat"):
            self.flats[index] = {flat}
        like = self.likeness.like(index + 1, house.oktmo, house.address)
        if not like:
            return
        there = self._house(like - 1)
        if not _clash(there.fias_id, house.fias_id) and _may_be_one(there, house):
            row = self.rows[like - 1]
            self._find(draft, "address", "similar_to", str(row.number), there.address.full)

    def _house(self, index: int) -> ListedHouse:
        house = self.rows[index].house
        assert house  # noqa: S101 - only rows with a house are remembered
        return house

    def _find(self, draft: Draft, name: str, code: str, *about: str) -> None:
        if name in {"address", "street"}:
            name = self.reader.address_column(code)
        self.reader.find(draft, name, found(FINDINGS, code, *about))


def _identities(house: ListedHouse) -> Iterator[tuple[str, str, str, str]]:
    """Yield what a house is found by: a row may leave out the region or the district.

    An ОКТМО tells them both.
    """
    key = house.address.key
    region, district = _region_and_district(house)
    yield house.oktmo[:8], region, district, key
    if region and district:
        yield "", region, "", key
        yield "", "", district, key
    if region or district:
        yield "", "", "", key


def _may_be_one(one: ListedHouse, other: ListedHouse) -> bool:
    """Tell whether two houses with one address may lie in one place."""
    places = zip(_region_and_district(one), _region_and_district(other), strict=True)
    return not any(_clash(here, there) for here, there in places)


def _region_and_district(house: ListedHouse) -> tuple[str, str]:
    if house.oktmo:
        return "", ""
    return _words(house.address.region), _words(house.address.district)


@lru_cache(maxsize=1024)
def _words(name: str) -> str:
    return " ".join(sorted(re.findall(r"[^\W_]+", name.lower().replace("ё", "е"))))


def _named(house: ListedHouse, kind: OrganisationKind) -> set[str]:
    """Return how the organisations of a kind are named: by ИНН where there is one."""
    named = (one for one in house.organisations if one.kind is kind)
    return {one.inn or one.name.lower() for one in named}


def _clash(one: str, other: str) -> bool:
    return bool(one and other and one != other)
