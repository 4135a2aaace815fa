"""A message says who speaks, goes out as it was written, and never too long for VK."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.broadcast_texts import (
    CALLED,
    EMPTY,
    LONG_LABEL,
    LONG_LINK,
    LONGEST_LINK,
    MANY_BUTTONS,
    NO_FIELDS,
    NO_LABEL,
    NO_LINK,
    ODD_HOST,
    WRONG_ENCODING,
    Occasion,
    as_sent,
    faults_of,
    header_of,
    length_of,
    occasion_of,
)
from housechats.domain.broadcasts import BroadcastLane
from housechats.domain.messages import ADDRESS, LONGEST, LinkButton, Message

HEADER = "Официально · Администрация города · Новости"


def told(text: str, *buttons: LinkButton, longest_title: str = "") -> list[tuple[str, str]]:
    message = Message(HEADER, text, buttons=buttons)
    faults = faults_of(message, longest_title=longest_title)
    return [(fault.pointer, fault.message) for fault in faults]


@pytest.mark.parametrize(
    ("occasion", "header"),
    [
        (Occasion.EMERGENCY, "Официально · УК «Уют» · Экстренное сообщение"),
        (Occasion.PLANNED, "Официально · УК «Уют» · Плановые работы"),
        (Occasion.NEWS, "Официально · УК «Уют» · Новости"),
        (Occasion.CORRECTION, "Официально · УК «Уют» · Исправление"),
        (Occasion.CLOSING, "Официально · УК «Уют» · Завершено"),
    ],
)
def test_the_first_line_says_who_speaks_and_of_what(occasion: Occasion, header: str) -> None:
    assert header_of(" УК\n «Уют» ", occasion) == header


def test_every_lane_has_a_name_in_the_first_line() -> None:
    named = {lane: CALLED[occasion_of(lane)] for lane in BroadcastLane}

    assert len(set(named.values())) == len(BroadcastLane)
    assert {occasion_of(lane, closes=True) for lane in BroadcastLane} == {Occasion.CLOSING}


def test_a_text_goes_out_as_it_was_written() -> None:
    text = "Первая строка\n\n  — вторая ;)\n{адрес}, код {код}"

    message = Message(HEADER, as_sent(text.replace("\n", "\r\n")))

    said = message.said_to(house_id="AB12CD34", title="ул. Мира, 5")
    assert said == f"{HEADER}\n\nПервая строка\n\n  — вторая ;)\nул. Мира, 5, код AB12CD34"
    assert faults_of(message) == []


@given(st.integers(-3, 3), st.sampled_from(["а", "🏠"]), st.integers(0, 64))
def test_a_text_fits_to_the_last_sign_with_the_longest_address(
    more: int, sign: str, title: int
) -> None:
    fields = 3
    room = LONGEST - length_of(HEADER) - 2 - fields * title
    wide = (room - 1) // length_of(sign)
    text = ADDRESS * fields + sign * wide + "." * (room + more - wide * length_of(sign))
    whole = Message(HEADER, text).said_to(house_id="0" * 8, title="я" * title)

    faults = told(text, longest_title="я" * title)

    if length_of(whole) <= LONGEST:
        assert faults == []
    else:
        ((pointer, said),) = faults
        assert pointer == "/text"
        assert said.endswith(f"лишних знаков: {length_of(whole) - LONGEST}.")


@pytest.mark.parametrize("text", ["", " \n "])
def test_an_empty_text_is_none(text: str) -> None:
    assert told(text) == [("/text", EMPTY)]


@pytest.mark.parametrize("field", ["{Адрес}", "{ адрес }", "{улица}", "{}", "{address}", "{что}"])
def test_a_field_that_nobody_fills_in_is_told_with_those_that_are(field: str) -> None:
    ((pointer, said),) = told(f"Дом {{адрес}}, {field}!")

    assert pointer == "/text"
    assert said.startswith(f"Поля {field} нет. Есть: {{адрес}} — ")
    assert "{код} — " in said


@pytest.mark.parametrize("text", ["Смайлик :-} и {", "Список {первое,\nвторое}", "a { b"])
def test_a_brace_that_is_no_field_is_left_alone(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("sign", "called"),
    [
        ("\t", "табуляция"),
        ("\x00", "управляющий"),
        ("\x1b", "управляющий"),
        ("\x7f", "управляющий"),
        ("\x85", "управляющий"),
        ("\r", "управляющий"),
        ("\u202e", "управляющий"),
        ("\u2066", "управляющий"),
        ("\ud800", "управляющий"),
    ],
)
def test_a_sign_that_nobody_sees_is_told_with_its_line(sign: str, called: str) -> None:
    ((pointer, said),) = told(f"Первая\nвто{sign}рая")

    assert pointer == "/text"
    assert "В строке 2 " in said
    assert called in said


def test_what_a_wrong_encoding_has_left_of_a_text_is_not_sent() -> None:
    lost = "Воды".encode("cp1251").decode("utf-8", "replace")

    ((pointer, said),) = told(f"Внимание\n{lost} не будет")

    assert (pointer, said) == ("/text", WRONG_ENCODING.format(2))


def test_families_and_flags_of_emoji_are_no_hidden_signs() -> None:
    assert told("👨‍👩‍👧 🇷🇺 ❤️ №5 — «так»") == []


@pytest.mark.parametrize(
    ("button", "faults"),
    [
        pytest.param(LinkButton("Подробнее", "https://vk.com/a?b=1#c"), [], id="good"),
        pytest.param(LinkButton("Ы" * 40, "https://дом.рф/"), [], id="long, in Russian"),
        pytest.param(
            LinkButton("Ы" * 41, "https://vk.com"), [("label", LONG_LABEL)], id="too long"
        ),
        pytest.param(
            LinkButton("\ufffd", "https://vk.com"),
            [("label", WRONG_ENCODING.format(1))],
            id="lost letters",
        ),
        pytest.param(LinkButton(" ", "https://vk.com"), [("label", NO_LABEL)], id="no label"),
        pytest.param(
            LinkButton("Дом {адрес}", "https://vk.com"), [("label", NO_FIELDS)], id="a field"
        ),
        pytest.param(LinkButton("Да", "http://vk.com"), [("link", NO_LINK)], id="not safe"),
        pytest.param(LinkButton("Да", "vk.com"), [("link", NO_LINK)], id="not whole"),
        pytest.param(LinkButton("Да", "javascript:alert(1)"), [("link", NO_LINK)], id="a script"),
        pytest.param(LinkButton("Да", "tel:+79000000000"), [("link", NO_LINK)], id="a phone"),
        pytest.param(LinkButton("Да", "https://"), [("link", NO_LINK)], id="no site"),
        pytest.param(LinkButton("Да", "https://localhost"), [("link", NO_LINK)], id="no domain"),
        pytest.param(LinkButton("Да", "https://a b.ru"), [("link", NO_LINK)], id="a blank"),
        pytest.param(LinkButton("Да", "https://vk.com@x.ru"), [("link", NO_LINK)], id="an at"),
        pytest.param(LinkButton("Да", "https://[vk.com"), [("link", NO_LINK)], id="a bracket"),
        pytest.param(
            LinkButton("Да", "https://evil.ru\\.vk.com/login"), [("link", ODD_HOST)], id="a slash"
        ),
        pytest.param(
            LinkButton("Да", "https://vk.com\u3002evil.ru"), [("link", ODD_HOST)], id="another dot"
        ),
        pytest.param(
            LinkButton("Да", "https://vk.com\uff0eevil.ru"), [("link", ODD_HOST)], id="a wide dot"
        ),
        pytest.param(
            LinkButton("Да", "https://vk.com\u200b.evil.ru"), [("link", ODD_HOST)], id="no width"
        ),
        pytest.param(
            LinkButton("Да", "https://vk%2ecom.evil.ru"), [("link", ODD_HOST)], id="a coded dot"
        ),
        pytest.param(LinkButton("Да", "https://vk.com:99999"), [("link", NO_LINK)], id="a port"),
        pytest.param(
            LinkButton("Да", "https://vk.com/" + "a" * LONGEST_LINK),
            [("link", LONG_LINK)],
            id="an endless link",
        ),
    ],
)
def test_a_button_says_something_and_leads_to_a_site(
    button: LinkButton, faults: list[tuple[str, str]]
) -> None:
    assert told("Текст", button) == [(f"/buttons/0/{field}", said) for field, said in faults]


def test_six_buttons_fit_and_seven_do_not() -> None:
    button = LinkButton("Да", "https://vk.com")

    assert told("Текст", *[button] * 6) == []
    assert told("Текст", *[button] * 7) == [("/buttons", MANY_BUTTONS)]


def test_a_button_is_named_by_its_place() -> None:
    good, bad = LinkButton("Да", "https://vk.com"), LinkButton("", "https://vk.com")

    assert told("Текст", good, bad) == [("/buttons/1/label", NO_LABEL)]


@given(st.text(max_size=100), st.text(max_size=50), st.text(max_size=100))
def test_nothing_is_too_odd_to_be_looked_at(text: str, label: str, link: str) -> None:
    for pointer, said in told(text, LinkButton(label, link), LinkButton(label, f"https://{link}")):
        assert pointer.startswith(("/text", "/buttons/"))
        assert said
