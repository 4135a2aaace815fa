"""A run on a chosen port starts over what an ended one left, never over a living one."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from local.children import StartError
from local.ground import free_ports, run_folder
from support.cloudformation import ROOT

# Holds a run's folder as a run does, and says so.
HOLD = """
import sys, time
from pathlib import Path
from local.ground import run_folder
with run_folder(Path(sys.argv[1])):
    (Path(sys.argv[1]) / "tmp").mkdir()
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def another_run(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """A run that holds the folder 18999 until it is ended."""
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", HOLD, str(tmp_path / "18999")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout
        assert program.stdout.readline() == "held\n"
        yield program
        program.kill()


def test_what_a_killed_run_left_is_cleared(
    tmp_path: Path, another_run: "subprocess.Popen[str]"
) -> None:
    another_run.send_signal(signal.SIGKILL)
    another_run.wait()
    (tmp_path / "18999" / "emulator.log").write_text("old")

    with run_folder(tmp_path / "18999"):
        left = list((tmp_path / "18999").iterdir())

    assert left == []
    assert not (tmp_path / "18999").exists()


def test_what_a_failed_run_left_to_be_read_is_cleared(tmp_path: Path) -> None:
    home = tmp_path / "18999"
    with suppress(StartError), run_folder(home):
        (home / "functions.log").write_text("why it failed")
        raise StartError
    kept = (home / "functions.log").exists()

    with run_folder(home):
        left = list(home.iterdir())

    assert kept
    assert left == []


@pytest.mark.usefixtures("another_run")
def test_a_living_run_keeps_its_folder(tmp_path: Path) -> None:
    home = tmp_path / "18999"

    with pytest.raises(StartError) as refused, run_folder(home):
        pass

    assert str(refused.value) == "Порт 18999 занят: укажите другой, PORT=…"
    assert (home / "tmp").is_dir()


def test_a_port_that_somebody_listens_on_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        with pytest.raises(StartError) as refused:
            free_ports(port)

    assert str(refused.value) == f"Порт {port} занят: укажите другой, PORT=…"
