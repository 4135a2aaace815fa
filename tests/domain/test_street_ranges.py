"""Who asks for a street, or for one side of it, gets its houses and nobody else's."""

import csv
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.address_reading import parse
from housechats.domain.audiences import Side, StreetHouses, choose
from housechats.domain.houses import House, HouseLine, code_of, digest_of
from housechats.domain.street_ranges import Streets, number_of

NOW = datetime(2026, 11, 22, tzinfo=UTC)
CITY, OTHER_CITY = "11701000", "11730000"
REAL = Path(__file__).resolve().parents[2].parent / "shared/houses/houses-arkhangelsk-2016.csv"


def line_of(text: str, oktmo: str = CITY, *, name: str = "") -> HouseLine:
    address, _ = parse(text)
    assert address, text
    digest = digest_of(oktmo, address)
    return House(code_of(digest), digest, oktmo, address, 7, NOW, name=name).line


def lines_of(street: str, *numbers: str, oktmo: str = CITY) -> list[HouseLine]:
    return [line_of(f"{street}, д. {number}", oktmo) for number in numbers]


def found(
    lines: Sequence[HouseLine], part: StreetHouses, towns: dict[str, str] | None = None
) -> list[str]:
    has = Streets(lines).wanted(part, towns or {}).has
    return [line.title for line in lines if has(line)]


def said(lines: Sequence[HouseLine], part: StreetHouses) -> str:
    return Streets(lines).wanted(part, {}).said


PEACE = "г. Архангельск, ул. Мира"


def test_one_side_of_a_street_from_one_number_to_another() -> None:
    numbers = ("1", "2", "10А", "12, корп. 2", "13", "48", "48/1", "50")
    lines = lines_of(PEACE, *numbers)

    titles = found(lines, StreetHouses("ул. Мира", Side.EVEN, 2, 48))

    assert titles == [
        "ул. Мира, д. 2",
        "ул. Мира, д. 10А",
        "ул. Мира, д. 12, корп. 2",
        "ул. Мира, д. 48",
        "ул. Мира, д. 48/1",
    ]


@given(
    numbers=st.sets(st.integers(1, 400), min_size=1, max_size=30),
    side=st.sampled_from(Side),
    first=st.none() | st.integers(1, 400),
    last=st.none() | st.integers(1, 400),
    letter=st.sampled_from(["", "А", ", корп. 3", "/7", ", стр. 2", ", лит. Б"]),
)
def test_a_range_has_its_ends_and_what_is_between_on_its_side(
    numbers: set[int], side: Side, first: int | None, last: int | None, letter: str
) -> None:
    lines = lines_of(PEACE, *(f"{number}{letter}" for number in numbers))

    titles = found(lines, StreetHouses("улица Мира", side, first, last))

    wanted = {
        number
        for number in numbers
        if (first is None or number >= first)
        and (last is None or number <= last)
        and (side == Side.ALL or number % 2 == (side == Side.ODD))
    }
    assert set(titles) == {line.title for line in lines if number_of(line) in wanted}
    assert len(titles) == len(wanted)


@given(st.sets(st.integers(1, 400), min_size=1, max_size=30))
def test_the_two_sides_are_the_whole_street(numbers: set[int]) -> None:
    lines = lines_of(PEACE, *map(str, numbers))

    sides = [found(lines, StreetHouses("Мира", side)) for side in (Side.EVEN, Side.ODD)]

    assert sorted(sides[0] + sides[1]) == sorted(found(lines, StreetHouses("Мира")))
    assert not set(sides[0]) & set(sides[1])


@pytest.mark.parametrize(
    ("listed", "asked"),
    [
        pytest.param(PEACE, "ул.Мира", id="no space"),
        pytest.param(PEACE, "мира улица", id="the kind last"),
        pytest.param(PEACE, "Мира", id="no kind"),
        pytest.param(PEACE, "Архангельск, ул. Мира", id="with the town"),
        pytest.param("г. Архангельск, ул. Карла Маркса", "К. Маркса", id="an initial"),
        pytest.param("г. Архангельск, ул. Большая Морская", "Б. Морская", id="a word cut short"),
        pytest.param("г. Архангельск, пр-кт Ленинский", "Ленинский проспект", id="an avenue"),
        pytest.param("г. Архангельск, пр-кт Победы", "пр. Победы", id="one of two kinds"),
        pytest.param("г. Архангельск, линия 1-я", "1-я линия", id="a number"),
        pytest.param("г. Архангельск, ул. 8 Марта", "8 марта", id="a date"),
        pytest.param("г. Архангельск, мкр. Южный", "микрорайон Южный", id="a quarter"),
        pytest.param("г. Саратов, п. Дачный, ул. Мира", "п. Дачный, ул. Мира", id="a village"),
    ],
)
def test_a_street_is_written_as_people_do(listed: str, asked: str) -> None:
    lines = [*lines_of(listed, "1", "2"), *lines_of("г. Архангельск, ул. Другая", "1")]

    titles = found(lines, StreetHouses(asked))

    assert titles == [line.title for line in lines[:2]]


def test_a_street_whose_name_only_ends_alike_is_another() -> None:
    lines = [*lines_of(PEACE, "1"), *lines_of("г. Архангельск, ул. Малая Мира", "1")]

    assert found(lines, StreetHouses("ул. Мира")) == ["ул. Мира, д. 1"]


def test_of_a_street_and_an_avenue_of_one_name_nobody_guesses() -> None:
    lines = [*lines_of(PEACE, "1"), *lines_of("г. Архангельск, пр-кт Мира", "2")]

    assert found(lines, StreetHouses("Мира")) == []
    assert said(lines, StreetHouses("Мира")) == "Уточните, что это: пр-кт Мира или ул. Мира."
    assert found(lines, StreetHouses("пр-кт Мира")) == ["пр-кт Мира, д. 2"]


def test_of_a_street_of_two_towns_nobody_guesses() -> None:
    elsewhere = lines_of("г. Северодвинск, ул. Мира", "3", oktmo=OTHER_CITY)
    lines = [*lines_of(PEACE, "1"), *elsewhere]

    assert found(lines, StreetHouses("ул. Мира")) == []
    assert "г. Архангельск, г. Северодвинск" in said(lines, StreetHouses("ул. Мира"))
    assert found(lines, StreetHouses("Северодвинск, ул. Мира")) == ["ул. Мира, д. 3"]
    assert found(lines, StreetHouses("ул. Мира", oktmo=OTHER_CITY)) == ["ул. Мира, д. 3"]


def test_who_names_no_place_means_the_town_of_the_municipality() -> None:
    lines = [*lines_of(PEACE, "1"), *lines_of("п. Турдеево, ул. Мира", "2")]
    towns = {CITY: "г. Архангельск"}

    assert found(lines, StreetHouses("ул. Мира"), towns) == ["ул. Мира, д. 1"]
    assert found(lines, StreetHouses("п. Турдеево, ул. Мира"), towns) == ["ул. Мира, д. 2"]
    assert found(lines, StreetHouses("ул. Мира")) == []


def test_houses_that_people_have_renamed_stay_on_their_street() -> None:
    lines = [
        *lines_of(PEACE, "2"),
        line_of(f"{PEACE}, д. 4", name="Дом у реки"),
        *(line_of(f"г. Архангельск, ул. Новая, д. {n}", name=f"Дом {n}") for n in (1, 2)),
    ]

    assert found(lines, StreetHouses("ул. Мира")) == ["ул. Мира, д. 2", "Дом у реки"]
    assert found(lines, StreetHouses("ул. Новая", Side.EVEN)) == ["Дом 2"]


def test_a_village_whose_houses_are_numbered_through_is_its_own_street() -> None:
    lines = [line_of("п. Дачный, д. 5"), line_of("п. Дачный, д. 6"), *lines_of(PEACE, "5")]

    assert found(lines, StreetHouses("п. Дачный", Side.ODD)) == ["п. Дачный, д. 5"]


def test_what_is_understood_is_told() -> None:
    lines = lines_of(PEACE, "1")

    assert said(lines, StreetHouses("мира")) == "ул. Мира (г. Архангельск)"
    assert said(lines, StreetHouses("ул. Мраморная")) == "Здесь такой улицы нет."
    assert said(lines, StreetHouses("ул.")).startswith("Не поняли улицу.")


@pytest.mark.parametrize(
    ("part", "why"),
    [
        pytest.param(StreetHouses("Мира", Side.ODD), "нечётных домов здесь нет.", id="a side"),
        pytest.param(
            StreetHouses("Мира", first=4, last=48), "домов в промежутке 4–48 здесь нет.", id="both"
        ),
        pytest.param(
            StreetHouses("Мира", first=4), "домов с номерами от 4 здесь нет.", id="from one on"
        ),
        pytest.param(
            StreetHouses("Мира", last=1), "домов с номерами до 1 здесь нет.", id="up to one"
        ),
    ],
)
def test_a_street_that_has_no_such_houses_says_so(part: StreetHouses, why: str) -> None:
    lines = lines_of(PEACE, "2")

    chosen = choose(lines, [Streets(lines).wanted(part, {})])

    assert [one.why for one in chosen.not_found] == [f"ул. Мира (г. Архангельск): {why}"]


@pytest.mark.skipif(not REAL.exists(), reason="shared data is absent")
def test_of_a_real_street_one_side_is_found_and_none_of_the_other() -> None:
    with REAL.open(encoding="utf-8") as file:
        texts = sorted({row["ADDRESS"] for row in csv.DictReader(file)})
    lines = {text: line_of(text) for text in texts if parse(text)[0]}

    titles = found([*lines.values()], StreetHouses("улица Воскресенская", Side.ODD))

    numbers = {
        text: int(match[1])
        for text in lines
        if (match := re.search(r"ул\. Воскресенская, д\. (\d+)", text))
    }
    odd = {lines[text].title for text, number in numbers.items() if number % 2}
    assert 10 < len(odd) < len(numbers)
    assert set(titles) == odd
