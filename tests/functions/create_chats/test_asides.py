"""Totals, notes and titles of a list are skipped, and no house is."""

import pytest

from create_chats.read_list import read
from support.ugly_files import as_csv, with_openpyxl

HEADER = ["№", "Адрес", "Подъездов", "УК"]
HOUSE = ["1", "г. Омск, ул. Мира, д. 1", "4", "Уют"]


def rows_with(row: list[str]) -> list[dict[str, str]]:
    """Return what is read of a row between two houses."""
    listing = read(as_csv([HEADER, HOUSE, row, HOUSE]))
    first, *middle, last = [cells for _, cells in listing.rows]
    assert first["address"] == last["address"] == HOUSE[1]
    return middle


@pytest.mark.parametrize(
    "row",
    [
        ["", "", "", ""],
        ["", "Итого", "", ""],
        ["", "ИТОГО:", "35", ""],
        ["Итого", "35 домов", "120", ""],
        ["Итого", "35", "120", ""],
        ["", "Всего домов: 35", "", ""],
        ["", "", "", "Всего домов: 35"],
        ["36", "", "Итого", ""],
        ["Исполнитель: Небылов Ф. Ф., тел. 8-900-000-00-00", "", "", ""],
        ["", "Исполнитель: Небылов Ф. Ф., тел. 8-900-000-00-00", "", ""],
        ["Составила", "", "Вымыслова", ""],
        ["Главный специалист ____________ Вымыслова", "", "", ""],
        ["", "____________", "Вымыслова", ""],
        ["М.П.", "", "", ""],
        ["Примечание: по данным на 1 марта", "", "", ""],
        ["", "* — по данным администрации", "", ""],
        ["1", "2", "3", "4"],
        ["№", "Адрес", "Подъездов", "УК"],
        ["Ленинский район", "", "", ""],
        ["", "Ленинский район", "", ""],
        ["", "Ленинский р-н г. Омска", "", ""],
        ["Дома непосредственного управления", "", "", ""],
        ["37", "", "", ""],
        ["", "Исп. Небылова, тел. 00-00-00", "", ""],
        ["", "Список составлен 01.01.2026", "", ""],
        ["", "Список верен", "", ""],
        ["", "Раздел 1. Центр", "", ""],
        ["", "---", "", ""],
        ["-", "-", "-", "-"],
        ["п. Лесной", "", "", ""],
        ["", "с. Мирное", "", ""],
        ["", "Лесной пгт", "", ""],
    ],
    ids=" | ".join,
)
def test_a_row_that_tells_no_house_is_skipped(row: list[str]) -> None:
    assert rows_with(row) == [{}]


@pytest.mark.parametrize(
    "row",
    [
        ["2", "ул. Итоговая, д. 1", "", ""],
        ["2", "Итоговая ул., 1", "", ""],
        ["2", "д. Всегодичи, ул. Мира, д. 1", "", ""],
        ["2", "Всегодичи 5", "", ""],
        ["", "г. Омск, ул. Мира, д. 7", "", ""],
        ["", "ул. Мира, 7", "", ""],
        ["", "Мира 7", "", ""],
        ["", "ул. Мира", "", ""],
        ["", "Директорская 7", "", ""],
        ["", "Ленинский район, ул. Мира, д. 7", "", ""],
        ["", "*ул. Мира, 5", "", ""],
        ["", "12", "", ""],
        ["", "Раздельная ул., 5", "", ""],
        ["", "Испанских рабочих, 5", "", ""],
        ["", "с. Мирное, ул. Лесная, 5", "", ""],
        ["2", "с. Мирное", "", ""],
        ["", "с. Мирное 5", "", ""],
        ["2", "ул. Мира, д. 1", "Итого", ""],
    ],
    ids=" | ".join,
)
def test_a_row_that_may_tell_a_house_gets_its_verdict(row: list[str]) -> None:
    (cells,) = rows_with(row)

    assert cells["address"] == row[1]


def test_an_address_that_slipped_into_another_column_is_not_swallowed() -> None:
    assert rows_with(["г. Омск, ул. Мира, д. 7", "", "", ""]) == [{"address": ""}]
    assert rows_with(["", "", "", "Уют"]) == [{"management_company": "Уют"}]


def test_houses_of_a_list_without_an_address_column_are_not_swallowed() -> None:
    header = ["Улица", "Дом", "Подъездов"]
    houses = [["1", "2", "4"], ["Итоговая", "3", ""], ["50 лет Октября", "", ""]]

    rows = [cells for _, cells in read(as_csv([header, *houses])).rows]

    assert [cells.get("street") for cells in rows] == [street for street, _, _ in houses]


def test_a_total_of_a_list_without_an_address_column_is_skipped() -> None:
    header = ["Улица", "Дом", "Подъездов"]

    rows = [
        cells for _, cells in read(as_csv([header, ["Мира", "1", ""], ["Итого", "1", ""]])).rows
    ]

    assert rows == [{"street": "Мира", "house": "1"}, {}]


def test_a_house_known_by_its_id_is_not_swallowed() -> None:
    house = ["Итого", "8894c269-e96e-4cdf-b367-6a356ae2d117"]

    rows = [cells for _, cells in read(as_csv([["Адрес", "ФИАС"], house])).rows]

    assert rows == [{"address": house[0], "fias_id": house[1]}]


@pytest.mark.parametrize("title", [["п. Лесной", "", ""], ["", "", "п. Лесной"]])
def test_houses_under_the_title_of_a_place_carry_it(title: list[str]) -> None:
    rows = [["Мира", "1", ""], title, ["Мира", "2", ""], ["", "", ""], ["Итого", "", ""]]
    rows += [["г. Омск", "", ""], ["Мира", "3", ""]]

    listing = read(as_csv([["Улица", "Дом", "УК"], *rows]))

    assert [cells.get("under") for _, cells in listing.rows if cells] == [
        None,
        "п. Лесной",
        "г. Омск",
    ]


def test_blank_rows_at_the_end_are_no_rows() -> None:
    data = with_openpyxl(("Дома", [HEADER, HOUSE, [""], HOUSE, *[[" "]] * 50]))

    numbers = [number for number, _ in read(data).rows]

    assert numbers == [2, 3, 4]
