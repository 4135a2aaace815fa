"""An address is read as people typed it, and one house has one key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.address_reading import (
    FINDINGS,
    LONGEST,
    parse,
    parse_parts,
    read_fias_id,
)
from housechats.domain.addresses import SHORT, Address, sort_house

HOUSE = Address(
    region="Архангельская обл.",
    locality="г. Архангельск",
    street_type="ул",
    street="100-й дивизии",
    house="5",
    block="1",
)


def read(text: str) -> Address:
    address, findings = parse(text)
    assert address, findings
    assert not any(finding.fatal for finding in findings), findings
    return address


def test_an_address_of_the_registry_is_read_into_parts() -> None:
    address, findings = parse("обл. Архангельская, г. Архангельск, ул. 100-й дивизии, д. 5, к. 1")

    assert address == HOUSE
    assert findings == ()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        pytest.param(
            "Челябинск, пр-кт. Комсомольский, д. 41 Б",
            "Челябинск, пр-кт Комсомольский, д. 41Б",
            id="a town without its kind",
        ),
        pytest.param(
            "г. Саратов п. Дачный ул. Мелиораторов д. 1",
            "г. Саратов, п. Дачный, ул. Мелиораторов, д. 1",
            id="no commas",
        ),
        pytest.param(
            "105066, г. Москва Денисовский переулок, д.9",
            "г. Москва, пер. Денисовский, д. 9",
            id="a postcode, and the kind after the name",
        ),
        pytest.param(
            "г. Омск, 3-я улица Строителей, дом 25, корпус 2 строение 1 литера Б",
            "г. Омск, ул. 3-я Строителей, д. 25, корп. 2, стр. 1, лит. Б",
            id="the kind in the middle, every part of a number",
        ),
        pytest.param("Омск, ул. Мира, 24-а", "Омск, ул. Мира, д. 24А", id="no word before 24"),
        pytest.param("г Омск ул Мира 24", "г. Омск, ул. Мира, д. 24", id="no dots, no commas"),
        pytest.param("г. Омск, ул. Мира, 27с2", "г. Омск, ул. Мира, д. 27, стр. 2", id="glued"),
        pytest.param("г. Омск, ул. Мира, д. 1, к. нет", "г. Омск, ул. Мира, д. 1", id="a no"),
        pytest.param(
            "Дербеневская набережная д. 7, стр. 8, Москва, Россия, 115114",
            "г. Москва, наб. Дербеневская, д. 7, стр. 8",
            id="from the small to the big",
        ),
        pytest.param("с. Красная Пахра, д. 24", "с. Красная Пахра, д. 24", id="no streets"),
        pytest.param("д. Большой Дор, д. 5", "д. Большой Дор, д. 5", id="a village, then a house"),
        pytest.param("д. 1-я Слобода, д. 7", "д. 1-я Слобода, д. 7", id="a numbered village"),
        pytest.param(
            "г. Красное Село, ул. Мира, 7", "г. Красное Село, ул. Мира, д. 7", id="named a village"
        ),
        pytest.param("ж/д_ст. 1180 км, д. 8", "ж/д ст. 1180 км, д. 8", id="named a distance"),
        pytest.param("г. Зеленоград, корп. 456", "г. Зеленоград, корп. 456", id="no streets there"),
        pytest.param(
            "г. Тверь, ул. Набережная, д. 3", "г. Тверь, ул. Набережная, д. 3", id="named a quay"
        ),
        pytest.param(
            "г. Тверь, ул. Ш. Руставели, д. 3", "г. Тверь, ул. Ш. Руставели, д. 3", id="initials"
        ),
        pytest.param("г. Тверь, ул. 8 Марта, 5", "г. Тверь, ул. 8 Марта, д. 5", id="a date"),
        pytest.param("Г. ТВЕРЬ, УЛ. СОВЕТСКАЯ, Д. 5", "Г. Тверь, ул. Советская, д. 5", id="loud"),
        pytest.param(
            "Московская область, Одинцовский р-н р.п. Новоивановское, ул. Калинина, д.1",
            "пгт Новоивановское, ул. Калинина, д. 1",
            id="a district before a settlement",
        ),
        pytest.param("г. Тверь, ул. Мира, влд. 5", "г. Тверь, ул. Мира, влд. 5", id="a plot"),
    ],
)
def test_clerks_spellings_are_read(typed: str, shown: str) -> None:
    address = read(typed)

    assert address.full.lower() == shown.lower()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("г. Омск, ул. Мира, д. 24а", "г. Омск, ул. Мира, д. 24 А", id="a space"),
        pytest.param("г. Омск, ул. Мира, д. 24а", "г. Омск, ул. Мира, д. 24-А", id="a hyphen"),
        pytest.param("г. Омск, ул. Мира, д. 24А", "г. Омск, ул. Мира, д. 24A", id="a Latin letter"),
        pytest.param("г. Орёл, ул. Зелёная, д. 1", "г. Орел, ул. Зеленая, д. 1", id="ё"),
        pytest.param("г. Омск, ул. Мира, д. 1", "Омск, Мира ул., дом 1", id="kind after the name"),
        pytest.param(
            "г. Москва, ул. Б. Ордынка, д. 25, с. 1",
            "Москва, Большая Ордынка ул., дом 25 строение 1",
            id="a cut word",
        ),
        pytest.param(
            "г. Омск, пр-д 1-й Дорожный, д. 9", "г. Омск, 1-ый Дорожный проезд, д. 9", id="a number"
        ),
        pytest.param(
            "г. Омск, ул. им. Кутякова И.С., д. 9", "г. Омск, ул. И.С. Кутякова, 9", id="named for"
        ),
        pytest.param(
            "г. Омск, ул. Ленинский проспект, 9", "г. Омск, пр-т Ленинский, 9", id="two kinds"
        ),
        pytest.param("г. Омск, ул. Мира, д. 9 - А", "г. Омск, ул. Мира, 9а", id="hyphen, spaces"),
        pytest.param("г. Омск, ул. Мира, д. 09", "г. Омск, ул. Мира, 9", id="a zero before"),
        pytest.param("г. Омск, ул. К. Маркса, 9", "г. Омск, ул. Маркса Карла, 9", id="Marx"),
        pytest.param("г. Омск, ул. Ст. Разина, 9", "г. Омск, ул. Степана Разина, 9", id="Razin"),
        pytest.param(
            "г. Омск, ул. 40-летия Победы, 9", "г. Омск, ул. 40 лет Победы, 9", id="a jubilee"
        ),
        pytest.param("г. Омск, ул. 8-е Марта, 9", "г. Омск, ул. 8 Марта, 9", id="a date's ending"),
        pytest.param("г. Омск, ул. Мира, 12стр1", "г. Омск, ул. Мира, 12, стр. 1", id="glued"),
        pytest.param("д. 5, с. Мирное, ул. Мира", "с. Мирное, ул. Мира, д. 5", id="house first"),
        pytest.param(
            "г. Санкт-Петербург, В.О., 5-я линия, 9",
            "г. Санкт-Петербург, линия. 5-я В.О., д. 9",
            id="an island before its line",
        ),
        pytest.param(
            "г. Москва, Зеленоград, корп. 456", "г. Зеленоград, корп. 456", id="a town in a city"
        ),
        pytest.param(
            "Архангельская обл., м.р-н Котласский, г.п. Котласское, г. Котлас, ул. Мира, 9",
            "г. Котлас, ул. Мира, 9",
            id="districts of a town",
        ),
        pytest.param(
            "Ханты-Мансийский автономный округ - Югра, г. Сургут, ул. Мира, 9",
            "ХМАО-Югра, г. Сургут, ул. Мира, 9",
            id="a region's long name",
        ),
        pytest.param("рп. Мирный, ул. Мира, 9", "пгт Мирный, ул. Мира, 9", id="one kind of town"),
    ],
)
def test_two_spellings_of_one_house_have_one_key(one: str, other: str) -> None:
    assert read(one).key == read(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("г. Омск, ул. Мира, д. 1, к. 2", "г. Омск, ул. Мира, д. 1, с. 2", id="к, стр"),
        pytest.param("г. Омск, ул. Мира, д. 1А", "г. Омск, ул. Мира, д. 1, лит. А", id="литера"),
        pytest.param("г. Омск, ул. Мира, д. 1А", "г. Омск, ул. Мира, д. 1, к. А", id="корпус А"),
        pytest.param("г. Омск, ул. Мира, 6/2", "г. Омск, ул. Мира, 6, корп. 2", id="no корпус"),
        pytest.param("г. Омск, ул. Маркса, 1", "г. Омск, ул. К. Маркса, 1", id="no first name"),
        pytest.param("г. Омск, ул. А. Толстого, 1", "г. Омск, ул. Л. Толстого, 1", id="persons"),
        pytest.param(
            "г. Омск, ул. П. Морозова, 1", "г. Омск, ул. Павлика Морозова, 1", id="an initial"
        ),
        pytest.param(
            "с/с Южный, д. Ивановка, 1", "с/с Речной, д. Ивановка, 1", id="namesakes of districts"
        ),
        pytest.param("с/с Южный, д. Ивановка, 1", "д. Ивановка, 1", id="a namesake perhaps"),
        pytest.param("г. Омск, ул. Мира, д. 12", "г. Омск, ул. Мира, д. 1, к. 2", id="digits"),
        pytest.param("г. Омск, ул. Мира, д. 1/2", "г. Омск, ул. Мира, д. 12", id="a fraction"),
        pytest.param("г. Омск, ул. Мира, д. 1", "г. Омск, пр-кт Мира, д. 1", id="kind of street"),
        pytest.param("г. Омск, ул. Мира, д. 1", "г. Тверь, ул. Мира, д. 1", id="towns"),
        pytest.param("п. Нечаиха, д. 5", "д. Нечаиха, д. 5", id="kinds of villages"),
        pytest.param(
            "г. Омск, п. Мирный, д. 5", "г. Тара, п. Мирный, д. 5", id="villages in towns"
        ),
        pytest.param("г. Омск, ул. Мира, д. 21", "г. Омск, ул. Мира, влд. 21", id="a plot"),
        pytest.param(
            "г. Омск, ул. Мира, 1, лит. АБ", "г. Омск, ул. Мира, 1, лит. А, Б", id="литеры"
        ),
        pytest.param(
            "г. Омск, ул. Мира, д. 14", "г. Омск, ул. Мира, д. 14, стр. деревянное", id="a word"
        ),
        pytest.param(
            "г. Омск, ул. Советская, 5", "г. Омск, ул. Советская Россия, 5", id="the country"
        ),
        pytest.param("г. Омск, ул. Мира, 5", "г. Омск, ул. Мира, 5\nкорпус А", id="a line below"),
        pytest.param("г. Омск, мкр. 15, д. 5", "г. Омск, мкр. 15Е, д. 5", id="lettered quarters"),
        pytest.param("г. Омск, ул. Мира 1-я, 5", "г. Омск, ул. Мира 2-я, 5", id="numbered streets"),
        pytest.param("г. Омск, мкр. 1, д. 15", "г. Омск, мкр. 11, д. 5", id="numbered quarters"),
    ],
)
def test_different_houses_keep_different_keys(one: str, other: str) -> None:
    assert read(one).key != read(other).key


UNCLEAR: dict[str, str | dict[str, str]] = {
    "address_missing": " ",
    "address_too_long": "г. Омск, ул. Мира, д. 1" + " и ещё" * LONGEST,
    "address_unclear": "г. Омск, Кировский, ул. Мира, д. 1",
    "address_symbols": "г. Омск, ул. <b>Мира</b>, д. 1",
    "address_columns_differ": {"address": "г. Омск, ул. Мира, д. 1", "house": "2"},
    "locality_missing": "ул. Мира, д. 1",
    "street_missing": "г. Омск, д. 1",
    "street_several": "г. Омск, ул. Мира, ул. Труда, д. 1",
    "street_kind_unclear": "г. Омск, пр. Мира, д. 1",
    "street_word_unclear": "г. Омск, б. Победы, д. 1",
    "initial_or_place": "г. Омск, П. Морозова, д. 1",
    "street_kind_missing": "г. Омск, Речная, д. 1",
    "street_kind_several": "г. Омск, ул. Ленинский проспект, д. 1",
    "house_missing": "г. Омск, ул. Мира, д. б/н",
    "house_unclear": "г. Омск, ул. Мира, д. 1 (новый)",
    "house_became_date": "г. Омск, ул. Мира, 05.ноя",
    "house_several": "г. Омск, ул. Мира, д. 7, 9",
    "house_range": "г. Омск, ул. Мира, д. 5–11",
    "house_fraction": "г. Омск, ул. Мира, д. 6/2",
    "part_of_house": "г. Омск, ул. Мира, д. 31 (кв.2)",
    "building_described": "г. Омск, ул. Мира, д. 31, стр. деревянное",
    "note_dropped": "г. Омск, ул. Мира, д. 31\n        ВР",
    "invisible_characters": "г. Омск, ул. Мира, д. 3\u200b1",
}


@pytest.mark.parametrize("code", FINDINGS)
def test_what_is_unclear_is_said_and_never_guessed(code: str) -> None:
    fatal, _ = FINDINGS[code]
    typed = UNCLEAR[code]

    _, findings = parse(typed) if isinstance(typed, str) else parse_parts(typed)

    assert {(finding.code, finding.fatal) for finding in findings} >= {(code, fatal)}
    assert all(finding.fatal is fatal for finding in findings if finding.code == code)


def test_a_kind_of_nothing_is_not_passed_over() -> None:
    _, findings = parse("г. Омск, станция, ул. Мира, д. 1")

    assert [(finding.code, finding.fatal) for finding in findings] == [("address_unclear", True)]


def test_a_zero_typed_as_a_letter_is_not_taken_for_a_house() -> None:
    _, findings = parse("г. Омск, ул. Торговая, д. 1о8")

    assert [finding.code for finding in findings] == ["house_unclear"]


def test_a_title_stays_short_and_keeps_the_house() -> None:
    long = Address(
        street_type="ул",
        street="Героев Небывалой Северной Экспедиции Капитана Воображалова и Товарищей",
        house="112А",
        block="3",
    )

    title = long.short

    assert len(title) <= SHORT
    assert title.endswith("Товарищей, д. 112А, корп. 3")
    assert Address(street="Ы" * 200, street_type="ул", house="1").short.endswith("…, д. 1")


def test_houses_sort_as_people_count() -> None:
    numbers = ["100", "12а", "2", "12", "12/2"]

    assert sorted(numbers, key=sort_house) == ["2", "12", "12/2", "12а", "100"]
    assert sort_house("12А") == "00012А"


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        pytest.param("379CB922-0149-4A63-ABC9-C28FAF25EEBA", True, id="capitals"),
        pytest.param("{379cb922-0149-4a63-abc9-c28faf25eeba}", True, id="braces"),
        pytest.param("379cb92201494a63abc9c28faf25eeba", True, id="no hyphens"),
        pytest.param("379cb922-0149-4a63-abc9-c28faf25eeb", False, id="a lost digit"),
        pytest.param("00000000-0000-0000-0000-000000000000", False, id="zeros"),
        pytest.param("нет", False, id="a word"),
    ],
)
def test_a_fias_id_has_one_spelling(typed: str, read_as: bool) -> None:
    expected = "379cb922-0149-4a63-abc9-c28faf25eeba" if read_as else ""

    assert read_fias_id(typed) == expected


ALPHABET = st.sampled_from('абвгдкстпулмйя АБСДЖ.,;-/\\()№"«»\n0123456789abcё')


PIECES = st.sampled_from(
    ["д. ", "5", "-", "/", " ", "(", ")", ", ", "корп. ", "лит. ", "А", "ул. ", "г. ", "Омск", "с ",
     "по ", "и ", "кв", "№", "стр", "дубль ", "п. ", "пр. ", "1-я ", "мкр ", "ноя", ".", "обл ",
     "Мира", "В.О., ", "Дачный ", "влд. ", "б. ", "Москва", "2026-11-05", "кирпичный ", "нет"]
)  # fmt: skip


@given(st.one_of(st.text(), st.text(ALPHABET), st.lists(PIECES).map("".join)))
def test_no_text_breaks_the_reader(text: str) -> None:
    address, findings = parse(text)

    assert address or any(finding.fatal for finding in findings)
    assert all(finding.message and "{}" not in finding.message for finding in findings)
    if address:
        assert len(address.short) <= SHORT
        assert address.key


STREETS = st.sampled_from(
    ["ул. Зелёная", "пр-кт. Ленинский", "ул. 40-летия Победы", "пер. Рощинский 2-й", "ш. Копейское"]
)
NUMBERS = st.from_regex(r"[1-9][0-9]{0,2}", fullmatch=True)
SPACES = st.sampled_from(["", " ", "  ", "\t", "\xa0"])


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, str]:
    """Return one address plainly written, and as somebody else typed it."""
    street, house, space = draw(STREETS), draw(NUMBERS), draw(SPACES)
    letter = draw(st.sampled_from(["", "А", "Б", "Е"]))
    gap = draw(st.sampled_from(["", " ", "-"])) if letter else ""
    block = draw(st.one_of(st.just(""), NUMBERS))
    plain = f"г. Орёл, {street}, д. {house}{letter}"
    typed = f"г. Орел,{space}{street},{space}д.{space}{house}{gap}{letter}{space}"
    if block:
        plain += f", корп. {block}"
        typed += f",корп{draw(st.sampled_from(['.', ' ', '. ']))}{block}{space}"
    typed = draw(st.sampled_from([typed, typed.lower(), typed.upper()]))
    return plain, typed.replace("ё", "е")


@given(spellings())
def test_case_spaces_and_yo_do_not_change_the_key(spelled: tuple[str, str]) -> None:
    plain, typed = spelled

    assert read(typed).key == read(plain).key


PARTS = st.permutations(
    ["Омская обл.", "г. Омск", "п. Дачный", "ул. 2-я Рощинская", "д. 24А", "корп. 3", "лит. Б"]
)
WORDS = st.permutations(["Большая", "Новая", "2-я", "Ордынка"])


@given(PARTS)
def test_parts_that_say_what_they_are_may_stand_in_any_order(parts: list[str]) -> None:
    ordered = "Омская обл., г. Омск, п. Дачный, ул. 2-я Рощинская, д. 24А, корп. 3, лит. Б"

    address = read(", ".join(parts))

    assert address.key == read(ordered).key


@given(WORDS, st.booleans())
def test_words_of_a_street_may_stand_in_any_order(words: list[str], kind_first: bool) -> None:
    street = ["ул.", *words] if kind_first else [*words, "ул."]

    address = read(f"г. Омск, {' '.join(street)}, д. 5")

    assert address.key == read("г. Омск, ул. Б. Нов. Ордынка 2-я, д. 5").key
