"""A person is forgotten by one command, which shows, asks and proves."""

import io
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from operate.forget import forget, main
from operate.system import DONE, FAILED, MISTAKEN, carry_out
from support.operated import FakeDeployment

PHONE = "+79000000000"


class Memory:
    """A system that knows one thing of the person."""

    def __init__(self, *, forgets: bool = True) -> None:
        self.found = [{"what": "Старший: Кто-то."}]
        self.asked: list[bool] = []
        self._forgets = forgets

    def __call__(self, event: Any) -> Any:
        assert (event["vk_id"], event["phone"]) == ("", PHONE)
        self.asked.append(event["erase"])
        if event["erase"] and self._forgets:
            self.found = []
        return {"found": self.found}


def run(memory: Memory, *, sure: bool = False) -> int:
    system = FakeDeployment({"ForgetFunction": memory}).system
    return carry_out(partial(forget, system, "", PHONE, sure=sure))


def test_what_is_known_is_shown_before_anything_is_erased(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    memory = Memory()
    monkeypatch.setattr("sys.stdin", io.StringIO("нет\n"))

    code = run(memory)

    said = capsys.readouterr()
    assert (code, memory.asked) == (FAILED, [False])
    assert "Старший: Кто-то." in said.out
    assert "Ничего не стёрто." in said.err


def test_who_agrees_is_told_that_the_second_search_found_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    memory = Memory()
    monkeypatch.setattr("sys.stdin", io.StringIO("да\n"))

    code = run(memory)

    assert (code, memory.asked) == (DONE, [False, True, False])
    assert "второй поиск ничего не нашёл" in capsys.readouterr().out


def test_whoever_is_sure_is_not_asked() -> None:
    assert run(Memory(), sure=True) == DONE


def test_what_could_not_be_erased_is_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    code = run(Memory(forgets=False), sure=True)

    assert code == FAILED
    assert "Стёрто не всё" in capsys.readouterr().err


def test_a_stranger_is_nothing_to_forget(capsys: pytest.CaptureFixture[str]) -> None:
    memory = Memory()
    memory.found = []

    code = run(memory)

    assert (code, memory.asked) == (DONE, [False])
    assert "ничего не известно" in capsys.readouterr().out


@pytest.mark.parametrize("phone", ["abc", "12", "+7 900 000-00", "8 900 000-00-00 доб. 5"])
def test_what_is_no_phone_is_told_so_before_anything_is_asked(
    phone: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--phone", phone]) == MISTAKEN
    assert "не телефон" in capsys.readouterr().err


def test_copies_that_runs_here_have_left_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "дома.xlsx"
    copy.touch()
    system = FakeDeployment({"ForgetFunction": Memory()}).system
    monkeypatch.setattr("operate.forget.RUNS", tmp_path)
    monkeypatch.setattr("operate.forget.find_system", lambda _: system)

    code = main(["--phone", PHONE, "--yes", "1"])

    assert code == DONE
    assert str(copy) in capsys.readouterr().out


@pytest.mark.parametrize(
    "given",
    [
        pytest.param([], id="nobody"),
        pytest.param(["--vk-id", "1", "--phone", PHONE], id="two people"),
        pytest.param(["--vk-id", "id1"], id="no number"),
    ],
)
def test_a_command_that_cannot_be_right_is_explained(
    given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(given) == MISTAKEN
    assert "make forget VK_ID=" in capsys.readouterr().err
