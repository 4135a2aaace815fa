"""Numbers and times are written as Russians read them."""

import pytest

from local.terminal import counted, seconds


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 чатов"),
        (1, "1 чат"),
        (3, "3 чата"),
        (5, "5 чатов"),
        (11, "11 чатов"),
        (14, "14 чатов"),
        (21, "21 чат"),
        (112, "112 чатов"),
        (4546, "4\u00a0546 чатов"),
    ],
)
def test_a_number_agrees_with_its_noun(number: int, text: str) -> None:
    said = counted(number, "чат", "чата", "чатов")

    assert said == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0.94, "0,9 с"),
        (9.97, "10 с"),
        (59.4, "59 с"),
        (59.6, "1 мин 00 с"),
        (119.7, "2 мин 00 с"),
        (485, "8 мин 05 с"),
    ],
)
def test_a_duration_is_said_in_minutes_and_seconds(amount: float, text: str) -> None:
    said = seconds(amount)

    assert said == text
