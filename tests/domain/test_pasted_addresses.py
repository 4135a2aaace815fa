"""A pasted address finds its house, or says why it names none."""

import pytest

from domain.test_street_ranges import line_of
from housechats.domain.audiences import listed
from housechats.domain.houses import HouseLine
from housechats.domain.pasted_addresses import PastedAddresses
from housechats.domain.street_ranges import Streets

TOWN, OTHER_TOWN = "11701000", "11730000"
LINES = [
    line_of("г. Архангельск, пер. Янтарный, д. 2"),
    line_of("г. Архангельск, пер. Янтарный, д. 4А, корп. 2"),
    line_of("г. Архангельск, ул. Мира, д. 1"),
    line_of("г. Архангельск, ул. Мира, д. 3"),
    line_of("г. Архангельск, пр-кт Мира, д. 1"),
    line_of("г. Северодвинск, ул. Садовая, д. 5", OTHER_TOWN),
    line_of("г. Архангельск, ул. Садовая, д. 5"),
    line_of("г. Архангельск, ул. Садовая, д. 7"),
    line_of("п. Турдеево, ул. Лесная, д. 9"),
    line_of("п. Дачный, д. 6"),
]


def addresses(lines: list[HouseLine], towns: dict[str, str] | None = None) -> PastedAddresses:
    return PastedAddresses(Streets(lines), lines, towns or {})


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.position)
def test_what_lists_say_of_a_house_finds_it_unless_another_town_has_the_same(
    line: HouseLine,
) -> None:
    title_is_of_two = line.title == "ул. Садовая, д. 5"

    named = addresses(LINES).house(line.title)

    assert named.house_id == ("" if title_is_of_two else line.id), named.why


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param("Янтарный 2", "пер. Янтарный, д. 2", id="no kind"),
        pytest.param("янтарный, 4a к2", "пер. Янтарный, д. 4А, корп. 2", id="a Latin letter"),
        pytest.param("Мира 3", "ул. Мира, д. 3", id="only one of two kinds has the number"),
        pytest.param("Северодвинск, Садовая 5", "ул. Садовая, д. 5", id="with the town"),
        pytest.param("Лесная, 9", "ул. Лесная, д. 9", id="of a village"),
    ],
)
def test_an_address_is_written_as_people_do(text: str, title: str) -> None:
    named = addresses(LINES).house(text)

    assert [line.title for line in LINES if line.id == named.house_id] == [title], named.why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("  ", "Пустая строка.", id="nothing"),
        pytest.param("ул. Мира", "Нет номера дома.", id="no number"),
        pytest.param("д. 5", "Не названа улица.", id="no street"),
        pytest.param("ул. Мира, 2–48", "Здесь не один дом.", id="a range"),
        pytest.param("Мира 1, 3, 5", "Здесь не один дом.", id="several numbers"),
        pytest.param("Мира 1", "Уточните, что это: пр-кт Мира или ул. Мира.", id="no kind"),
        pytest.param("ул. Садовая, 5", "г. Архангельск, г. Северодвинск.", id="two towns"),
        pytest.param("ул. Мира, 99", "дома с таким номером: ул. Мира (г.", id="no such number"),
        pytest.param("ул. Нет, 1", "Здесь такой улицы нет.", id="no such street"),
        pytest.param("г. Псков, ул. Мира, 1", "нет такого города", id="no such town"),
        pytest.param("Вымыслова Марфа", "Нет номера дома.", id="a name"),
    ],
)
def test_what_names_no_house_says_why_and_quotes_nothing(text: str, why: str) -> None:
    named = addresses(LINES).house(text)

    assert named.house_id == ""
    assert why in named.why
    assert "Вымыслова" not in named.why


def test_who_names_no_town_means_that_of_the_municipality() -> None:
    lines = [*LINES, line_of("п. Турдеево, ул. Мира, д. 3")]

    known = addresses(lines, {TOWN: "г. Архангельск"}).house("ул. Мира, 3")

    assert known.house_id == LINES[3].id
    assert addresses(lines).house("ул. Мира, 3").house_id == ""


def test_a_flat_means_its_house_and_that_is_noted() -> None:
    named = addresses(LINES).house("ул. Мира, д. 3, кв. 5")

    assert (named.house_id, named.is_part) == (LINES[3].id, True)
    assert listed([named]).said.endswith("взяты дома целиком. Строки: 1.")
