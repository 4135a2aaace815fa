"""An elder's contacts are read in every spelling, and never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from create_chats.contacts import FINDINGS, read_elder, read_phone, read_vk
from housechats.domain.people import Elder


@pytest.mark.parametrize(
    "typed",
    [
        "+79000000001",
        "8 900 000-00-01",
        "8(900)000-00-01",
        "9000000001",
        "тел. +7 900 000 00 01",
        "7.900.000.00.01",
    ],
)
def test_a_mobile_phone_is_kept_in_one_spelling(typed: str) -> None:
    assert read_phone(typed) == ("+79000000001", None)


@pytest.mark.parametrize(
    ("typed", "vk_id", "name"),
    [
        pytest.param("vk.com/id1", 1, "", id="a numeric page"),
        pytest.param("https://m.vk.com/ID1?w=wall1_2", 1, "", id="a mobile link to a post"),
        pytest.param("1900000001", 1_900_000_001, "", id="a number alone"),
        pytest.param("[id7|Павел]", 7, "", id="a mention"),
        pytest.param("vk.ru/durov", 0, "durov", id="the Russian domain"),
        pytest.param("@Durov", 0, "durov", id="a name with the sign"),
        pytest.param("http://www.vk.com/ivan.ivanov_1/", 0, "ivan.ivanov_1", id="a full link"),
    ],
)
def test_a_vk_page_is_read(typed: str, vk_id: int, name: str) -> None:
    assert read_vk(typed) == (vk_id, name, None)


UNREAD = {
    "elder_unreachable": ("Иванов", "", ""),
    "phone_unclear": ("", "8 900 000-00-1", ""),
    "phone_several": ("", "8 900 000-00-01, 8 900 000-00-02", ""),
    "phone_not_mobile": ("", "8 (8182) 00-00-01", ""),
    "vk_unclear": ("", "", "vk.com/feed"),
    "vk_not_person": ("", "", "https://vk.com/club1"),
}


@pytest.mark.parametrize("code", FINDINGS)
def test_an_unread_contact_is_a_warning_that_says_what_to_write(code: str) -> None:
    elder, findings = read_elder(*UNREAD[code])

    assert elder is None or not (elder.phone or elder.vk_id or elder.vk_name)
    assert code in {finding.code for finding in findings.values()}
    assert not any(finding.fatal for finding in findings.values())
    assert not any(
        typed and typed in f.message for f in findings.values() for typed in UNREAD[code]
    )


def test_an_unread_contact_without_a_name_is_nobody_and_not_one_person_for_all() -> None:
    elder, findings = read_elder("", "8 900", "")

    assert elder is None
    assert set(findings) == {"elder_phone"}


def test_a_name_alone_is_an_elder_whom_nobody_can_reach() -> None:
    elder, findings = read_elder("Иванов", "8 900", "")

    assert elder
    assert elder.name == "Иванов"
    assert {finding.code for finding in findings.values()} == {"phone_unclear", "elder_unreachable"}


def test_nobody_named_is_no_elder() -> None:
    assert read_elder("", "-", "нет") == (None, {})


def test_a_name_keeps_one_space() -> None:
    assert read_elder(" Иванов   Иван ", "89000000001", "")[0] == Elder(
        "Иванов Иван", "+79000000001"
    )


@given(st.text(), st.text(), st.text())
def test_no_contact_breaks_the_reader(name: str, phone: str, page: str) -> None:
    elder, _ = read_elder(name, phone, page)

    assert not elder or not elder.phone or len(elder.phone) == len("+79000000001")
