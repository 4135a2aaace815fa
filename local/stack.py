"""The whole system on this machine: emulated AWS, VK sandbox, deployed templates, front door."""

import json
import secrets
import socket
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path

from local.addresses import Stack
from local.cast import ADMINISTRATOR, CAST, Person
from local.children import Children
from local.deploy import deploy_data, deploy_functions
from local.emulator import Emulator
from local.front import front_door
from local.ground import free_ports, run_folder
from local.journals import keep_journals
from local.launch import launch_header
from local.swagger import pages
from local.terminal import Terminal

ROOT = Path(__file__).resolve().parent.parent
BUNDLES = ROOT / ".build" / "local"
RUNS = ROOT / ".run"

# Invented numbers: nothing here meets the real VK.
COMMUNITIES = (240_000_001, 240_000_002)
"""Two, so that one sees a list's houses spread over them."""
APP = 52_000_001


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
    front, emulated, sandbox = free_ports(port)
    home = RUNS / str(front)
    emulator = Emulator(emulated)
    public_url, sandbox_url = f"http://127.0.0.1:{front}", f"http://127.0.0.1:{sandbox}"
    tokens = {number: secrets.token_hex(16) for number in COMMUNITIES}
    app_secret = secrets.token_urlsafe(15)
    with run_folder(home), Children(home) as children, ExitStack() as stack:
        emulator.start(children, home)
        stack.push(_keeping_journals(emulator, home))
        terminal.step("Эмулятор AWS запущен")
        _start_sandbox(
            children,
            home,
            sandbox,
            [
                *("--people", str(ROOT / "local" / "people.json")),
                *(f"--community={number}:{token}" for number, token in tokens.items()),
                *("--invite-base", f"{sandbox_url}/join/"),
                *("--sms-url", f"{emulator.url}/_ministack/sns/sms-messages"),
                *sandbox_options,
            ],
        )
        terminal.step("Песочница ВКонтакте запущена")
        data = deploy_data(emulator, ROOT / "infra" / "data.yaml")
        _put_secret(emulator, data["VkAppSecretArn"], app_secret)
        given = {
            "VkAppId": str(APP),
            "VkApiUrl": sandbox_url,
            "PublicUrl": public_url,
            **data,
            **(parameters or {}),
        }
        functions = deploy_functions(emulator, ROOT / "template.yaml", BUNDLES, given)
        terminal.step("Функции, очереди и API развёрнуты из template.yaml")

        def people() -> list[tuple[Person, str]]:
            return [(one, launch_header(APP, app_secret, one.vk_id)) for one in CAST]

        door = front_door(front, emulated, functions["ApiId"], pages(BUNDLES, people))
        stack.enter_context(door)
        yield Stack(
            public_url=public_url,
            sandbox_url=sandbox_url,
            emulator_url=emulator.url,
            lists_bucket=data["ListsBucket"],
            table=data["TableName"],
            appoint_function=functions["AppointFunction"],
            app_id=APP,
            app_secret=app_secret,
            administrator=ADMINISTRATOR.vk_id,
            home=str(home),
            tokens=tuple(tokens.values()),
            connect_function=functions["ConnectFunction"],
        )


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
