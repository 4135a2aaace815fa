"""One person is one elder in all lists, however often named; an id tells nothing of them."""

import re

from housechats.domain.people import Elder

KEY = "a key"


def test_a_page_is_one_persons_whatever_the_name() -> None:
    one, other = Elder("Вымыслова М.", vk_name="marfa_v"), Elder("Марфа", vk_name="Marfa_V")

    assert one.id(KEY) == other.id(KEY)


def test_a_phone_that_two_names_share_is_an_office_with_two_elders() -> None:
    one, other = Elder("Вымыслова М.", "+79990000001"), Elder("Былов П.", "+79990000001")

    assert one.id(KEY) != other.id(KEY)


def test_a_name_written_otherwise_with_the_same_phone_is_the_same_elder() -> None:
    one, other = Elder("Пётр  Былов", "+79990000001"), Elder("ПЕТР БЫЛОВ", "+79990000001")

    assert one.id(KEY) == other.id(KEY)


def test_namesakes_with_different_phones_are_two_elders() -> None:
    one, other = Elder("Былов Пётр", "+79990000001"), Elder("Былов Пётр", "+79990000002")

    assert one.id(KEY) != other.id(KEY)


def test_nobody_without_the_key_finds_the_person_behind_an_id() -> None:
    elder = Elder("Былов Пётр", "+79990000001")

    assert re.fullmatch("[0-9a-f]{16}", elder.id(KEY))
    assert elder.id(KEY) != elder.id("another key")
