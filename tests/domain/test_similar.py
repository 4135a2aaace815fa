"""Rows that look like one house written twice are named to each other, and others are not."""

import csv
import gzip
from io import StringIO
from pathlib import Path

import pytest

from housechats.domain.address_reading import parse
from housechats.domain.addresses import Address
from housechats.domain.similar import Likeness

LISTS = Path(__file__).parents[3] / "shared" / "houses"
OKTMO = "52701000"


def read(text: str) -> Address:
    address, findings = parse(text)
    assert address, findings
    return address


def likeness_of(one: str, other: str, *, oktmo: tuple[str, str] = (OKTMO, OKTMO)) -> int | None:
    """Return what the second row is said to resemble."""
    likeness = Likeness()
    assert likeness.like(2, oktmo[0], read(one)) is None
    return likeness.like(3, oktmo[1], read(other))


ALIKE = [
    pytest.param("г. Омск, ул. Лесная, 5", "г. Омск, ул. Лестная, 5", id="a letter too many"),
    pytest.param("г. Омск, ул. Дубининская, 5", "г. Омск, ул. Дубиниская, 5", id="a letter lost"),
    pytest.param("г. Омск, ул. Камская, 5", "г. Омск, ул. Кемская, 5", id="another letter"),
    pytest.param("г. Омск, ул. Садовая, 5", "г. Омск, ул. Сдаовая, 5", id="two letters swapped"),
    pytest.param("г. Москва, ул. Мира, 5", "г. Моска, ул. Мира, 5", id="a slip in the town"),
    pytest.param(
        "г. Омск, ул. Карла Маркса, 5", "г. Омск, ул. Карла Маркасa, 5", id="a slip in two words"
    ),
    pytest.param("г. Омск, ул. Мира, 6/2", "г. Омск, ул. Мира, 6, корп. 2", id="fraction, корпус"),
    pytest.param("г. Омск, ул. Мира, 12А", "г. Омск, ул. Мира, 12, лит. А", id="letter, литера"),
    pytest.param("г. Омск, ул. Мира, 12, к. А", "г. Омск, ул. Мира, 12, лит. А", id="к., лит."),
    pytest.param(
        "г. Омск, ул. Мира, 12, стр. 1", "г. Омск, ул. Мира, 12, корп. 1", id="строение, корпус"
    ),
    pytest.param("г. Омск, ул. Мира, 5", "г. Омск, пр-кт Мира, 5", id="another kind of street"),
    pytest.param("п. Лесной, ул. Мира, 5", "д. Лесной, ул. Мира, 5", id="another kind of place"),
    pytest.param("г. Омск, ул. Л. Толстого, 5", "г. Омск, ул. Льва Толстого, 5", id="an initial"),
    pytest.param("г. Омск, п. Дачный, 5", "п. Дачный, 5", id="a village without its town"),
    pytest.param(
        "с/с Ивановский, д. Лесная, 5", "д. Лесная, 5", id="a village without its rural district"
    ),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_a_likely_second_spelling_names_the_first_row(one: str, other: str) -> None:
    assert likeness_of(one, other) == 2
    assert likeness_of(other, one) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("г. Омск, ул. Мира, 5", "г. Омск, ул. Мира, 7", id="neighbours"),
        pytest.param("г. Омск, ул. Лесная, 5", "г. Омск, ул. Лестная, 7", id="a slip, neighbours"),
        pytest.param("г. Омск, ул. Мира, 5", "г. Омск, ул. Мара, 5", id="short words"),
        pytest.param("г. Омск, ул. Ленина, 5", "г. Омск, ул. Ленинская, 5", id="other words"),
        pytest.param("г. Омск, ул. 1-я Северная, 5", "г. Омск, ул. 2-я Северная, 5", id="numbers"),
        pytest.param("г. Омск, ул. Б. Лесная, 5", "г. Омск, ул. М. Лесная, 5", id="большая, малая"),
        pytest.param("г. Омск, ул. Новая, 5", "г. Омск, ул. Старая, 5", id="новая, старая"),
        pytest.param("г. Омск, ул. Верхняя, 5", "г. Омск, ул. Нижняя, 5", id="верхняя, нижняя"),
        pytest.param("г. Омск, ул. Маяковского, 5", "г. Омск, ул. Чайковского, 5", id="persons"),
        pytest.param("г. Омск, ул. Мира, 12", "г. Омск, ул. Мира, 1, к. 2", id="digits"),
        pytest.param(
            "г. Омск, ул. Льва Толстого, 5", "г. Омск, ул. Лидии Толстого, 5", id="two first names"
        ),
        pytest.param("г. Омск, п. Мирный, 5", "г. Тара, п. Мирный, 5", id="villages of two towns"),
        pytest.param(
            "с/с Южный, д. Лесная, 5", "с/с Речной, д. Лесная, 5", id="namesakes in two districts"
        ),
    ],
)
def test_different_houses_are_not_said_to_be_alike(one: str, other: str) -> None:
    assert likeness_of(one, other) is None


def test_houses_of_two_municipalities_are_not_alike() -> None:
    one, other = "г. Омск, ул. Мира, 6/2", "г. Омск, ул. Мира, 6, корп. 2"

    assert likeness_of(one, other, oktmo=(OKTMO, "52653000")) is None
    assert likeness_of(one, other, oktmo=(OKTMO, f"{OKTMO}001")) == 2


def test_the_first_of_several_look_alikes_is_named() -> None:
    likeness = Likeness()
    spellings = ["г. Омск, ул. Мира, 6/2", "г. Омск, ул. Мира, 6, к. 2", "г. Омск, ул. Мира, 6с2"]

    named = [likeness.like(row, OKTMO, read(text)) for row, text in enumerate(spellings, start=5)]

    assert named == [None, 5, 5]


def test_a_list_of_words_that_differ_by_a_letter_is_not_compared_each_with_each() -> None:
    likeness = Likeness()
    rows = 3000
    words = [f"{n:014b}".replace("0", "а").replace("1", "в") for n in range(rows)]

    found = [
        likeness.like(row, OKTMO, Address("", "", "г. Омск", "ул", word, "5"))
        for row, word in enumerate(words, start=1)
    ]

    assert found[1] == 1
    assert all(like is None or like < row for row, like in enumerate(found, start=1))


@pytest.mark.skipif(not LISTS.is_dir(), reason="shared data is absent")
@pytest.mark.parametrize(
    ("name", "most"),
    [
        pytest.param("houses-arkhangelsk-2016.csv", 0.005, id="a town"),
        pytest.param("houses-spb-2016.csv.gz", 0.05, id="a city whose registry has doubles"),
    ],
)
def test_few_houses_of_a_real_list_are_said_to_be_alike(name: str, most: float) -> None:
    path = LISTS / name
    body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    addresses: dict[str, Address] = {}
    for row in csv.DictReader(StringIO(body.decode(), newline="")):
        address, findings = parse(row["ADDRESS"])
        if address and not any(finding.fatal for finding in findings):
            addresses.setdefault(address.key, address)
    likeness = Likeness()

    alike = [likeness.like(row, OKTMO, a) for row, a in enumerate(addresses.values(), start=1)]

    assert 0 < sum(map(bool, alike)) < most * len(addresses)
