"""One person is one elder in all lists, however often named; an id tells nothing of them."""

import re

import pytest

from housechats.domain.people import Elder

KEY = "a key"
TOWN, OTHER_TOWN = "11701000", "11730000"


def test_a_page_is_one_persons_whatever_the_name() -> None:
    one, other = Elder("Вымыслова М.", vk_name="marfa_v"), Elder("Марфа", vk_name="Marfa_V")

    assert one.id(KEY, TOWN) == other.id(KEY, TOWN)


def test_a_phone_that_two_names_share_is_an_office_with_two_elders() -> None:
    one, other = Elder("Вымыслова М.", "+79990000001"), Elder("Былов П.", "+79990000001")

    assert one.id(KEY, TOWN) != other.id(KEY, TOWN)


def test_a_name_written_otherwise_with_the_same_phone_is_the_same_elder() -> None:
    one, other = Elder("Пётр  Былов", "+79990000001"), Elder("ПЕТР БЫЛОВ", "+79990000001")

    assert one.id(KEY, TOWN) == other.id(KEY, TOWN)


def test_namesakes_with_different_phones_are_two_elders() -> None:
    one, other = Elder("Былов Пётр", "+79990000001"), Elder("Былов Пётр", "+79990000002")

    assert one.id(KEY, TOWN) != other.id(KEY, TOWN)


@pytest.mark.parametrize(
    "elder",
    [
        pytest.param(Elder("Былов Пётр", vk_id=101), id="by the page's number"),
        pytest.param(Elder("Былов Пётр", vk_name="bylov"), id="by the page's name"),
        pytest.param(Elder("Былов Пётр", "+79990000001"), id="by phone and name"),
    ],
)
def test_each_municipality_has_its_own_record_of_a_person(elder: Elder) -> None:
    of_settlement = elder.id(KEY, f"{TOWN}106")

    assert elder.id(KEY, TOWN) == of_settlement
    assert elder.id(KEY, TOWN) != elder.id(KEY, OTHER_TOWN)


def test_nobody_without_the_key_finds_the_person_behind_an_id() -> None:
    elder = Elder("Былов Пётр", "+79990000001")

    assert re.fullmatch("[0-9a-f]{16}", elder.id(KEY, TOWN))
    assert elder.id(KEY, TOWN) != elder.id("another key", TOWN)


MARFA = Elder("Вымыслова Марфа", "+79990000001", 101, "marfa_v")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(MARFA, Elder("Кто-то", "", 101), True, id="one page, two names"),
        pytest.param(MARFA, Elder("", "", 0, "Marfa_V"), True, id="a page by its name alone"),
        pytest.param(MARFA, Elder(MARFA.name, MARFA.phone, 102), False, id="two pages"),
        pytest.param(MARFA, Elder("вымыслова марфа"), True, id="a name and nothing against it"),
        pytest.param(MARFA, Elder(MARFA.name, "+79990000002"), False, id="another phone, no page"),
        pytest.param(MARFA, Elder("Былов Пётр", MARFA.phone), False, id="another name, no page"),
        pytest.param(MARFA, Elder("", MARFA.phone), True, id="a phone and no name"),
        pytest.param(
            MARFA, Elder("Вымыслова М. П.", MARFA.phone), True, id="a phone and a word of the name"
        ),
        pytest.param(MARFA, Elder("Вымыслова М."), False, id="a word of the name alone"),
        pytest.param(
            MARFA, Elder("Вымыслова М.", "+79990000002"), False, id="another phone, a like name"
        ),
        pytest.param(
            Elder("Былов Пётр"), Elder("", "+79990000001"), False, id="nothing said by both"
        ),
    ],
)
def test_two_lists_mean_one_person_or_two(one: Elder, other: Elder, *, same: bool) -> None:
    answers = (one.is_same_as(other), other.is_same_as(one))

    assert answers == (same, same)


@pytest.mark.parametrize(
    ("said", "known_then"),
    [
        pytest.param(Elder(""), MARFA, id="nothing"),
        pytest.param(Elder("Марфа"), Elder("Марфа", MARFA.phone, 101, "marfa_v"), id="a name"),
        pytest.param(
            Elder("", "", 101, "marfa_new"),
            Elder(MARFA.name, MARFA.phone, 101, "marfa_new"),
            id="the page under another name",
        ),
        pytest.param(Elder("", "", 101), MARFA, id="the page by its number"),
        pytest.param(
            Elder("", "", 0, "fresh"), Elder(MARFA.name, MARFA.phone, 0, "fresh"), id="a new page"
        ),
    ],
)
def test_what_is_not_said_stays_known(said: Elder, known_then: Elder) -> None:
    assert MARFA.renewed_by(said) == known_then


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        pytest.param("Вымыслова Марфа", "МАРФА В.", True, id="a word of both"),
        pytest.param("Вымыслова Марфа", "", True, id="one is not said"),
        pytest.param("Вымыслова Марфа", "  ", True, id="spaces say nothing"),
        pytest.param("Ян", "ян", True, id="one short name, written twice"),
        pytest.param("Вымыслова Марфа", "Былов Пётр", False, id="no word of both"),
        pytest.param("Вымыслова Марфа", "Я.", False, id="a letter for a name"),
        pytest.param("Вымыслова М. П.", "М. П.", False, id="initials are no one's own"),
        pytest.param("Вымыслова Марфа", "—", False, id="a sign for a name"),
    ],
)
def test_names_of_one_person_share_a_word(one: str, other: str, *, alike: bool) -> None:
    answers = (Elder(one).is_named_like(Elder(other)), Elder(other).is_named_like(Elder(one)))

    assert answers == (alike, alike)
