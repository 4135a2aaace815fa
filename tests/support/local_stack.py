"""A local stack run as a person runs it: a program with output, addresses and an end."""

import json
import os
import signal
import socket
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any

from local.launch import launch_header
from support.cloudformation import ROOT

PYTHON = ROOT / ".venv" / "emulator" / "bin" / "python"
# A run of 200 houses takes about a minute; a machine shared with others may take several.
LONGEST = 900.0
REDIRECTED = 3


@dataclass
class Run:
    """One `local.up` that is running, or has ended."""

    program: "subprocess.Popen[str]"
    port: int
    output: list[str] = field(default_factory=list)

    def wait_for(self, text: str) -> None:
        """Read the output until it says something; the end without it is a failure."""
        assert self.program.stdout
        for line in self.program.stdout:
            self.output.append(line)
            if text in line:
                return
        raise AssertionError(f"never said {text!r}:\n" + "".join(self.output))

    @property
    def home(self) -> Path:
        return ROOT / ".run" / str(self.port)

    @cached_property
    def addresses(self) -> dict[str, Any]:
        """Where the stack listens: written down before the list goes in."""
        told: dict[str, Any] = json.loads((self.home / "stack.json").read_text(encoding="utf-8"))
        return told

    def ask(
        self, method: str, path: str, authorization: str | None = None, *, body: object = None
    ) -> tuple[int, Any]:
        """Ask the HTTP API as the administrator, or as told; redirects are not followed."""
        to = self.addresses
        header = launch_header(to["app_id"], to["app_secret"], to["administrator"])
        headers = {"Authorization": header if authorization is None else authorization}
        return fetch(method, to["public_url"] + path, headers, body)

    def sandbox(self, path: str) -> Any:
        return fetch("GET", f"{self.addresses['sandbox_url']}/sandbox/{path}", {})[1]

    def in_sandbox(self, action: str, **given: object) -> Any:
        """Do something in the sandbox as a person does, or have a fault strike it."""
        url = f"{self.addresses['sandbox_url']}/sandbox/{action}"
        status, answer = fetch("POST", url, {}, given)
        assert status == HTTPStatus.OK, answer
        return answer

    def processes(self) -> dict[int, str]:
        """Return the command lines of all programs that this run has started."""
        home = str(self.home)
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                environment = (folder / "environ").read_bytes().decode(errors="replace")
            except (OSError, UnicodeDecodeError):
                continue
            if home in command or home in environment:
                found[int(folder.name)] = command
        return found

    def interrupt(self) -> int:
        """Press Ctrl-C; return the exit code."""
        self.program.send_signal(signal.SIGINT)
        assert self.program.stdout
        self.output += list(self.program.stdout)
        return self.program.wait()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def fetch(method: str, url: str, headers: dict[str, str], given: object = None) -> tuple[int, Any]:
    """Return status and body: JSON read, a redirect as its Location, else bytes."""
    opener = urllib.request.build_opener(_Stay)
    data = None if given is None else json.dumps(given).encode()
    request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310 - loopback
    try:
        answer = opener.open(request, timeout=60)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        body = answer.read()
        if answer.status // 100 == REDIRECTED:
            return answer.status, answer.headers["Location"]
        if "json" in answer.headers.get("Content-Type", ""):
            return answer.status, json.loads(body)
        return answer.status, body


@contextmanager
def local_stack(temporary: Path, *options: str) -> Iterator[Run]:
    """Start a stack; end it with Ctrl-C if the test has not."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    program = subprocess.Popen(  # noqa: S603 - our own program
        [str(PYTHON), "-m", "local.up", "--port", str(port), *options],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary), "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    # Not a timed assertion: whatever hangs is ended, so that the tests come to an end.
    watchdog = threading.Timer(LONGEST, program.terminate)
    watchdog.start()
    run = Run(program, port)
    try:
        yield run
    finally:
        if program.poll() is None:
            run.interrupt()
        watchdog.cancel()
        assert program.stdout
        program.stdout.close()
