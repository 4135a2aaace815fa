"""Staff find a house by any words of its address, written as people write them."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.address_words import KINDS, NUMBER_WORDS, Level
from housechats.domain.addresses import Address
from housechats.domain.search import Asked

CUT = {
    "ул": ["ул", "ул.", "улица", "Улица"],
    "пр-кт": ["пр-кт", "пр-т", "просп.", "проспект", "пр."],
    "пер": ["пер", "пер.", "переулок"],
    "б-р": ["б-р", "бул.", "бульвар"],
    "ш": ["ш.", "шоссе"],
    "наб": ["наб.", "набережная"],
    "пл": ["пл.", "площадь"],
    "мкр": ["мкр.", "мкрн", "м-н", "микрорайон"],
    "д": ["д.", "д", "дом"],
    "корп": ["корп.", "к.", "корпус"],
    "стр": ["стр.", "строение"],
}
"""How people write the words of a title."""
NAMES = ["Ленина", "Королёва", "Берёзовая", "Северной Двины", "50 лет Октября", "1-я Линия"]
ADDRESSES = st.builds(
    Address,
    locality=st.just("г. Образцов"),
    street_type=st.sampled_from(["ул", "пр-кт", "пер", "б-р", "ш", "наб", "пл", "мкр"]),
    street=st.sampled_from(NAMES),
    house=st.from_regex(r"[1-9][0-9]{0,2}[АБВ]?(/[1-9])?", fullmatch=True),
    block=st.sampled_from(["", "", "2", "14"]),
    building=st.sampled_from(["", "", "3"]),
)


def finds(text: str, title: str, position: str = "") -> bool:
    return Asked.of(text).finds(title, position)


def words_of(title: str, draw: st.DataObject) -> list[str]:
    """Return the words of a title, each as some person would write it."""
    return [
        draw.draw(st.sampled_from(CUT.get(word.strip(".,").lower(), [word.strip(",")])))
        for word in title.split()
    ]


@given(ADDRESSES, st.data())
def test_a_house_is_found_by_its_title_however_its_words_are_cut_and_ordered(
    address: Address, draw: st.DataObject
) -> None:
    words = words_of(address.short, draw)
    draw.draw(st.randoms()).shuffle(words)

    assert finds(" ".join(words), address.short)


@given(ADDRESSES, ADDRESSES, st.data())
def test_no_order_of_whole_words_finds_what_another_does_not(
    one: Address, other: Address, draw: st.DataObject
) -> None:
    words = [word for word in re.findall(r"[^\W\d_]{2,}", other.short) if word not in {"я", "й"}]
    shuffled = draw.draw(st.permutations(words))

    assert finds(" ".join(words), one.short) == finds(" ".join(shuffled), one.short)


@given(ADDRESSES, ADDRESSES)
def test_it_never_matters_where_people_write_yo(one: Address, other: Address) -> None:
    asked, shown = other.short, one.short

    found = {
        finds(typed, title)
        for typed in (asked, asked.replace("ё", "е"))
        for title in (shown, shown.replace("ё", "е"))
    }

    assert len(found) == 1


@given(ADDRESSES, st.integers(min_value=1))
def test_a_house_is_found_while_its_title_is_being_typed(address: Address, length: int) -> None:
    title = address.short

    assert finds(title[: length % len(title)], title)


@given(st.text())
def test_whatever_is_typed_is_answered(text: str) -> None:
    finds(text, text)


@pytest.mark.parametrize("word", [word for word, (at, _) in KINDS.items() if at >= Level.AREA])
def test_every_spelling_of_a_kind_finds_its_streets(word: str) -> None:
    _, kind = KINDS[word]

    assert finds(f"{word} ленина", f"{kind}. Ленина, д. 1")


@pytest.mark.parametrize("word", [word for word, at in NUMBER_WORDS.items() if at == "block"])
def test_every_spelling_of_a_block_finds_it(word: str) -> None:
    assert finds(f"ленина 5{word}3", "ул. Ленина, д. 5, корп. 3")
    assert finds(f"ленина 5 {word} 3", "ул. Ленина, д. 5, корп. 3")


@pytest.mark.parametrize("typed", ["5а", "5А", "5 а", "5 А", "5-а", "5a", "д.5а", "дом 5 а"])
def test_the_letter_of_a_house_may_stand_apart(typed: str) -> None:
    assert finds(f"ленина {typed}", "пр-кт Ленина, д. 5А")
    assert finds(f"{typed} ленина", "пр-кт Ленина, д. 5А")


LETTERED = st.builds(
    "{}{}{}".format,
    st.sampled_from(["9", "д. 9", "дом 9", "д.9"]),
    st.sampled_from(
        ["", " ", "-", " лит ", " лит. ", ", лит. ", " литера ", " Литера ", " литер ", " литеры "]
    ),
    st.sampled_from(["Б", "б"]),
)
"""One number with a letter, as people type it."""


@given(LETTERED, st.sampled_from(["9Б", "9, лит. Б", "9, литера Б", "9 литера Б", "9 лит. Б"]))
def test_the_letter_of_a_house_is_found_however_it_is_called(typed: str, shown: str) -> None:
    title = f"б-р Северных Фонарей, д. {shown}"

    assert finds(typed, title)
    assert finds(f"северных фонарей {typed}", title)


@given(LETTERED, st.sampled_from(["9", "9А", "9, лит. В", "19, лит. Б", "9, корп. 2", "1, лит. А"]))
def test_another_letter_is_another_house(typed: str, shown: str) -> None:
    assert not finds(typed, f"ул. Ленина, д. {shown}")


@given(st.integers(min_value=0, max_value=40))
def test_a_house_with_a_named_letter_is_found_while_its_title_is_being_typed(length: int) -> None:
    title = "ул. Ленина, д. 25, корп. 2, литера Б"

    assert finds(title[:length], title)
    assert finds(title[:length], "ул. Ленина, д. 25, корп. 2, лит. Б")


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("", "ул. Садовая, д. 1"),
        ("сад 1", "ул. Садовая, д. 1"),
        ("1 САДОВАЯ", "ул. Садовая, д. 1"),
        ("садовая 1", "ул. Садовая, д. 12"),
        ("садовая 12 к", "ул. Садовая, д. 12, корп. 3"),
        ("садовая 12к", "ул. Садовая, д. 12К"),
        ("50-летия октября", "ул. 50 лет Октября, д. 7"),
        ("1 линия", "ул. 1-я Линия, д. 2"),
        ("к. маркса", "ул. Карла Маркса, д. 1"),
        ("карла маркса", "ул. К. Маркса, д. 1"),
        ("большая ордынка", "ул. Б. Ордынка, д. 1"),
        ("имени ленина", "ул. Ленина, д. 1"),
        ("проспект мира", "пр. Мира, д. 1"),
        ("проезд мира", "пр. Мира, д. 1"),
        ("пр-к ленина", "пр-кт Ленина, д. 1"),
        ("7 м-н 5", "мкр. 7, д. 5"),
        ("ленина 12/1", "ул. Ленина, д. 12/1"),
    ],
)
def test_what_people_type_finds_the_house(typed: str, title: str) -> None:
    assert finds(typed, title)


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("садовая 2", "ул. Садовая, д. 1"),
        ("адовая", "ул. Садовая, д. 1"),
        ("садовая 1 корп 2", "ул. Садовая, д. 12, корп. 2"),
        ("проезд мира", "пр-кт Мира, д. 1"),
        ("улица мира", "пр-кт Мира, д. 1"),
        ("деревня", "ул. Садовая, д. 1"),
        ("5а", "ул. Академика Павлова, д. 5"),
    ],
)
def test_other_houses_are_left_out(typed: str, title: str) -> None:
    assert not finds(typed, title)


def test_a_house_is_found_by_its_town_and_by_its_address_when_it_has_a_name_of_its_own() -> None:
    address = Address(
        locality="г. Образцов", street_type="ул", street="Садовая", house="3", block="2"
    )
    shown = "11701000#г. образцов садовая ул#00003 2"

    assert finds("образцов садовая 3", address.short, shown)
    assert finds("садовая 3", "Наш тёплый дом", shown)
    assert finds("тёплый дом", "Наш тёплый дом", shown)
    assert not finds("00003", "Наш тёплый дом", shown)
    assert not finds("11701000", "Наш тёплый дом", shown)


def test_words_of_many_houses_are_told_apart() -> None:
    dice = random.Random(1)
    houses = [f"ул. {name}, д. {n}" for name in NAMES[:4] for n in range(1, 40)]

    for title in dice.sample(houses, 20):
        name, number = title.removeprefix("ул. ").split(", д. ")
        found = [one for one in houses if finds(f"{number} {name}", one)]
        assert found == [title]
