"""Where cells contradict each other, or words may mean something else, people are asked."""

import pytest

from housechats.domain.address_reading import parse_parts
from housechats.domain.addresses import Address
from housechats.domain.findings import Finding

TOWN = "г. Архангельск"


def read(cells: str | dict[str, str]) -> tuple[Address | None, tuple[Finding, ...]]:
    said = {"address": cells} if isinstance(cells, str) else cells
    return parse_parts(said, locality=TOWN)


def fatal_codes(cells: str | dict[str, str]) -> list[str]:
    _, findings = read(cells)
    return list(dict.fromkeys(finding.code for finding in findings if finding.fatal))


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param(
            {"address": "г. Архангельск, ул. Ленина, д. 5", "street": "ул. Мира", "house": "5"},
            id="two streets",
        ),
        pytest.param(
            {"address": "Архангельск, Ленина, 5", "street": "ул. Мира"}, id="a street of no kind"
        ),
        pytest.param({"address": "ул. Ленина, 5", "street": "пр-кт Ленина"}, id="two kinds"),
        pytest.param(
            {"address": "г. Архангельск, ул. Ленина, 5", "locality": "Северодвинск"}, id="two towns"
        ),
        pytest.param({"street": "ул. Мира 7", "house": "8"}, id="a number beside the street"),
        pytest.param({"street": "ул. Мира 9345", "house": "8"}, id="a long number there"),
    ],
)
def test_cells_that_contradict_each_other_are_refused(cells: dict[str, str]) -> None:
    assert fatal_codes(cells) == ["address_columns_differ"]


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param({"address": "ул. Ленина, 5", "street": "Ленина"}, id="no kind"),
        pytest.param({"address": "ул. Мира, 5", "street": "ул. Мира, 5"}, id="the whole twice"),
        pytest.param(
            {"address": "ул. Тухачевского, 5", "street": "ул. Маршала Тухачевского"}, id="a rank"
        ),
        pytest.param({"address": "ул. Дубиниская, 5", "street": "ул. Дубининская"}, id="a slip"),
        pytest.param(
            {"address": "п. Дачный, ул. Мира, 5", "locality": "г. Архангельск"}, id="a village"
        ),
        pytest.param(
            {"address": "г. Москва, Зеленоград, ул. Мира, 5", "locality": "г. Зеленоград"},
            id="a town in a city",
        ),
    ],
)
def test_cells_that_agree_in_other_words_are_one_address(cells: dict[str, str]) -> None:
    assert fatal_codes(cells) == []


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("Лесозавод 25, ул. Ленина 5", id="a factory"),
        pytest.param("Иванова Мария, ул. Ленина, 5", id="a person"),
        pytest.param("Мария Иванова, ул. Ленина, 5", id="a person, first name first"),
        pytest.param("Мария Петровна, ул. Ленина, 5", id="a patronymic"),
        pytest.param("жилой дом, ул. Ленина, 5", id="a house"),
        pytest.param("Дом по ул. Ленина, 5", id="a house by a street"),
        pytest.param("центр, ул. Ленина, 5", id="a small letter"),
        pytest.param("ул. Ленина, ЗУ 5", id="a plot of land"),
        pytest.param("ул. Ленина (бывш. Мира), 5", id="a former name"),
        pytest.param("г. Архангельск, г. Северодвинск, ул. Ленина, 5", id="two towns"),
    ],
)
def test_words_that_are_no_town_are_asked_about(typed: str) -> None:
    assert fatal_codes(typed) == ["address_unclear"]


@pytest.mark.parametrize(
    ("typed", "town"),
    [
        pytest.param("Челябинск, ул. Мира, 5", "Челябинск", id="a word"),
        pytest.param("Набережные Челны, ул. Мира, 5", "Набережные Челны", id="two words"),
        pytest.param("Сергиев Посад, ул. Мира, 5", "Сергиев Посад", id="like a surname"),
        pytest.param("Ростов-на-Дону, ул. Мира, 5", "Ростов-на-Дону", id="hyphens"),
        pytest.param("архангельск, ул. Мира, 5", "Архангельск", id="the list's own, in small"),
        pytest.param("омск, ул. мира, 5", "Омск", id="all in small letters"),
        pytest.param("Н. Новгород, ул. Мира, 5", "Нижний Новгород", id="an initial"),
    ],
)
def test_a_town_needs_no_kind(typed: str, town: str) -> None:
    address, findings = read(typed)

    assert address
    assert (address.locality, findings) == (town, ())


@pytest.mark.parametrize("typed", ["ул. Ленина 5 ул. Мира 7", "ул. Ленина 5 Мира, 7"])
def test_two_streets_without_a_comma_are_two(typed: str) -> None:
    assert fatal_codes(typed) == ["street_several"]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        pytest.param("ул. Ленина, к. 5", "house_missing", id="корпус or квартира"),
        pytest.param("ул. Ленина, корп. 2", "house_missing", id="корпус of what"),
        pytest.param("ул. Ленина, д. 1О", "house_unclear", id="a letter for the last zero"),
        pytest.param("ул. Ленина, д. 1OO", "house_unclear", id="two Latin ones"),
        pytest.param({"street": "ул. Мира", "house": "5-й"}, "house_unclear", id="the fifth"),
        pytest.param({"street": "ул. Мира", "house": "2-я"}, "house_unclear", id="the second"),
        pytest.param("ул. Ленина д5кв.12", "part_of_house", id="all glued"),
        pytest.param("ул. Ленина, 11.05", "house_became_date", id="a short date"),
        pytest.param("ул. Ленина, д. 5.11", "house_became_date", id="a shorter date"),
        pytest.param("ул. Ленина, д.44505", "house_became_date", id="a day's number"),
        pytest.param({"street": "Мира", "house": "05.11"}, "house_became_date", id="in a column"),
        pytest.param("ул. Ленина, д. 12345", "house_unclear", id="too long"),
        pytest.param("ул. Ленина 12345", "house_unclear", id="too long, no word before"),
        pytest.param("ул. Ленина, д. 100500", "house_unclear", id="even longer"),
        pytest.param({"street": "Мира", "house": "12345"}, "house_unclear", id="a long cell"),
    ],
)
def test_what_is_no_number_of_a_house_is_refused(cells: str | dict[str, str], code: str) -> None:
    assert fatal_codes(cells) == [code]


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        pytest.param("ул.Ленина5", "ул. Ленина, д. 5", id="glued"),
        pytest.param("ул. Ленина, дом5", "ул. Ленина, д. 5", id="a glued word"),
        pytest.param("Архангельск Ленина ул 5", "ул. Ленина, д. 5", id="no comma at all"),
        pytest.param("ул. Ленина, домовладение 5", "ул. Ленина, влд. 5", id="a plot"),
        pytest.param("бульв. Ленина, 5", "б-р Ленина, д. 5", id="бульвар"),
        pytest.param("площ. Ленина, 5", "пл. Ленина, д. 5", id="площадь"),
        pytest.param("прос. Ленина, 5", "пр-кт Ленина, д. 5", id="проспект"),
        pytest.param("ЖК Парус, д. 5", "ЖК Парус, д. 5", id="a builder's name"),
        pytest.param("ул. 50 лет ВЛКСМ, 5", "ул. 50 лет ВЛКСМ, д. 5", id="an abbreviation"),
        pytest.param("ул. Дома 8 Марта, 5", "ул. Дома 8 Марта, д. 5", id="a date in a name"),
        pytest.param("мкр. 5, корп. 3", "мкр. 5, корп. 3", id="a quarter of корпуса"),
        pytest.param(
            {"street_type": "проспект", "street": "пр. Ленина", "house": "7"},
            "пр-кт Ленина, д. 7",
            id="a column says which пр.",
        ),
    ],
)
def test_what_has_one_meaning_is_read(cells: str | dict[str, str], shown: str) -> None:
    address, findings = read(cells)

    assert address
    assert (address.short, findings) == (shown, ())


def test_a_builders_name_beside_a_street_is_left_out_and_said() -> None:
    address, findings = read("ЖК Парус, ул. Ленина, 5")

    assert address
    assert address.full == "г. Архангельск, ул. Ленина, д. 5"
    assert [finding.code for finding in findings] == ["note_dropped"]


@pytest.mark.parametrize(
    "note",
    ["Иванова Мария Петровна 89161234567", "ИВАНОВА МАРИЯ ПЕТРОВНА", "тел. 89161234567"],
)
def test_a_message_does_not_repeat_what_is_personal(note: str) -> None:
    _, findings = read(f"ул. Ленина, д. 5, {note}")

    said = " ".join(finding.message for finding in findings)
    assert fatal_codes(f"ул. Ленина, д. 5, {note}") == ["house_unclear"]
    assert "…" in said
    assert not any(word in said for word in ("Иванова", "ИВАНОВА", "ПЕТРОВНА", "916"))
