"""An operator connects a community by one command; its token stands in no command line."""

import io
from functools import partial
from typing import Any

import pytest

from operate.connect_community import connect, main, read_tokens
from operate.system import DONE, FAILED, MISTAKEN, carry_out
from support.operated import FakeDeployment


def told(*, is_right: bool) -> Any:
    return {"lines": [{"is_right": is_right, "said": "Сообщество «Двор», vk.com/club1."}]}


def test_each_community_is_told_of_line_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    asked = []

    def function(event: Any) -> Any:
        asked.append(event["token"])
        return told(is_right=True)

    system = FakeDeployment({"ConnectFunction": function}).system

    assert carry_out(partial(connect, system, ["first", "second"])) == DONE
    assert asked == ["first", "second"]
    assert capsys.readouterr().out == "✓ Сообщество «Двор», vk.com/club1.\n" * 2


def test_what_is_missing_fails_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    system = FakeDeployment({"ConnectFunction": lambda _: told(is_right=False)}).system

    assert carry_out(partial(connect, system, ["first"])) == FAILED
    said = capsys.readouterr()
    assert said.out.startswith("✗ Сообщество")
    assert "повторите команду" in said.err


def test_a_token_comes_from_the_environment_or_line_by_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VK_TOKEN", " first ")
    from_environment = read_tokens()
    monkeypatch.delenv("VK_TOKEN")
    monkeypatch.setattr("sys.stdin", io.StringIO("second\n\nthird\n"))

    assert from_environment == ["first"]
    assert read_tokens() == ["second", "third"]


def test_a_command_without_a_token_is_explained(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("VK_TOKEN", raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    monkeypatch.setattr("operate.connect_community.find_system", lambda _: None)

    assert main([]) == MISTAKEN
    assert "make connect-community" in capsys.readouterr().err
