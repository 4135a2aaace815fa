"""What is worth a look before a message goes out is said, and nothing else is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.broadcast_texts import Occasion, header_of
from housechats.domain.broadcasts import BroadcastLane
from housechats.domain.cautions import cautions_of, has_mobile_phone, names_flat, speaks_of_debt
from housechats.domain.messages import LinkButton, Message

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)


def codes(
    text: str,
    lane: BroadcastLane = BroadcastLane.NEWS,
    *,
    until: datetime | None = None,
    buttons: tuple[LinkButton, ...] = (),
    occasion: Occasion = Occasion.NEWS,
) -> list[str]:
    message = Message(header_of("Администрация", occasion), text, until, buttons)
    return [one.code for one in cautions_of(message, lane, starts_at=NOW)]


@pytest.mark.parametrize("lane", [BroadcastLane.EMERGENCY, BroadcastLane.PLANNED])
def test_who_is_without_water_is_told_until_when(lane: BroadcastLane) -> None:
    assert codes("Воды нет.", lane) == ["no_until"]
    assert codes("Воды нет.", lane, until=LATER) == []
    assert codes("Вода есть.", lane, occasion=Occasion.CLOSING) == []


def test_news_need_no_end() -> None:
    assert codes("Во дворе откроют каток.") == []


@pytest.mark.parametrize("lane", BroadcastLane)
def test_an_end_that_is_over_before_the_message_goes_out_is_told(lane: BroadcastLane) -> None:
    assert codes("Воды нет.", lane, until=NOW) == ["until_past"]
    assert codes("Воды нет.", lane, until=NOW + timedelta(minutes=1)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Просим жильцов кв. 15 погасить задолженность.",
        "Квартира № 7: долг 15 000 руб.",
        "Должники: кв.3, кв.12",
        "долги у квартир 3, 7 и 19",
        "В кв 101 не оплачено отопление",
        "Не оплатили: КВ. 4",
        "Жильцам квартиры номер 8 начислены пени.",
        "кв. № 21 — неуплата за 3 кв. 2026 года",
        "Собственник кв-ры 5 не платит с мая, долг растёт",
        "Собственник кв. 5 не платит с мая",
        "Квартиранты из квартиры 12, вернуть долги!",
    ],
)
def test_a_flat_and_a_debt_in_one_text_are_told(text: str) -> None:
    assert codes(text) == ["flat_and_debt"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Протечка в кв. 15, доступ открыт.", id="a flat alone"),
        pytest.param("Погасите задолженность до 10 декабря.", id="a debt alone"),
        pytest.param("Задолженность дома — 120 руб. за 1 кв. м", id="a square metre"),
        pytest.param("Долг дома за 3 кв. 2026 года", id="a quarter of the year"),
        pytest.param("Долги дома за III квартал 2026", id="a quarter in Roman numerals"),
        pytest.param("Долг дома: 60 кв.м × 15 руб.", id="metres without a blank"),
        pytest.param("В кв. 15 долго не было света", id="long is not a debt"),
        pytest.param("Жильцы кв. 15 должны быть дома с 10 до 12", id="must is not a debt"),
        pytest.param("Ждали долгожданный лифт в кв. 5", id="long awaited"),
        pytest.param("кв. 5: надолго отключили", id="for long"),
        pytest.param("Участковый по долгу службы обойдёт кв. 5", id="on duty"),
        pytest.param("ул. Долгоруковская, кв. 8", id="a street"),
        pytest.param("г. Долгопрудный, кв. 8", id="a town"),
        pytest.param("Квартал 5: задолженность за вывоз снега", id="a quarter of the town"),
        pytest.param("Кв-л 12, задолженность подрядчика", id="such a quarter, shortened"),
        pytest.param("Не платите тем, кто звонит из кв. 5", id="advice not to pay"),
        pytest.param("Не оплачивайте ключи в кв. 5", id="such advice again"),
        pytest.param("Доступ в квартиры 1–40; о долгах — в приёмной", id="all flats"),
        pytest.param("Пенсионерам кв. 5 и пенал в подарок", id="words that begin alike"),
        pytest.param("В доме 60 квартир, задолженности нет", id="how many flats"),
    ],
)
def test_a_flat_without_a_debt_is_nobodys_business_to_warn_of(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    "number",
    [
        "+7 900 000-00-00",
        "+79000000000",
        "89000000000",
        "8 900 000 00 00",
        "8(900)000-00-00",
        "8 (900) 000-00-00",
        "8-900-000-00-00",
        "7 900 0000000",
        "+7\xa0900\xa0000–00–00",
        "(900) 000-00-00",
        "900 000-00-00",
        "8.900.000.00.00",
        "+7 (999) 12-345-67",
    ],
)
def test_a_mobile_number_is_told(number: str) -> None:
    for text in (f"Звоните {number}.", f"Тел.:{number}, Пётр", number, f"({number})"):
        assert codes(text) == ["private_phone"], text


@pytest.mark.parametrize(
    "text",
    [
        "Звоните 112.",
        "Аварийная служба: 8-800-100-00-00",
        "8 (800) 100-00-00",
        "8 (8182) 20-00-00, 20-00-01",
        "+7 495 000-00-00",
        "8 499 000-00-00",
        "тел. 20-00-00",
        "005 или 051",
        "Лицевой счёт 89000000000",
        "ИНН 9161234567",
        "ОКТМО 89701000001",
        "счет № 79000000000",
        "Собрано 79 500 000 000 рублей",
        "8 950 000 000 рублей на ремонт",
        "с 8 до 9, дома 900, 000",
        "Дома 8, 900, 12",
        "22.11.2026 09:00–18:00",
        "https://vk.com/wall-89000000000_1",
        "https://mos.ru/?id=89000000000",
        "40702810900000000001",
        "2026-11-22 9:00",
    ],
)
def test_a_number_of_a_service_is_left_alone(text: str) -> None:
    assert codes(text) == []


def test_a_number_in_a_button_is_told_too() -> None:
    called = LinkButton("Написать", "https://wa.me/79000000000")
    labelled = LinkButton("8 900 000-00-00", "https://vk.com/housechats")

    assert codes("Вопросы — по кнопке.", buttons=(called,)) == ["private_phone"]
    assert codes("Вопросы — по кнопке.", buttons=(labelled,)) == ["private_phone"]


def test_a_link_that_only_looks_like_a_known_one_is_named() -> None:
    message = Message(
        header="",
        text="Передайте показания на gosuslugl.ru",
        buttons=(
            LinkButton("Передать", "https://vk-login.ru/"),
            LinkButton("Ещё", "https://vk.com"),
        ),
    )

    (caution,) = cautions_of(message, BroadcastLane.NEWS, starts_at=NOW)

    assert caution.code == "lookalike_link"
    assert "gosuslugl.ru, vk-login.ru." in caution.message


@given(st.integers(10**8, 10**9 - 1), st.sampled_from(["+7", "8", "7"]))
def test_every_mobile_number_is_told_and_no_number_of_a_city(number: int, code: str) -> None:
    digits = str(number)

    assert has_mobile_phone(f"{code} 9{digits}")
    assert has_mobile_phone(f"{code} (9{digits[:2]}) {digits[2:5]}-{digits[5:7]}-{digits[7:]}")
    assert not has_mobile_phone(f"{code} (4{digits[:2]}) {digits[2:5]}-{digits[5:7]}-{digits[7:]}")
    assert not has_mobile_phone(f"8-800-{digits[:3]}-{digits[3:5]}-{digits[5:7]}")


@given(st.text(max_size=200))
def test_no_text_is_too_odd_to_be_looked_at(text: str) -> None:
    names_flat(text)
    speaks_of_debt(text)
    has_mobile_phone(text)
