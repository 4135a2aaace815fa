"""The whole system on this machine: emulated AWS, VK sandbox, deployed templates, front door."""

import fcntl
import http.client
import json
import os
import secrets
import shutil
import socket
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

from local.children import Children, StartError
from local.deploy import deploy_data, deploy_functions
from local.emulator import Emulator
from local.front import front_door
from local.journals import keep_journals
from local.launch import launch_header
from local.terminal import Terminal

ROOT = Path(__file__).resolve().parent.parent
BUNDLES = ROOT / ".build" / "local"
RUNS = ROOT / ".run"

# Invented numbers: nothing here meets the real VK.
COMMUNITY = 240_000_001
APP = 52_000_001
ADMINISTRATOR = 1

TAKEN = "Порт {} занят: укажите другой, PORT=…"


class ApiError(Exception):
    """An answer of the HTTP API or of the sandbox that is no success."""


class NoAnswerError(ApiError):
    """No answer in time, or none at all."""


@dataclass(frozen=True)
class Stack:
    """Where everything listens, and what it takes to be let in."""

    public_url: str
    sandbox_url: str
    emulator_url: str
    lists_bucket: str
    table: str
    appoint_function: str
    app_id: int
    app_secret: str
    administrator: int
    home: str

    def authorization(self) -> str:
        return launch_header(self.app_id, self.app_secret, self.administrator)

    def get(self, path: str) -> Any:
        """Ask the HTTP API as the administrator."""
        return self._ask("GET", path)

    def post(self, path: str) -> Any:
        return self._ask("POST", path)

    def _ask(self, method: str, path: str) -> Any:
        headers = {"Authorization": self.authorization()}
        request = urllib.request.Request(  # noqa: S310 - an address of this machine
            self.public_url + path, method=method, headers=headers
        )
        return _answer("API", request)

    def sandbox(self, path: str) -> Any:
        """Ask the VK sandbox what it saw."""
        return _answer("Песочница", urllib.request.Request(self.sandbox_url + path))  # noqa: S310


def _answer(who: str, request: urllib.request.Request) -> Any:
    """Return the JSON that was answered; say in one sentence why there is none."""
    asked = f"{request.get_method()} {urlsplit(request.full_url).path}"
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return json.loads(answer.read() or b"null")
    except HTTPError as error:
        why = _detail(error.read())
        raise ApiError(f"{who}: ошибка {error.code} на {asked}. {why}".rstrip()) from error
    except ValueError as error:
        raise ApiError(f"{who}: непонятный ответ на {asked}.") from error
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswerError(f"{who}: нет ответа на {asked}.") from error


def _detail(body: bytes) -> str:
    """Return the sentence of a problem; nothing if the body is a page of somebody else."""
    try:
        problem = json.loads(body)
    except ValueError:
        return ""
    return str(problem.get("detail", "")) if isinstance(problem, dict) else ""


@contextmanager
def running(
    terminal: Terminal,
    *,
    port: int = 0,
    parameters: Mapping[str, str] | None = None,
    sandbox_options: Sequence[str] = (),
) -> Iterator[Stack]:
    """Bring everything up; take everything down at the end, whatever happened.

    What it wrote stays in .run/<port> if it failed, to be read.
    """
    front, emulated, sandbox = _ports(port)
    home = RUNS / str(front)
    emulator = Emulator(emulated)
    public_url, sandbox_url = f"http://127.0.0.1:{front}", f"http://127.0.0.1:{sandbox}"
    token = secrets.token_hex(16)
    app_secret = secrets.token_urlsafe(15)
    with _folder(home), Children(home) as children, ExitStack() as stack:
        emulator.start(children, home)
        stack.push(_keeping_journals(emulator, home))
        terminal.step("Эмулятор AWS запущен")
        _start_sandbox(
            children,
            home,
            sandbox,
            [
                *("--people", str(ROOT / "local" / "people.json")),
                *("--community", f"{COMMUNITY}:{token}"),
                *("--invite-base", f"{sandbox_url}/join/"),
                *("--sms-url", f"{emulator.url}/_ministack/sns/sms-messages"),
                *sandbox_options,
            ],
        )
        terminal.step("Песочница ВКонтакте запущена")
        data = deploy_data(emulator, ROOT / "infra" / "data.yaml")
        _put_secret(emulator, data["VkSecretArn"], json.dumps({str(COMMUNITY): token}))
        _put_secret(emulator, data["VkAppSecretArn"], app_secret)
        given = {
            "CommunityId": str(COMMUNITY),
            "VkAppId": str(APP),
            "VkApiUrl": sandbox_url,
            "PublicUrl": public_url,
            **data,
            **(parameters or {}),
        }
        functions = deploy_functions(emulator, ROOT / "template.yaml", BUNDLES, given)
        terminal.step("Функции, очереди и API развёрнуты из template.yaml")
        stack.enter_context(front_door(front, emulated, functions["ApiId"]))
        yield Stack(
            public_url=public_url,
            sandbox_url=sandbox_url,
            emulator_url=emulator.url,
            lists_bucket=data["ListsBucket"],
            table=data["TableName"],
            appoint_function=functions["AppointFunction"],
            app_id=APP,
            app_secret=app_secret,
            administrator=ADMINISTRATOR,
            home=str(home),
        )


@contextmanager
def _folder(home: Path) -> Iterator[None]:
    """Hold all that the stack writes; after a failure leave the logs, else nothing.

    What an ended run left there goes: the lock of a living one is let go only with its process.
    """
    home.mkdir(parents=True, exist_ok=True)
    lock = os.open(home, os.O_RDONLY)
    try:
        _take(lock, home)
        yield from _held(home)
    finally:
        os.close(lock)


def _take(lock: int, home: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise StartError(TAKEN.format(home.name)) from error
    for left in home.iterdir():
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink()


def _held(home: Path) -> Iterator[None]:
    try:
        yield
    except Exception:
        shutil.rmtree(home / "tmp", ignore_errors=True)
        raise
    except BaseException:
        shutil.rmtree(home)
        raise
    shutil.rmtree(home)


def _keeping_journals(emulator: Emulator, home: Path) -> Callable[..., None]:
    """Return what saves the functions' journals on the way out of a failure."""

    def keep(kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and issubclass(kind, Exception):
            keep_journals(emulator, home / "functions.log")

    return keep


def write_down(stack: Stack) -> Path:
    """Leave the addresses of a running stack beside its logs, for other programs."""
    path = Path(stack.home) / "stack.json"
    path.write_text(json.dumps(asdict(stack), indent=1), encoding="utf-8")
    return path


def _ports(front: int) -> list[int]:
    """Choose three free ports, the first as given; all are held until all are chosen."""
    with ExitStack() as held:
        ports = []
        for wanted in (front, 0, 0):
            listener = held.enter_context(socket.socket())
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", wanted))
            except PermissionError as error:
                raise StartError(f"Порт {wanted} занять нельзя: укажите другой, PORT=…") from error
            except OSError as error:
                raise StartError(TAKEN.format(wanted)) from error
            ports.append(listener.getsockname()[1])
        return ports


def _start_sandbox(children: Children, home: Path, port: int, options: Sequence[str]) -> None:
    def is_ready() -> bool:
        with socket.socket() as caller:
            return caller.connect_ex(("127.0.0.1", port)) == 0

    command = [sys.executable, "-m", "local.vk", "--port", str(port), *options]
    env = {
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    children.start("sandbox", command, env, ready=is_ready)


def _put_secret(emulator: Emulator, secret: str, value: str) -> None:
    emulator.client("secretsmanager").put_secret_value(SecretId=secret, SecretString=value)
