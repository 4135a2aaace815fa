"""The first administrator of a territory is made by one command."""

from functools import partial
from typing import Any

import pytest

from operate.admin import appoint, main
from operate.system import FAILED, MISTAKEN, carry_out
from support.operated import FakeDeployment


def test_whoever_is_appointed_is_told_where(capsys: pytest.CaptureFixture[str]) -> None:
    asked = []

    def function(event: Any) -> Any:
        asked.append(event)
        return {**event, "role": "administrator"}

    appoint(FakeDeployment({"AppointFunction": function}).system, "7", "11701000")

    assert asked == [{"vk_id": 7, "territory": "11701000"}]
    said = "Готово: vk.com/id7 — администратор, территория 11701000.\n"
    assert capsys.readouterr().out == said


def test_what_the_function_refuses_is_told_in_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    def function(_: Any) -> Any:
        raise ValueError("ОКТМО: 2 или 3 цифры региона")

    system = FakeDeployment({"AppointFunction": function}).system

    assert carry_out(partial(appoint, system, "7", "1170")) == FAILED
    assert "ОКТМО: 2 или 3 цифры региона" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("vk_id", "territory"),
    [
        pytest.param("", "11701000", id="nobody"),
        pytest.param("id7", "11701000", id="no number"),
        pytest.param("0", "11701000", id="nobody's number"),
        pytest.param("7", "", id="nowhere"),
        pytest.param("7", "Архангельск", id="no code"),
    ],
)
def test_a_command_that_cannot_be_right_is_explained(
    vk_id: str, territory: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["--vk-id", vk_id, "--territory", territory])

    assert code == MISTAKEN
    assert "make admin VK_ID=" in capsys.readouterr().err
