"""An elder's contacts are read in every spelling, and never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.contacts import FINDINGS, read_elder, read_phone, read_vk
from housechats.domain.people import Elder


@pytest.mark.parametrize(
    "typed",
    [
        "+79000000001",
        "8 900 000-00-01",
        "8(900)000-00-01",
        "79000000001",
        "9000000001",
        "8-900-000-00-01",
        "тел. +7 900 000 00 01",
        "моб. 8 900 000 00 01",
        "т.89000000001",
        "7.900.000.00.01",
        "8,900,000,00,01",
        "8\u00a0900\u00a0000–00–01",
        "89000000001 (Мария)",
        "+8 900 000-00-01",
        pytest.param("8 9ОО OO0-00-01", id="letters for noughts"),
        pytest.param("7,9000000001E+10", id="a number in scientific notation with all its digits"),
        pytest.param("89000000001; +7 900 000-00-01", id="one phone in two spellings"),
    ],
)
def test_a_mobile_phone_is_kept_in_one_spelling(typed: str) -> None:
    assert read_phone(typed) == ("+79000000001", None)


@pytest.mark.parametrize("typed", ["8 (8182) 00-00-01", "+7 8182 000001", "(8182) 00-00-01"])
def test_a_phone_with_the_code_of_a_city_is_kept_and_said(typed: str) -> None:
    number, finding = read_phone(typed)

    assert number == "+78182000001"
    assert finding
    assert finding.code == "phone_not_mobile"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        pytest.param("7,91612E+10", "phone_lost_digits", id="a number shown short"),
        pytest.param("79161200000", "phone_lost_digits", id="a number shown short and kept"),
        pytest.param("8 900 000-00-1", "phone_lost_digits", id="ten digits with an eight"),
        pytest.param("900 000 001", "phone_lost_digits", id="nine digits"),
        pytest.param("8 900 000-00-01 доб. 12", "phone_extension", id="an extension"),
        pytest.param("20-00-01", "phone_not_mobile", id="a phone within the town"),
        pytest.param("89000000001, 89000000002", "phone_several", id="two after a comma"),
        pytest.param("89000000001 89000000002", "phone_several", id="two after a space"),
        pytest.param("89000000001 / 20-00-01", "phone_several", id="a mobile and another"),
        pytest.param("+375 29 000-00-01", "phone_unclear", id="another country"),
        pytest.param("Иванова", "phone_unclear", id="a name"),
        pytest.param("89000000001 кв. 12", "phone_unclear", id="a flat beside it"),
        pytest.param("8900000000１", "phone_unclear", id="a digit of another script"),
    ],
)
def test_a_phone_that_an_sms_may_miss_is_never_guessed(typed: str, code: str) -> None:
    number, finding = read_phone(typed)

    assert number == ""
    assert finding
    assert finding.code == code


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
        pytest.param("vk.com/write7", 7, "", id="a link to write"),
        pytest.param("durov (Павел)", 0, "durov", id="a name with a remark"),
        pytest.param("вк.ком/durov", 0, "durov", id="the domain in Cyrillic letters"),
        pytest.param("ВК: id7", 7, "", id="the network named before"),
        pytest.param("Павел https://vk.com/Durov?w=wall1_2#x", 0, "durov", id="a link in words"),
        pytest.param("https://vk.com/id7, vk.com/ID7", 7, "", id="one page twice"),
        pytest.param("Павел (vk.com/durov)", 0, "durov", id="a link in brackets"),
        pytest.param("вк:vk.com/durov", 0, "durov", id="a link right after the network's name"),
    ],
)
def test_a_vk_page_is_read(typed: str, vk_id: int, name: str) -> None:
    assert read_vk(typed) == (vk_id, name, None)


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("https://evilvk.com/durov", id="a site whose name ends alike"),
        pytest.param("https://ok.ru/profile?u=vk.com/abcd", id="a page named in another's link"),
        pytest.param("https://evil.com/?to=https://vk.com/durov", id="a link in a link"),
        pytest.param("https://evil.com@vk.com/durov", id="a link after a name"),
        pytest.param("id.vk.com/account", id="the service of accounts"),
        pytest.param("https://away.vk.com/durov", id="the service of links"),
        pytest.param("vk.cc/abc123", id="a shortened link"),
        pytest.param("vk.cc", id="a site alone"),
        pytest.param("vk.com/gim123", id="messages of a community"),
        pytest.param("vk.com/apps", id="a list of apps"),
        pytest.param("vk.com/away.php?to=x", id="a page that leads away"),
        pytest.param("vk.me/join/abcd1234", id="an invitation to a chat"),
        pytest.param("vk.com/id７", id="digits of another script"),
    ],
)
def test_a_link_that_may_lead_to_a_stranger_is_no_page(typed: str) -> None:
    vk_id, name, finding = read_vk(typed)

    assert (vk_id, name) == (0, "")
    assert finding
    assert finding.code == "vk_unclear"


UNREAD = {
    "elder_unreachable": ("Иванов", "", ""),
    "elder_with_phone": ("Иванов, 8 900 000-00-01, 8 900 000-00-02", "", ""),
    "elder_name_too_long": ("Иванов " * 40, "", ""),
    "phone_unclear": ("", "спросить у соседа", ""),
    "phone_lost_digits": ("", "8 900 000-00-1", ""),
    "phone_extension": ("", "8 900 000-00-01, доб. 12", ""),
    "phone_several": ("", "8 900 000-00-01, 8 900 000-00-02", ""),
    "phone_not_mobile": ("", "8 (8182) 00-00-01", ""),
    "vk_unclear": ("", "", "vk.com/feed"),
    "vk_several": ("", "", "vk.com/id1 или vk.com/id2"),
    "vk_not_person": ("", "", "https://vk.com/club1"),
}


@pytest.mark.parametrize("code", FINDINGS)
def test_an_unread_contact_is_a_warning_that_says_what_to_write(code: str) -> None:
    elder, findings = read_elder(*UNREAD[code])

    assert elder is None or not (elder.mobile or elder.vk_id or elder.vk_name)
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
    elder, findings = read_elder("Иванов", "потом", "")

    assert elder
    assert elder.name == "Иванов"
    assert {finding.code for finding in findings.values()} == {"phone_unclear", "elder_unreachable"}


def test_nobody_named_is_no_elder() -> None:
    assert read_elder("", "-", "нет") == (None, {})


@pytest.mark.parametrize(
    "typed",
    [
        "Иванова М.П., 8-900-000-00-01",
        "Иванова М.П. (тел. +7 900 000-00-01)",
        "8 900 000 00 01 Иванова М.П.",
    ],
)
def test_a_plain_phone_beside_a_name_is_taken_when_its_own_cell_is_empty(typed: str) -> None:
    assert read_elder(typed, "", "") == (Elder("Иванова М.П.", "+79000000001"), {})


def test_a_second_phone_beside_a_name_is_not_taken_and_said() -> None:
    elder, findings = read_elder("Иванова 8-900-000-00-02", "8-900-000-00-01", "")

    assert elder == Elder("Иванова", "+79000000001")
    assert {name: f.code for name, f in findings.items()} == {"elder_name": "elder_with_phone"}


def test_a_name_keeps_one_space() -> None:
    assert read_elder(" Иванов   Иван ", "89000000001", "")[0] == Elder(
        "Иванов Иван", "+79000000001"
    )


@given(st.text(), st.text(), st.text())
def test_no_contact_breaks_the_reader(name: str, phone: str, page: str) -> None:
    elder, _ = read_elder(name, phone, page)

    assert not elder or not elder.phone or len(elder.phone) == len("+79000000001")
