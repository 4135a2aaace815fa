"""One person is one elder in a list, however often named."""

import re

from housechats.domain.people import Elder


def test_the_same_contacts_are_the_same_elder_whatever_the_name() -> None:
    by_page = [Elder("Вымыслова М.", vk_name="marfa_v"), Elder("Марфа", vk_name="Marfa_V")]
    by_phone = [Elder("Вымыслова М.", "+79990000001"), Elder("Марфа", "+79990000001")]

    assert by_page[0].id == by_page[1].id
    assert by_phone[0].id == by_phone[1].id
    assert by_page[0].id != by_phone[0].id


def test_namesakes_with_different_phones_are_two_elders() -> None:
    one, other = Elder("Былов Пётр", "+79990000001"), Elder("Былов Пётр", "+79990000002")

    assert one.id != other.id


def test_an_id_tells_nothing_of_the_person() -> None:
    elder = Elder("Былов Пётр", "+79990000001")

    assert re.fullmatch("[0-9a-f]{16}", elder.id)
    assert "9990000001" not in elder.id
