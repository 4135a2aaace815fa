"""Elders read what happened and what to do, in a letter or in one SMS."""

import csv
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from housechats.domain.address_reading import parse
from housechats.domain.addresses import Address
from housechats.domain.guide_texts import step_text
from housechats.domain.guides import Guide, GuideStep
from housechats.domain.houses import ChatState, House
from housechats.domain.instructions import (
    LONG_SMS,
    SMS_LENGTH,
    TEXT_LENGTH,
    InstructionState,
    letter,
    short_link,
    text_message,
)

SHARED = Path(__file__).parents[3] / "shared" / "houses"
PUBLIC_URL = "https://dom.example"
TYPICAL = [
    ("ул", "Ленина", "1", ""),
    ("ул", "Советская", "124", "2"),
    ("ул", "Карла Либкнехта", "33а", ""),
    ("пр-кт", "Ломоносова", "250", "1"),
    ("пр-кт", "Московский", "55", "3"),
    ("ул", "Воскресенская", "106", ""),
    ("ул", "Павла Усова", "31", "4"),
    ("наб", "Северной Двины", "112", "2"),
    ("ул", "23-й Гвардейской Дивизии", "14", ""),
    ("пер", "2-й Ленинградский", "8", ""),
]


def house(number: int = 1, address: Address | None = None, **changes: object) -> House:
    usual = {
        "id": f"ABCDE{number:03}",
        "digest": "d",
        "oktmo": "11701000",
        "address": address or Address(street_type="ул", street="Садовая", house=str(number)),
        "community": 7,
        "created_at": datetime(2027, 1, 11, tzinfo=UTC),
        "state": ChatState.OPEN,
        "link": f"https://vk.me/join/{'A' * 36}{number:03}",
    }
    return House(**(usual | changes))  # type: ignore[arg-type]


def sms(address: Address) -> str:
    return text_message([house(address=address)], public_url=PUBLIC_URL)


def test_a_letter_says_what_happened_and_three_steps() -> None:
    text = letter([house()], public_url=PUBLIC_URL)

    assert text.startswith("Здравствуйте! Вы указаны старшим по дому: для вашего дома")
    assert "ул. Садовая, д. 1: https://vk.me/join/" in text
    assert [f"Шаг {n}." in text for n in (1, 2, 3)] == [True] * 3
    assert "https://dom.example/j/ABCDE001" in text
    assert "Эти чаты ещё не открыты" not in text


def test_a_letter_says_that_the_guide_goes_on_where_the_elder_is() -> None:
    guide = Guide("e-1", 7, (), step=GuideStep.COPY)

    told = letter([house()], public_url=PUBLIC_URL)
    following = step_text(guide, [house()])

    assert "бот сам напишет вам о каждом шаге" in told
    assert "Если шаг уже сделан, нажмите под его сообщением «Готово»." in told
    assert "(или если уже отправили), нажмите «Готово»" in following


def test_each_house_has_a_text_of_its_own_for_the_old_chats() -> None:
    text = letter([house(1), house(2)], public_url=PUBLIC_URL)

    assert "нашего дома (ул. Садовая, д. 1)" in text
    assert "нашего дома (ул. Садовая, д. 2)" in text
    assert "https://dom.example/j/ABCDE002" in text


@pytest.mark.parametrize("number", [1, 2, 15, 40, 100, 130])
def test_a_letter_names_every_house_and_vk_takes_it(number: int) -> None:
    houses = [house(n) for n in range(1, number + 1)]

    text = letter(houses, public_url=PUBLIC_URL)

    assert len(text) <= TEXT_LENGTH
    assert all(f"• {one.title}" in text for one in houses)


@pytest.mark.parametrize("number", [200, 600, 4_500])
def test_a_letter_about_hundreds_of_houses_counts_the_last_ones_and_keeps_its_steps(
    number: int,
) -> None:
    text = letter([house(n) for n in range(1, number + 1)], public_url=PUBLIC_URL)

    named = text.count("• ")
    (more,) = re.findall(r"…и ещё (\d+) дом", text)
    assert len(text) <= TEXT_LENGTH
    assert named + int(more) == number
    assert all(f"Шаг {step}." in text for step in (1, 2, 3))


def test_a_letter_about_hundreds_of_houses_that_are_not_open_fits_too() -> None:
    closed = [house(n, state=ChatState.REFUSED, link="") for n in range(2, 700)]

    text = letter([house(1), *closed], public_url=PUBLIC_URL)

    assert len(text) <= TEXT_LENGTH
    assert "Шаг 3." in text


def test_an_sms_about_very_many_houses_stays_within_ten_parts() -> None:
    text = text_message([house(n) for n in range(1, 103)], public_url=PUBLIC_URL)

    named = text.count("/j/")
    assert len(text) <= LONG_SMS
    assert text.endswith(
        f"; и ещё {102 - named} дом" + ("а" if (102 - named) % 10 in {2, 3, 4} else "ов")
    )


def test_a_house_that_is_not_open_is_named_apart() -> None:
    refused = house(2, state=ChatState.REFUSED, link="")

    text = letter([house(1), refused], public_url=PUBLIC_URL)

    opened, _, others = text.partition("Эти чаты ещё не открыты")
    assert "ул. Садовая, д. 2" not in opened
    assert "ул. Садовая, д. 2" in others


def test_an_sms_says_who_its_reader_is_and_where_the_chat_is() -> None:
    text = sms(Address(street_type="ул", street="Садовая", house="1"))

    assert text == "Вы старший по дому ул. Садовая, д. 1: dom.example/j/ABCDE001-S"


@pytest.mark.parametrize(("longer", "begins"), [(0, "Вы старший по дому "), (1, "Чат дома ")])
def test_an_sms_of_a_long_title_names_the_house_alone(longer: int, begins: str) -> None:
    """25 characters of a title fill the SMS to its last one."""
    one = house(name="Т" * (25 + longer))

    text = text_message([one], public_url=PUBLIC_URL)

    assert text.startswith(f"{begins}{one.title}")
    assert text.endswith(" dom.example/j/ABCDE001-S")
    assert len(text) == (60 if longer else SMS_LENGTH)


def test_an_sms_about_several_houses_names_all_that_are_open() -> None:
    houses = [house(1), house(2, state=ChatState.REFUSED, link=""), house(3)]

    text = text_message(houses, public_url=PUBLIC_URL)

    assert text == (
        "Вы старший по домам, их чаты: ул. Садовая, д. 1 dom.example/j/ABCDE001-S; "
        "ул. Садовая, д. 3 dom.example/j/ABCDE003-S"
    )


@pytest.mark.parametrize(("kind", "street", "number", "block"), TYPICAL)
def test_a_usual_title_fits_into_one_sms(kind: str, street: str, number: str, block: str) -> None:
    text = sms(Address(street_type=kind, street=street, house=number, block=block))

    assert len(text.encode("utf-16-le")) <= 2 * SMS_LENGTH


def _rows(name: str, column: str) -> list[str]:
    with (SHARED / name).open(encoding="utf-8-sig", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


@pytest.mark.skipif(not SHARED.is_dir(), reason="shared data is absent")
@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(lambda: _rows("houses-arkhangelsk-2016.csv", "ADDRESS"), id="Архангельск"),
        pytest.param(lambda: _rows("houses-saratov-2015.csv", "adress"), id="Саратов"),
        pytest.param(
            lambda: _rows("houses-chelyabinsk-fias-entrances.csv", "address"), id="Челябинск"
        ),
    ],
)
def test_of_a_towns_houses_19_in_20_fit_into_one_sms(texts: Callable[[], list[str]]) -> None:
    addresses = [address for text in texts() for address in [parse(text)[0]] if address]

    lengths = sorted(len(sms(address)) for address in addresses)

    assert lengths[int(len(lengths) * 0.95) - 1] <= SMS_LENGTH


def test_a_short_link_is_what_paper_and_messages_carry() -> None:
    assert short_link(PUBLIC_URL, "ABCDEF01") == "https://dom.example/j/ABCDEF01"


def test_three_states_are_final() -> None:
    final = {state for state in InstructionState if state.final}

    assert final == {
        InstructionState.SENT,
        InstructionState.UNDELIVERABLE,
        InstructionState.UNKNOWN,
    }
