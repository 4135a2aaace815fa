"""Checking a list of houses: an honest verdict for each row, with what to write instead.

Two passes: rows are read one by one, then settled against each other.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from create_chats.columns import FIELDS
from create_chats.namesakes import Namesakes, Place
from create_chats.read_list import Listing
from create_chats.read_row import (
    ELDER,
    KindsOfStreets,
    Reader,
    in_order,
    is_region,
    stops,
    street_of,
    verdict_of,
)
from create_chats.refusals import refused
from housechats.domain.address_reading import settled
from housechats.domain.address_words import UNCLEAR_STREET
from housechats.domain.addresses import with_kind
from housechats.domain.batches import ListedHouse, Problem, Row, Verdict
from housechats.domain.findings import found
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
    "elder_page_repeated": (
        False,
        (
            "Эта же страница ВКонтакте стоит у другого человека в строке {}. Проверьте, чья она: "
            "учтена у того, кто назван первым."
        ),
    ),
    "elder_phone_repeated": (
        False,
        "Этот же телефон стоит у другого человека в строке {}. Проверьте, чей он.",
    ),
    "elder_missing": (False, "Старший не указан: чат откроется, но вести его пока некому."),
}
"""Codes of findings: whether the row is unusable, and what people are told."""

NO_ELDERS = (
    "В списке нет столбцов со старшими по домам: чаты откроются, но вести их пока некому. "
    "Добавьте столбцы «Старший по дому», «Телефон», «Страница ВК»."
)
NO_TOWN = (
    "В большинстве адресов нет города или села. Укажите его один раз — в настройках территории или "
    "при загрузке (в команде: LOCALITY='г. Город') — либо добавьте столбец «Населённый пункт»."
)
NO_INN = (
    "У столбца «{}» нет столбца с ИНН: без ИНН организацию нельзя связать с домами. "
    "Добавьте столбец «{}»."
)


def check(
    listing: Listing, *, oktmo: str, locality: str = "", kinds: KindsOfStreets | None = None
) -> list[Row]:
    """Return the rows with their verdicts; refuse a list whose municipality is unknown.

    `kinds` are what another list has told of streets. Without any ОКТМО houses are told apart by
    their addresses with region and district.
    """
    if oktmo and "oktmo" not in listing.columns:
        if is_region(oktmo):
            raise refused("list_oktmo_of_region")
        if not is_oktmo(oktmo):
            raise refused("list_oktmo_wrong", oktmo)
    reader = Reader(listing, Territory(oktmo), locality, kinds=dict(kinds or {}))
    settler = _Settler(reader, [reader.read(number, cells) for number, cells in listing.rows])
    settler.settle()
    return settler.rows


def remarks(listing: Listing, rows: Iterable[Row]) -> tuple[str, ...]:
    """Return what people are told of the list as a whole, once and not in each row."""
    rows = [row for row in rows if row.verdict is not Verdict.SKIPPED]
    told = list(listing.remarks)
    townless = sum(any(p.code == "locality_missing" for p in row.problems) for row in rows)
    if 2 * townless > len(rows):
        told.append(NO_TOWN)
    if not _names_elders(listing):
        told.append(NO_ELDERS)
    kinds = {one.kind for row in rows if row.house for one in row.house.organisations}
    for kind in OrganisationKind:
        column = f"{kind}_inn"
        if kind in kinds and column not in listing.columns:
            told.append(NO_INN.format(listing.columns[kind], FIELDS[column][0]))
    return tuple(told)


def _names_elders(listing: Listing) -> bool:
    return any(name in listing.columns for name in ELDER)


@dataclass
class _Settler:
    """Gives rows their verdicts, in their order."""

    reader: Reader
    rows: list[Row]
    by_identity: dict[int, int] = field(default_factory=dict)
    """Where in `rows` a house stands first, by the hash of what it is found by: short, for lists
    have 100,000 rows; whoever looks it up compares the keys."""
    namesakes: Namesakes = field(default_factory=Namesakes)
    by_fias: dict[str, int] = field(default_factory=dict)
    flats: dict[int, set[str]] = field(default_factory=dict)
    likeness: Likeness = field(default_factory=Likeness)
    by_contact: dict[int | str, int] = field(default_factory=dict)
    """Where in `rows` a page or a phone of an elder stands first."""
    asks_elders: bool = field(init=False)

    def __post_init__(self) -> None:
        self.asks_elders = _names_elders(self.reader.listing)

    def settle(self) -> None:
        for index, row in enumerate(self.rows):
            if row.house and row.house.address.street_type == UNCLEAR_STREET:
                self.rows[index] = self._with_kind_of_street(row, row.house)
        self.namesakes = Namesakes.among(self._places)
        for index, row in enumerate(self.rows):
            if row.house and not stops(row.problems):
                self.rows[index] = self._settled(row, row.house, index)
        if any(len(flats) > 1 for flats in self.flats.values()):
            self._count_flats()

    def _settled(self, row: Row, house: ListedHouse, index: int) -> Row:
        problems = list(row.problems)
        key = house.address.key
        identity = self._identity(house, key)
        first = self._first(house, key, identity)
        if first is None:
            row = self._with_own_contact(row, house, index, problems)
            self._remember(house, row, index, identity)
            self._ask_about(house, index, problems)
        else:
            self._compare(house, row, first, problems)
        if len(problems) == len(row.problems) and first is None:
            return row
        verdict = verdict_of(problems)
        if first is None or verdict is Verdict.REJECTED:
            return replace(row, verdict=verdict, problems=in_order(problems))
        return replace(
            row,
            verdict=Verdict.DUPLICATE,
            problems=tuple(problems),
            duplicate_of=self.rows[first].number,
        )

    def _count_flats(self) -> None:
        """Give each house of a list with a row for each flat the number of its flats."""
        for index, flats in self.flats.items():
            row = self.rows[index]
            if row.house and not row.house.flats:
                self.rows[index] = replace(row, house=replace(row.house, flats=len(flats)))

    def _with_kind_of_street(self, row: Row, house: ListedHouse) -> Row:
        """Read «пр.» as the list itself names that street, where it does so in one way."""
        *street, _ = street_of(house)
        kinds = self.reader.kinds.get(tuple(street), {})
        if len(kinds) != 1:
            return row
        ((kind, number),) = kinds.items()
        problems = [p for p in row.problems if p.code != "street_kind_unclear"]
        name = with_kind(kind, house.address.street)
        problems.append(self._problem("street", "street_kind_settled", name, str(number)))
        return replace(
            row,
            verdict=verdict_of(problems),
            problems=in_order(problems),
            house=replace(house, address=settled(house.address, kind)),
        )

    def _places(self) -> Iterator[tuple[int, str, Place]]:
        for index, row in enumerate(self.rows):
            if row.house and not row.house.oktmo and not stops(row.problems):
                yield index, row.house.address.key, _place_of(row.house)

    def _identity(self, house: ListedHouse, key: str) -> int:
        """Return what a house is found by; an ОКТМО tells where it lies."""
        return hash((house.oktmo[:8] or self.namesakes.taken(key, _place_of(house)), key))

    def _first(self, house: ListedHouse, key: str, identity: int) -> int | None:
        """Return where the house stands already."""
        if (first := self.by_fias.get(house.fias_id)) is not None:
            return first
        first = self.by_identity.get(identity)
        if first is None or self._house(first).address.key != key:
            return None
        return first

    def _compare(self, house: ListedHouse, row: Row, first: int, problems: list[Problem]) -> None:
        """Say how a row repeats another; two houses that claim one identity are a problem."""
        there = self._house(first)
        number = str(self.rows[first].number)
        name, code = _likeness(house, there)
        flat = row.cells.get("flat", "")
        if code == "same_house" and flat:
            flats = self.flats.setdefault(first, set())
            if flat not in flats:
                name, code = "flat", "flat_of_house"
                flats.add(flat)
        problems.append(self._problem(name, code, number))
        if FINDINGS[code][0]:
            return
        if house.elder and not (there.elder and house.elder.is_same_as(there.elder)):
            problems.append(self._problem("elder_name", "elder_differs", number))
        for kind in OrganisationKind:
            named, named_there = (_named(one, kind) for one in (house, there))
            if named and named != named_there:
                problems.append(self._problem(kind, "organisation_differs", number))

    def _remember(self, house: ListedHouse, row: Row, index: int, identity: int) -> None:
        self.by_identity.setdefault(identity, index)
        if house.fias_id:
            self.by_fias[house.fias_id] = index
        if flat := row.cells.get("flat"):
            self.flats[index] = {flat}

    def _ask_about(self, house: ListedHouse, index: int, problems: list[Problem]) -> None:
        """Say what a person should look at in a row with a house of its own."""
        like = self.likeness.like(index + 1, house.oktmo, house.address)
        if like and self._may_be_one(self._house(like - 1), house):
            self._name_like(like - 1, problems)
        elif not house.oktmo:
            namesake = self.namesakes.like(house.address.key, _place_of(house))
            if namesake is not None and not _clash(self._house(namesake).fias_id, house.fias_id):
                self._name_like(namesake, problems)
        if not house.elder and self.asks_elders:
            problems.append(self._problem("elder_name", "elder_missing"))

    def _with_own_contact(
        self, row: Row, house: ListedHouse, index: int, problems: list[Problem]
    ) -> Row:
        """Ask about a contact of two people, and leave a page to the first of them.

        A page copied down a column would hand one's houses to another, who would be told.
        """
        elder = house.elder
        contact = elder and (elder.vk_id or elder.vk_name or elder.mobile)
        if not elder or not contact:
            return row
        first = self.by_contact.setdefault(contact, index)
        there = self._house(first).elder
        if first == index or not there or elder.is_named_like(there):
            return row
        name, code = (
            ("elder_vk", "elder_page_repeated")
            if elder.has_page
            else ("elder_phone", "elder_phone_repeated")
        )
        problems.append(self._problem(name, code, str(self.rows[first].number)))
        self._add(first, self._problem(name, code, str(row.number)))
        own = replace(elder, vk_id=0, vk_name="")
        return replace(row, house=replace(house, elder=own))

    def _add(self, index: int, problem: Problem) -> None:
        """Have an earlier row ask too; once is enough."""
        row = self.rows[index]
        if all(problem.code != known.code for known in row.problems):
            problems = [*row.problems, problem]
            self.rows[index] = replace(
                row, verdict=verdict_of(problems), problems=in_order(problems)
            )

    def _may_be_one(self, there: ListedHouse, house: ListedHouse) -> bool:
        if _clash(there.fias_id, house.fias_id) or there.oktmo[:8] != house.oktmo[:8]:
            return False
        if there.address.key == house.address.key:
            return False  # namesakes: who leaves out the district is told so, in any order
        places = zip(_place_of(there), _place_of(house), strict=True)
        return not any(_clash(one, other) for one, other in places)

    def _name_like(self, index: int, problems: list[Problem]) -> None:
        number, there = str(self.rows[index].number), self._house(index).address
        where = ", ".join(filter(None, (there.district, there.full)))
        problems.append(self._problem("address", "similar_to", number, where))

    def _house(self, index: int) -> ListedHouse:
        house = self.rows[index].house
        if house is None:
            raise LookupError("only rows with a house are remembered")
        return house

    def _problem(self, name: str, code: str, *about: str) -> Problem:
        if name in {"address", "street"}:
            name = self.reader.address_column(code)
        return self.reader.problem(name, found(FINDINGS, code, *about))


def _likeness(house: ListedHouse, there: ListedHouse) -> tuple[str, str]:
    """Return how a house is the same as another one: the column and the code of the finding."""
    key, key_there = house.address.key, there.address.key
    if house.fias_id and house.fias_id == there.fias_id:
        if key.split("|")[2:] != key_there.split("|")[2:]:
            return "fias_id", "fias_repeated"
        if key != key_there:
            return "fias_id", "fias_address_differs"
    elif _clash(there.fias_id, house.fias_id) or _clash(there.oktmo[8:], house.oktmo[8:]):
        return "address", "codes_differ"
    return "address", "same_house"


def _place_of(house: ListedHouse) -> Place:
    """Return the region and the district where no ОКТМО tells them."""
    return ("", "") if house.oktmo else _place(house.address.region, house.address.district)


@lru_cache(maxsize=1024)
def _place(region: str, district: str) -> Place:
    return _words(region), _words(district)


def _words(name: str) -> str:
    return " ".join(sorted(re.findall(r"[^\W_]+", name.lower().replace("ё", "е"))))


def _named(house: ListedHouse, kind: OrganisationKind) -> set[str]:
    """Return how the organisations of a kind are named: by ИНН where there is one."""
    named = (one for one in house.organisations if one.kind is kind)
    return {one.inn or one.name.lower() for one in named}


def _clash(one: str, other: str) -> bool:
    return bool(one and other and one != other)
