"""A part of a house number in a column of its own is read as what it is, or refused."""

import pytest

from create_chats.check_rows import check
from create_chats.read_list import read
from housechats.domain.batches import Row
from support.ugly_files import as_csv


def row_of(header: str, house: str, part: str) -> Row:
    rows = [["Город", "Улица", "Дом", header], ["г. Омск", "ул. Мира", house, part]]
    (row,) = check(read(as_csv(rows)), oktmo="")
    return row


@pytest.mark.parametrize(
    ("header", "house", "part", "read_as"),
    [
        ("Корпус/строение", "5", "корп. 1", "г. Омск, ул. Мира, д. 5, корп. 1"),
        ("Корпус/строение", "5", "к1 стр.2", "г. Омск, ул. Мира, д. 5, корп. 1, стр. 2"),
        ("Корпус/строение", "5", "нет", "г. Омск, ул. Мира, д. 5"),
        ("Корпус/литера", "5", "лит. А", "г. Омск, ул. Мира, д. 5, лит. А"),
        ("Дробь", "5", "2", "г. Омск, ул. Мира, д. 5/2"),
        ("Дробь", "5", "/2", "г. Омск, ул. Мира, д. 5/2"),
        ("Буква", "5", "а", "г. Омск, ул. Мира, д. 5А"),
        ("Село", "5", "", "г. Омск, ул. Мира, д. 5"),
    ],
)
def test_a_part_that_says_what_it_is_is_read(
    header: str, house: str, part: str, read_as: str
) -> None:
    row = row_of(header, house, part)

    assert row.house is not None
    assert row.house.address.full == read_as


@pytest.mark.parametrize(
    ("header", "house", "part"),
    [
        ("Корпус/строение", "5", "1"),
        ("Корпус/строение", "5", "А"),
        ("к.", "5", "2"),
        ("Дробь", "5А", "2"),
        ("Дробь", "5", "А"),
        ("Буква", "5", "12"),
        ("Буква", "5А", "Б"),
        ("Секция", "5", "2"),
        ("Село", "5", "с. Мирное"),
    ],
)
def test_a_part_that_may_be_several_things_is_refused(header: str, house: str, part: str) -> None:
    row = row_of(header, house, part)

    assert row.house is None
    assert [problem.code for problem in row.problems if problem.fatal] == ["column_unread"]
