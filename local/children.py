"""Programs that live exactly as long as the stack: started in groups of their own, always ended."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

# A child asked to stop gets this long before it is killed.
GRACE_SECONDS = 5.0


class StartError(Exception):
    """A program that ended before it was ready, or was never ready."""


class Children:
    """Context manager over the programs of one stack."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "Children":
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._running:
            _tell(child, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self._running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.0, deadline - time.monotonic()))
            # The group outlives its leader if a grandchild does: it goes too.
            _tell(child, signal.SIGKILL)
            child.wait()

    def start(
        self,
        name: str,
        command: Sequence[str],
        env: Mapping[str, str],
        *,
        ready: Callable[[], bool],
        seconds: float = 60.0,
    ) -> None:
        """Start a program, its output to `<name>.log`, and wait until it is ready."""
        log = self._logs / f"{name}.log"
        with log.open("wb") as output:
            child = subprocess.Popen(
                command,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - started before any thread
            )
        self._running.append(child)
        deadline = time.monotonic() + seconds
        while not ready():
            if child.poll() is not None or time.monotonic() > deadline:
                tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
                raise StartError(f"{name} не запустилась. Последнее из {log}:\n{tail}")
            time.sleep(0.05)


def _end_with_parent() -> None:
    """Ask Linux to end the child even if its parent is killed outright."""
    set_parent_death_signal = 1  # PR_SET_PDEATHSIG of prctl(2)
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


def _tell(child: subprocess.Popen[bytes], what: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, what)
