"""A command works on the one system that is up on this machine, or on the stack it is given."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from operate.system import FAILED, LOCAL_STACK, OperatorError, carry_out, find_system
from support.operated import FakeDeployment


@pytest.fixture(autouse=True)
def _runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("operate.system.RUNS", tmp_path)


@contextmanager
def run(runs: Path, name: str) -> Iterator[str]:
    """Have a system listen, with its addresses written down; yield where."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        (runs / name).mkdir()
        (runs / name / "stack.json").write_text(json.dumps({"emulator_url": url}))
        yield url


def test_the_system_that_is_up_is_found(tmp_path: Path) -> None:
    with run(tmp_path, "8080") as url:
        system = find_system()

    assert system.stack == LOCAL_STACK
    assert system.client("sqs").meta.endpoint_url == url


def test_what_a_failed_run_left_behind_is_no_system(tmp_path: Path) -> None:
    with run(tmp_path, "8080"):
        pass

    with pytest.raises(OperatorError, match="не запущена"):
        find_system()


def test_of_two_systems_none_is_guessed(tmp_path: Path) -> None:
    with (
        run(tmp_path, "8080"),
        run(tmp_path, "8081"),
        pytest.raises(OperatorError, match="запущено систем: 2"),
    ):
        find_system()


def test_a_stack_is_asked_for_in_aws_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")

    with run(tmp_path, "8080"):
        system = find_system("prod")

    assert system.stack == "prod"
    assert system.client("sqs").meta.endpoint_url.endswith("amazonaws.com")


def test_a_stack_that_is_not_there_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    deployed = FakeDeployment()
    system = find_system("other")

    def ask() -> None:
        type(system)("other", deployed.client).output("ApiId")

    assert carry_out(ask) == FAILED
    assert capsys.readouterr().err == "✗ Нет стека other: проверьте STACK= и регион AWS.\n"


def test_a_stack_without_the_output_is_to_be_deployed_anew() -> None:
    with pytest.raises(OperatorError, match="разверните заново"):
        FakeDeployment().system.output("ApiId")
