"""The header of a list is found in any order of columns, under titles, in one line or in two."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from create_chats.columns import FIELDS, OURS
from create_chats.read_list import Listing, read
from support.ugly_files import Rows, as_csv, with_openpyxl

ADDRESS = "г. Омск, ул. Мира, д. 1"


def listing(*rows: list[object]) -> Listing:
    return read(with_openpyxl(("Дома", rows)))


@pytest.mark.parametrize("name", FIELDS)
def test_every_name_of_a_column_is_understood(name: str) -> None:
    for header in FIELDS[name]:
        others = ["Адрес" if name != "address" else "Подъездов"]

        found = read(as_csv([[*others, f" {header.upper()}: "], ["а", "б"]]))

        assert name in found.columns


@given(st.permutations(list(FIELDS)))
def test_columns_may_stand_in_any_order(names: list[str]) -> None:
    exact = {"elder_phone": "Телефон старшего", "address": "Адрес дома"}
    header = [exact.get(name, FIELDS[name][0]) for name in names]

    found = read(as_csv([header, names]))

    assert next(found.rows)[1] == {name: name for name in names}


@pytest.mark.parametrize(
    "header",
    [
        "Ад\u00adрес",
        "\u200bАдрес",
        "Адрес\nдома",
        "Адрес МКД*",
        "Aдрeс",
        "ПОЛНЫЙ  АДРЕС:",
        "Ад-\nрес",
    ],
)
def test_dirt_in_a_header_does_not_hide_it(header: str) -> None:
    found = read(as_csv([[header, "Подъездов"], [ADDRESS, "2"]]))

    assert next(found.rows)[1]["address"] == ADDRESS


def test_the_address_of_an_office_and_its_phone_are_not_the_houses() -> None:
    upper: list[object] = ["Адрес", "", "РСО", "", "", "", "Старший по дому", "", ""]
    lower: list[object] = [
        "Улица", "Дом", "Наименование", "ИНН", "Адрес", "Телефон", "ФИО", "Телефон", "Квартира",
    ]  # fmt: skip
    row: list[object] = ["Мира", "1", "Водоканал", "5501", "Офис", "22", "Фома", "33", "7"]

    found = listing(upper, lower, row)

    assert next(found.rows)[1] == {
        "street": "Мира",
        "house": "1",
        "utility": "Водоканал",
        "utility_inn": "5501",
        "elder_name": "Фома",
        "elder_phone": "33",
    }


def test_a_phone_and_an_inn_after_an_organisation_are_that_organisations() -> None:
    header: list[object] = ["Адрес", "РСО", "ИНН", "Телефон", "УК", "ИНН", "Старший", "Телефон"]
    row: list[object] = [ADDRESS, "Водоканал", "1", "22", "Уют", "2", "Фома", "33"]

    found = listing(header, row)

    assert next(found.rows)[1] == {
        "address": ADDRESS,
        "utility": "Водоканал",
        "utility_inn": "1",
        "management_company": "Уют",
        "management_company_inn": "2",
        "elder_name": "Фома",
        "elder_phone": "33",
    }


def test_a_phone_that_only_an_organisation_can_have_is_said() -> None:
    found = listing(["Адрес", "УК", "Телефон"], [ADDRESS, "Уют", "22"])

    (remark,) = found.remarks
    assert found.columns == {"address": "Адрес", "management_company": "УК"}
    assert remark.startswith("Столбец «Телефон» стоит после организации")


@pytest.mark.parametrize("order", [*permutations(["Адрес", "УК", "ИНН", "Телефон", "ФИО"])])
def test_the_only_phone_is_the_named_elders_wherever_it_stands(order: tuple[str, ...]) -> None:
    said = {"Адрес": ADDRESS, "УК": "Уют", "ИНН": "2901", "Телефон": "900", "ФИО": "Иванова"}

    found = read(as_csv([[*order], [said[word] for word in order]]))

    assert found.columns == {
        "address": "Адрес",
        "management_company": "УК",
        "management_company_inn": "ИНН",
        "elder_phone": "Телефон",
        "elder_name": "ФИО",
    }


def test_a_group_that_is_no_known_one_lends_its_words() -> None:
    upper: list[object] = ["Адрес", "Количество", "", "Диспетчерская", ""]
    lower: list[object] = ["", "подъездов", "квартир", "ФИО", "Телефон"]

    found = listing(upper, lower, [ADDRESS, 2, 40, "Фома", "112"])

    assert found.columns == {
        "address": "Адрес",
        "entrances": "Количество: подъездов",
        "flats": "Количество: квартир",
    }


def test_a_title_above_a_header_is_no_group() -> None:
    found = listing(["Список домов", ""], ["Адрес", "Телефон"], [ADDRESS, "+79990000003"])

    assert found.columns == {"address": "Адрес", "elder_phone": "Телефон"}
    assert found.header == 2


def test_of_two_columns_with_one_meaning_the_filled_one_is_read() -> None:
    header: list[object] = ["Адрес", "Полный адрес", "Телефон", "Мобильный телефон"]
    row: list[object] = ["", ADDRESS, "1", "2"]

    found = listing(header, row)

    assert next(found.rows)[1] == {"address": ADDRESS, "elder_phone": "1"}


def test_a_header_below_the_twentieth_row_is_not_looked_for() -> None:
    titles: Rows = [["Реестр"]] * 19

    found = read(as_csv([*titles, ["Адрес"], [ADDRESS]]))

    assert found.header == 20


def test_columns_that_we_added_to_a_returned_list_are_no_data() -> None:
    header: list[object] = ["Адрес", *OURS.values()]
    blank: list[object] = ["", "Пропущена", "", ""]

    found = listing(header, [ADDRESS, "Принят", "", "https://vk.me/join/x"], blank, [ADDRESS])

    assert list(found.rows) == [(2, {"address": ADDRESS}), (3, {}), (4, {"address": ADDRESS})]


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        pytest.param(
            "Адрес ОЖФ|HOUSEGUID (Идентификационный код дома в ГИС ЖКХ)|"
            "Глобальный уникальный идентификатор дома по ФИАС|Код ОКТМО|Способ управления|"
            "ОГРН организации, осуществляющей управление домом|"
            "Наименование организации, осуществляющей управление домом|Тип дома|"
            "Номер помещения (блока)|Номер комнаты",
            {
                "address": 0,
                "fias_id": 2,
                "oktmo": 3,
                "management_company": 6,
                "flat": 8,
            },
            id="ГИС ЖКХ, a row per flat",
        ),
        pytest.param(
            "id;region_id;shortname_region;formalname_region;shortname_city;formalname_city;"
            "shortname_street;formalname_street;house_number;building;block;letter;address;"
            "houseguid;management_organization_id;entrance_count;quarters_count;"
            "living_quarters_count",
            {
                "region": 3,
                "locality_type": 4,
                "locality": 5,
                "street_type": 6,
                "street": 7,
                "house": 8,
                "building": 9,
                "block": 10,
                "letter": 11,
                "address": 12,
                "fias_id": 13,
                "entrances": 15,
                "flats": 17,
            },
            id="ФРТ",
        ),
        pytest.param(
            "HOUSE_ID,ADDRESS,HOUSE_TYPE,MGMT_COMPANY,MGMT_COMPANY_LINK,DOORS,ROOM_COUNT,"
            "ROOM_COUNT_LIVE,AREA,AREA_LIVE",
            {"address": 1, "management_company": 3, "entrances": 5, "flats": 7},
            id="Реформа ЖКХ",
        ),
        pytest.param(
            "Адрес|GUID дома|GUID ФИАС|ОКТМО|Управляющая организация|Помещений всего|"
            "Жилых помещений|Нежилых помещений",
            {"address": 0, "fias_id": 2, "oktmo": 3, "management_company": 4, "flats": 6},
            id="ГИС ЖКХ, a row per house",
        ),
    ],
)
def test_exports_of_the_registries_are_recognised(header: str, fields: dict[str, int]) -> None:
    found = read(f"{header}\n{ADDRESS}".encode())

    assert found.places == fields


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        (["Адрес многоквартирного дома (МКД)", "Адрес дома (полный)"], "address"),
        (["Подъездов, шт.", "Количество подъездов, ед.", "Подъездов (шт)"], "entrances"),
        (["Количество квартир, ед."], "flats"),
        (["Страница VK", "Ссылка на VK", "VK старшего", "Профиль VK"], "elder_vk"),
        (["УК (наименование)"], "management_company"),
    ],
)
def test_what_a_header_says_in_passing_does_not_hide_it(headers: list[str], name: str) -> None:
    for header in headers:
        others: list[object] = [] if name == "address" else ["Адрес"]

        found = listing([*others, header, "Этажей"], [*others, "1", "9"])

        assert name in found.columns


@pytest.mark.parametrize("header", ["Телефон (УК)", "Подъездов (без лифта)", "Адрес (УК)"])
def test_what_changes_the_meaning_of_a_header_is_not_left_out(header: str) -> None:
    found = listing(["Адрес дома", header], [ADDRESS, "1"])

    assert found.columns == {"address": "Адрес дома"}
    assert found.remarks == (f"Не прочитаны столбцы: «{header}».",)


def test_filled_columns_that_nobody_knows_are_named() -> None:
    strange: list[object] = [f"Графа {n}" for n in range(12)]
    header: list[object] = ["№ п/п", "Адрес", "Подъездов", *strange, "Пустая"]

    found = listing(header, ["1", ADDRESS, 4, *strange, ""])

    (remark,) = found.remarks
    assert remark.startswith("Не прочитаны столбцы: «Графа 0», «Графа 1»,")
    assert remark.endswith("«Графа 9» и ещё 2.")


def test_the_address_after_an_organisation_is_its_offices() -> None:
    found = listing(
        ["УК", "ИНН", "Адрес", "Адрес дома"], ["Уют", "2901", "г. Омск, ул. Офисная, д. 9", ADDRESS]
    )

    assert next(found.rows)[1]["address"] == ADDRESS
    assert found.remarks == (
        "Столбец «Адрес» стоит после организации и не прочитан: это её адрес.",
    )


def test_the_only_address_is_the_houses_even_after_an_organisation() -> None:
    found = listing(["УК", "Адрес", "Подъездов"], ["Уют", ADDRESS, 4])

    assert next(found.rows)[1]["address"] == ADDRESS


def test_of_two_different_addresses_the_more_exact_one_is_read_and_it_is_said() -> None:
    found = listing(["Адрес", "Подъездов", "Адрес МКД"], ["г. Омск, ул. Лесная, д. 9", 4, ADDRESS])

    assert next(found.rows)[1]["address"] == ADDRESS
    assert "Адреса в столбцах «Адрес МКД», «Адрес» разные. Прочитан столбец «Адрес МКД»." in (
        found.remarks
    )


def test_an_own_id_of_a_registry_is_no_fias_id_where_the_list_has_one() -> None:
    found = listing(["Адрес", "GUID дома", "GUID ФИАС"], [ADDRESS, "1", "2"])

    assert next(found.rows)[1]["fias_id"] == "2"


@pytest.mark.parametrize(
    "header", ["Корпус/строение", "к.", "Корпус (стр.)", "Секция", "Литера, корпус", "Блок"]
)
def test_a_column_that_may_tell_houses_apart_is_not_dropped(header: str) -> None:
    found = listing(["Улица", "Дом", header], ["Мира", 5, ""], ["Мира", 5, 2])

    assert [cells.get("part") for _, cells in found.rows] == [None, "2"]
    assert found.columns["part"] == header


@pytest.mark.parametrize(
    "header", ["Год постройки", "Тип дома", "Площадь дома", "Стройматериал", "Домофон", "Серия"]
)
def test_a_column_about_houses_is_no_part_of_their_address(header: str) -> None:
    found = listing(["Улица", "Дом", header], ["Мира", 5, "да"])

    assert next(found.rows)[1] == {"street": "Мира", "house": "5"}


def test_of_two_columns_of_places_each_row_says_its_own() -> None:
    found = listing(
        ["Город", "Село", "Улица", "Дом"],
        ["Омск", "", "Мира", 1],
        ["", "с. Мирное", "Мира", 1],
        ["Омск", "г. Омск", "Мира", 2],
        ["Омск", "с. Мирное", "Мира", 2],
    )

    rows = [(cells.get("locality"), cells.get("part")) for _, cells in found.rows]

    assert rows == [("Омск", None), ("с. Мирное", None), ("Омск", None), ("Омск", "с. Мирное")]
