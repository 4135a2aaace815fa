"""What a row of a list costs at the table: a house and its line in the index, and no more."""

from collections import Counter
from dataclasses import replace

import pytest

from create_chats.enrol import Enrolment, Registry
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.instructions import DynamoInstructions
from housechats.adapters.lines import all_lines
from housechats.adapters.organisations import DynamoAttachments
from housechats.adapters.people import DynamoElders
from housechats.adapters.table import Item, Table
from housechats.domain.addresses import Address
from housechats.domain.batches import ListedHouse, Row, Verdict
from housechats.domain.houses import House
from housechats.domain.organisations import Organisation, OrganisationKind
from housechats.domain.people import Elder
from support.clock import JANUARY
from support.enrolling import KEY
from support.fakes import FakeCommunities, new_community

UNIT = 1024
"""Bytes of an item that one write unit pays for (AWS)."""
ROWS = 10
COSY = Organisation(OrganisationKind.MANAGEMENT_COMPANY, "ООО «Уют»", "2901000017")
ELDER = Elder("Вымыслова Марфа Ивановна", "+79990000001", 101, "marfa_v")
PAGE = {"PERSON/ELDER": 1}
"""By which the elder is known in the app."""
LONG = Address(
    region="Архангельская обл.",
    district="Холмогорский муниципальный округ",
    locality="с. Холмогоры",
    street_type="ул",
    street="Набережная имени Горончаровского",
    house="50",
    block="3",
    building="2",
    letter="Б",
)
"""Longer than any of 52,000 houses in published lists of three regions."""


class CountingTable(Table):
    """The table, with a count of what it was asked, by the kinds of items."""

    def __init__(self, table: Table) -> None:
        super().__init__(table._name)  # noqa: SLF001 - the same table, counted
        self.writes: Counter[str] = Counter()
        self.reads = 0

    def put(self, item: Item, *, condition: str = "", **values: object) -> None:
        self.writes[_kind(item["pk"], item["sk"])] += 1
        super().put(item, condition=condition, **values)

    def update(self, pk: str, sk: str, expression: str, **how: object) -> Item:
        self.writes[_kind(pk, sk)] += 1
        return super().update(pk, sk, expression, **how)  # type: ignore[arg-type]

    def get(self, pk: str, sk: str) -> Item | None:
        self.reads += 1
        return super().get(pk, sk)


def _kind(pk: str, sk: str) -> str:
    return "/".join(part.partition("#")[0] for part in (pk, sk))


def size_of(value: object) -> int:
    """Return the bytes that DynamoDB counts for a value (Developer Guide, Item sizes)."""
    match value:
        case dict():
            return 3 + sum(len(n.encode()) + size_of(v) + 1 for n, v in value.items())
        case list():
            return 3 + sum(size_of(v) + 1 for v in value)
        case int():
            return len(str(abs(value))) // 2 + 2
    return len(str(value).encode())


@pytest.fixture
def counted(table: Table) -> CountingTable:
    return CountingTable(table)


def listed(number: int, **said: object) -> Row:
    house = ListedHouse(replace(LONG, house=str(number)), "11656000")
    return Row(number, Verdict.ACCEPTED, house=replace(house, **said))  # type: ignore[arg-type]


def take(table: Table, rows: list[Row], batch_id: str) -> None:
    registry = Registry(
        houses=DynamoHouses(table),
        elders=DynamoElders(table),
        instructions=DynamoInstructions(table),
        attachments=DynamoAttachments(table),
        communities=FakeCommunities(new_community(7)),
        elder_key=KEY,
    )
    enrolment = Enrolment(registry, batch_id=batch_id, oktmo="11656000", now=JANUARY)
    enrolment.read_ahead(rows)
    for row in rows:
        enrolment.enrol(row)
    enrolment.expect_elders()


def test_a_plain_row_costs_its_house_alone(counted: CountingTable) -> None:
    take(counted, [listed(n) for n in range(ROWS)], "b-1")

    assert counted.writes == {"HOUSE/HOUSE": ROWS}
    assert counted.reads == 0


def test_a_row_costs_one_more_for_its_fias_id_and_one_for_each_organisation(
    counted: CountingTable,
) -> None:
    rows = [listed(n, fias_id=f"f-{n}", organisations=(COSY,)) for n in range(ROWS)]

    take(counted, rows, "b-1")

    assert counted.writes == {
        "HOUSE/HOUSE": ROWS,
        "ALIAS/ALIAS": ROWS,
        "ORG/HOUSE": ROWS,
        "ORGS/ORG": 1,
    }


def test_an_organisation_whose_name_is_known_costs_one_try_to_introduce_it(
    counted: CountingTable,
) -> None:
    shouted = replace(COSY, name="УЮТ, ООО")
    take(counted, [listed(n, organisations=(COSY,)) for n in range(ROWS)], "b-1")
    counted.writes.clear()

    take(counted, [listed(ROWS + n, organisations=(shouted,)) for n in range(ROWS)], "b-2")

    assert counted.writes == {"HOUSE/HOUSE": ROWS, "ORG/HOUSE": ROWS, "ORGS/ORG": 1}


def test_lists_are_told_of_a_chunk_of_new_houses_in_one_write(counted: CountingTable) -> None:
    rows = [listed(n) for n in range(100)]
    new = [
        House(str(row.number), "", row.house.oktmo, row.house.address, 7, JANUARY)
        for row in rows
        if row.house
    ]

    DynamoHouses(counted).announce(new)

    assert counted.writes.total() == 1


def test_an_elder_of_many_houses_costs_as_much_as_one_of_one(counted: CountingTable) -> None:
    take(counted, [listed(n, elder=ELDER) for n in range(ROWS)], "b-1")

    assert counted.writes == {"HOUSE/HOUSE": ROWS, "ELDER/ELDER": 1, "BATCH/ELDER": 1, **PAGE}
    assert counted.reads == 0


def test_an_elder_without_a_page_costs_their_contacts_and_their_letter(
    counted: CountingTable,
) -> None:
    by_phone = Elder(ELDER.name, ELDER.phone)

    take(counted, [listed(n, elder=by_phone) for n in range(ROWS)], "b-1")

    assert counted.writes == {"HOUSE/HOUSE": ROWS, "ELDER/ELDER": 1, "BATCH/ELDER": 1}
    assert counted.reads == 0


def test_rows_that_change_nothing_write_nothing_but_the_date_of_their_elders(
    counted: CountingTable,
) -> None:
    rows = [
        listed(n, fias_id=f"f-{n}", organisations=(COSY,), elder=ELDER, flats=9)
        for n in range(ROWS)
    ]
    take(counted, rows, "b-1")
    counted.writes.clear()

    take(counted, rows, "b-2")

    assert counted.writes == {"ELDER/ELDER": 1, **PAGE}
    assert counted.reads == 0


def test_a_house_with_a_long_address_and_all_that_a_list_says_fits_into_one_unit(
    counted: CountingTable,
) -> None:
    heat = replace(COSY, kind=OrganisationKind.UTILITY, inn="2901000024")
    row = listed(
        128,
        fias_id="0cb9f2e0-7a51-4d4f-9f5c-0a1b2c3d4e5f",
        entrances=12,
        flats=432,
        tags=("лифт", "капремонт"),
        organisations=(COSY, heat),
        elder=ELDER,
    )
    take(counted, [row], "0123456789abcdef")
    houses = DynamoHouses(counted)
    (line,) = all_lines(counted, "11")
    houses.made(line.id, chat_id=12345, now=JANUARY)
    houses.opened(line.id, link="https://vk.me/join/AJQ1d5G6aRr7fMl0aXwB9Yk8Jm2c3d4e5", cmid=2)
    houses.poster_drawn(line.id, now=JANUARY)

    item = counted.get(f"HOUSE#{line.id}", "HOUSE")

    assert item is not None
    assert 800 < size_of(item) <= UNIT
