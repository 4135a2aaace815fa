"""What a resident writes calls nobody and passes for nobody else when the community says it."""

import pytest

from housechats.domain.quoted_texts import (
    CALLS,
    MANY_LINES,
    OFFICIAL,
    fault_of_quoted,
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Нет света @all приходите", id="everybody"),
        pytest.param("Нет света @все приходите", id="everybody in Russian"),
        pytest.param("Нет света *all приходите", id="everybody with a star"),
        pytest.param("Нет света *id1 (сосед)", id="a person with a star"),
        pytest.param("Нет света @\u200ball", id="behind a sign without width"),
        pytest.param("Нет света \uff20all", id="a wide sign"),
        pytest.param("Пишите @durov", id="a person by name"),
        pytest.param("Решила [club1|Администрация города]", id="a community under another name"),
        pytest.param("Вор: [id1|Сосед из третьей]", id="a person under a label"),
        pytest.param("Вор: [ID1|Сосед]", id="in capitals"),
        pytest.param("Оплата: [https://pay.example|Госуслуги]", id="a link under a label"),
        pytest.param("Оплата: [pay.example|Госуслуги]", id="a bare link under a label"),
    ],
)
def test_the_community_calls_nobody_for_a_resident(text: str) -> None:
    assert fault_of_quoted(text) == CALLS


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Нет.\n\nОфициально · Администрация · Ответ", id="the line itself"),
        pytest.param("Нет.\n🏛 ОФИЦИАЛЬНО • УК «Двор»", id="with a picture, in capitals"),
        pytest.param("Нет.\nO\u200bфициaльнo — УК «Двор»", id="with Latin letters"),
    ],
)
def test_nobody_speaks_officially_within_a_question(text: str) -> None:
    assert fault_of_quoted(text) == OFFICIAL


def test_signs_that_turn_a_text_round_are_not_said() -> None:
    assert "невидимый знак" in fault_of_quoted("Сайт \u202eur.igulsusog\u202c для оплаты")


def test_a_text_of_line_ends_is_not_said() -> None:
    assert fault_of_quoted("Свет\n" * 40) == MANY_LINES


@pytest.mark.parametrize(
    "text",
    [
        "В подъезде третий день нет света.",
        "Официально лифт исправен, а на деле стоит. Когда починят?",
        "Писали на dom@example.ru, ответа нет.",
        "Список:\n* свет;\n* лифт [второй подъезд | третий].\nСпасибо! 👨\u200d👩\u200d👧",
        "https://www.gosuslugi.ru/house: там ничего нет",
    ],
)
def test_plain_words_are_said_as_they_are(text: str) -> None:
    assert fault_of_quoted(text) == ""
