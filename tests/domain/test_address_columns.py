"""An address spread over columns is the one that stands in a single cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.address_reading import parse, parse_parts, settled
from housechats.domain.addresses import Address


def read(cells: dict[str, str], *, locality: str = "") -> Address:
    address, findings = parse_parts(cells, locality=locality)
    assert address, findings
    assert not any(finding.fatal for finding in findings), findings
    return address


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        pytest.param(
            {
                "region": "Омская область",
                "district": "Тарский р-н",
                "locality_type": "г",
                "locality": "Тара",
                "street_type": "ул",
                "street": "Мира",
                "house": "5",
                "block": "1",
                "building": "2",
                "letter": "А",
            },
            "г. Тара, ул. Мира, д. 5, корп. 1, стр. 2, лит. А",
            id="every column",
        ),
        pytest.param(
            {"locality": "г Омск", "street": "ул Мира", "house": "24 корп 2"},
            "г. Омск, ул. Мира, д. 24, корп. 2",
            id="корпус in the house's cell",
        ),
        pytest.param(
            {"locality": "Омск г.", "street": "Мира", "street_type": "пр-кт", "house": "24 А"},
            "г. Омск, пр-кт Мира, д. 24А",
            id="kinds after names",
        ),
        pytest.param(
            {"locality": "Омск", "street": "ул. Мира, 5", "house": "5"},
            "Омск, ул. Мира, д. 5",
            id="the house twice",
        ),
        pytest.param(
            {"locality": "Омск", "street": "ул. Мира, д. 5"},
            "Омск, ул. Мира, д. 5",
            id="the house with the street",
        ),
        pytest.param(
            {"locality": "г. Омск", "street_type": "ул.", "street": "ул. Мира", "house": "д. 5"},
            "г. Омск, ул. Мира, д. 5",
            id="kinds said twice",
        ),
        pytest.param(
            {"locality": "г. Омск", "street_type": "улица", "street": "Набережная", "house": "5"},
            "г. Омск, ул. Набережная, д. 5",
            id="a street named a quay",
        ),
        pytest.param(
            {"locality_type": "г.", "locality": "Красное Село", "street": "ул. Мира", "house": "5"},
            "г. Красное Село, ул. Мира, д. 5",
            id="a town named a village",
        ),
        pytest.param(
            {"locality": "г. Омск", "street": "ул. Мира", "house": "12.0", "block": "—"},
            "г. Омск, ул. Мира, д. 12",
            id="a number of a spreadsheet and a dash",
        ),
        pytest.param(
            {"locality": "г. Омск", "street": "ул. Мира", "house": "5", "block": "0"},
            "г. Омск, ул. Мира, д. 5",
            id="корпус 0",
        ),
        pytest.param(
            {"locality": "г. Омск", "street": "ул. Мира", "house": "влд. 5"},
            "г. Омск, ул. Мира, влд. 5",
            id="a plot",
        ),
        pytest.param(
            {"region": "Санкт-Петербург", "street": "Невский пр-кт", "house": "5"},
            "г. Санкт-Петербург, пр-кт Невский, д. 5",
            id="a city that is a region",
        ),
        pytest.param(
            {"locality_type": "д", "locality": "Ивановка", "house": "5"},
            "д. Ивановка, д. 5",
            id="a village without streets",
        ),
        pytest.param(
            {"address": "г. Омск, ул. Мира", "house": "5"},
            "г. Омск, ул. Мира, д. 5",
            id="the number beside the address",
        ),
        pytest.param(
            {"address": "ул. Мира, 5", "locality": "г. Омск"},
            "г. Омск, ул. Мира, д. 5",
            id="the town beside the address",
        ),
        pytest.param(
            {"address": "г. Омск, ул. Мира, 5", "block": "2"},
            "г. Омск, ул. Мира, д. 5, корп. 2",
            id="корпус beside the address",
        ),
        pytest.param(
            {"address": "г. Омск", "street_type": "ул", "street": "Мира", "house": "5"},
            "г. Омск, ул. Мира, д. 5",
            id="the town called an address",
        ),
        pytest.param(
            {"address": "г. Омск, ул. Мира, 5А", "house": "5", "letter": "А"},
            "г. Омск, ул. Мира, д. 5А",
            id="the letter in a column of its own",
        ),
        pytest.param(
            {"address": "п. Дачный, ул. Мира, 5", "locality": "г. Омск"},
            "п. Дачный, ул. Мира, д. 5",
            id="the address wins",
        ),
    ],
)
def test_columns_are_read_into_one_address(cells: dict[str, str], shown: str) -> None:
    address = read(cells)

    assert address.full == shown


def test_a_name_in_its_column_needs_no_kind_but_a_street_is_asked_for_one() -> None:
    cells = {"region": "Омская", "locality": "Омск", "street": "Мира", "house": "5"}

    address, findings = parse_parts(cells)

    assert address
    assert (address.region, address.locality, address.street_type) == ("Омская", "Омск", "ул")
    assert [finding.code for finding in findings] == ["street_kind_missing"]


@pytest.mark.parametrize("cell", ["address", "street"])
def test_a_number_that_its_column_contradicts_is_refused(cell: str) -> None:
    cells = {cell: "ул. Мира, 5", "locality": "г. Омск", "house": "7"}

    _, findings = parse_parts(cells)

    assert [(finding.code, finding.fatal) for finding in findings] == [
        ("address_columns_differ", True)
    ]
    assert "«5»" in findings[0].message
    assert "«7»" in findings[0].message


@pytest.mark.parametrize(
    ("address", "full"),
    [
        pytest.param("ул. Мира, 5", "г. Омск, ул. Мира, д. 5", id="no town"),
        pytest.param("Мира 5", "г. Омск, ул. Мира, д. 5", id="neither a town nor a kind"),
        pytest.param("Омск Мира 5", "г. Омск, ул. Мира, д. 5", id="the town without a comma"),
        pytest.param("п. Дачный, ул. Мира, 5", "п. Дачный, ул. Мира, д. 5", id="another place"),
        pytest.param("г. Тара, ул. Мира, 5", "г. Тара, ул. Мира, д. 5", id="another town"),
    ],
)
def test_the_town_of_a_list_stands_in_only_where_none_is_named(address: str, full: str) -> None:
    found = read({"address": address}, locality="г. Омск")

    assert found.full == full


def test_the_town_of_a_list_is_no_remark() -> None:
    cells = {"street": "ул. Мира", "house": "5", "locality": "нет"}

    address, findings = parse_parts(cells, locality="г. Омск")

    assert address
    assert (address.locality, findings) == ("г. Омск", ())


def test_a_street_of_a_date_in_its_column_is_a_street() -> None:
    address = read({"street": "8 Марта", "house": "5"}, locality="г. Омск")

    assert (address.street, address.house) == ("8 Марта", "5")


def test_an_empty_row_has_no_address() -> None:
    _, findings = parse_parts({"address": " ", "house": "-"}, locality="г. Омск")

    assert [finding.code for finding in findings] == ["address_missing"]


def test_an_unclear_street_is_what_the_list_says_it_is() -> None:
    unclear, _ = parse("г. Омск, пр. Мира, 5")

    assert unclear
    assert settled(unclear, "пр-кт").key == read({"address": "г. Омск, пр-кт Мира, 5"}).key
    assert settled(unclear, "проезд").key == read({"address": "г. Омск, проезд Мира, 5"}).key


NAMES = st.sampled_from(["Мира", "Зелёная", "Ленинский", "2-й Рощинский", "40-летия Победы"])
KINDS = st.sampled_from(["ул", "пр-кт", "пер", "б-р", "ш"])
NUMBERS = st.integers(min_value=1, max_value=999).map(str)


@given(KINDS, NAMES, NUMBERS, st.one_of(st.just(""), NUMBERS), st.booleans())
def test_one_cell_and_several_give_one_house(
    kind: str, name: str, house: str, block: str, joined: bool
) -> None:
    text = f"г. Омск, {kind} {name}, д. {house}" + (f", корп. {block}" if block else "")
    street = {"street": f"{kind} {name}"} if joined else {"street_type": kind, "street": name}

    spread = read({"locality": "г Омск", **street, "house": house, "block": block})

    assert spread.key == read({"address": text}).key
