"""What a bench runs against: an emulated AWS with the real table, and the VK sandbox."""

import json
import shutil
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from housechats.adapters.communities import DynamoCommunities
from housechats.adapters.table import Table
from housechats.domain.communities import Community, CommunityState
from local.children import Children
from local.emulator import KEY, REGION, Emulator

ROOT = Path(__file__).resolve().parent.parent
LAMBDA_LIKE = ROOT / ".venv" / "emulator" / "bin" / "python"
"""The interpreter that the local bundles are compiled for: Lambda's, if the machine has it."""
RUNS = ROOT / ".run"
STACK_SECONDS = 60

# Invented: nothing here meets the real VK.
COMMUNITY = 240_000_001
TOKEN = "bench-token"
TOKENS_PREFIX = "bench/communities"
ID_KEY = "bench-key"


@dataclass(frozen=True)
class Surroundings:
    """Where things listen, and what the stack of data is called."""

    emulator: Emulator
    sandbox_url: str
    table: str
    lists_bucket: str
    posters_bucket: str
    broadcasts_bucket: str

    def queue(self, name: str) -> str:
        """Make a queue and return its address."""
        url: str = self.emulator.client("sqs").create_queue(QueueName=name)["QueueUrl"]
        return url

    def sandbox(self, path: str) -> Any:
        """Ask the VK sandbox what it saw."""
        with urllib.request.urlopen(self.sandbox_url + path, timeout=60) as answer:  # noqa: S310
            return json.load(answer)

    def settings(self) -> dict[str, str]:
        """Return the environment that a function of the template finds, as far as all share it."""
        return {
            "AWS_ENDPOINT_URL": self.emulator.url,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": KEY,
            "AWS_RETRY_MODE": "standard",
            "TABLE": self.table,
            "LISTS_BUCKET": self.lists_bucket,
            "POSTERS_BUCKET": self.posters_bucket,
            "BROADCASTS_BUCKET": self.broadcasts_bucket,
            "VK_API_URL": self.sandbox_url,
            "TOKENS_PREFIX": TOKENS_PREFIX,
            "ID_KEY": ID_KEY,
        }


@contextmanager
def surroundings(
    name: str, *, latency_ms: int = 0, people: Path | None = None, chats: int = 0
) -> Iterator[Surroundings]:
    """Start what a bench needs, `chats` of the community's among it; end it whatever happens."""
    if not LAMBDA_LIKE.exists():
        sys.exit("Сначала: make local-bundles")
    home = RUNS / f"bench-{name}"
    shutil.rmtree(home, ignore_errors=True)
    (home / "tmp").mkdir(parents=True)
    emulated, sandbox = _free_ports(2)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, home / "tmp", ignore_errors=True)
        children = stack.enter_context(Children(home))
        _start_emulator(children, home, emulated)
        options = ["--latency-ms", str(latency_ms), "--chats", str(chats)]
        options += ["--people", str(people)] if people else []
        _start_sandbox(children, sandbox, options)
        emulator = Emulator(emulated)
        data = _create_data(emulator)
        secret = emulator.client("secretsmanager").create_secret(
            Name=f"{TOKENS_PREFIX}/{COMMUNITY}", SecretString=TOKEN
        )
        table = Table(data["TableName"], emulator.client("dynamodb"))
        DynamoCommunities(table).connect(_connected(secret["VersionId"]), instead_of=None)
        yield Surroundings(
            emulator=emulator,
            sandbox_url=f"http://127.0.0.1:{sandbox}",
            table=data["TableName"],
            lists_bucket=data["ListsBucket"],
            posters_bucket=data["PostersBucket"],
            broadcasts_bucket=data["BroadcastsBucket"],
        )


def _connected(token_version: str) -> Community:
    return Community(
        id=COMMUNITY,
        name="Домовые чаты",
        oktmo="11",
        state=CommunityState.ACTIVE,
        connected_at=datetime(2026, 1, 1, tzinfo=UTC),
        connected_by="vk:1",
        token_version=token_version,
    )


def _start_emulator(children: Children, home: Path, port: int) -> None:
    """Start ministack from its own environment: its pins clash with everybody else's."""
    env = {
        "HOME": str(home),
        "TMPDIR": str(home / "tmp"),
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "LOG_LEVEL": "ERROR",
    }
    command = [str(LAMBDA_LIKE), "-m", "ministack"]
    children.start("emulator", command, env, ready=lambda: _listens(port))


def _start_sandbox(children: Children, port: int, options: list[str]) -> None:
    command = [
        *(sys.executable, "-m", "local.vk", "--port", str(port)),
        *("--community", f"{COMMUNITY}:{TOKEN}", *options),
    ]
    env = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"}
    children.start("sandbox", command, env, ready=lambda: _listens(port))


def _create_data(emulator: Emulator) -> dict[str, str]:
    """Create the stack of table, buckets and secrets; return its outputs."""
    stacks = emulator.client("cloudformation")
    stacks.create_stack(
        StackName="data",
        TemplateBody=(ROOT / "infra" / "data.yaml").read_text(encoding="utf-8"),
        Parameters=[{"ParameterKey": "Protected", "ParameterValue": "false"}],
    )
    deadline = time.monotonic() + STACK_SECONDS
    while time.monotonic() < deadline:
        stack = stacks.describe_stacks(StackName="data")["Stacks"][0]
        if stack["StackStatus"] == "CREATE_COMPLETE":
            return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        time.sleep(0.05)
    raise RuntimeError(f"infra/data.yaml: {stack['StackStatus']}")


def _free_ports(count: int) -> list[int]:
    """Choose free ports; all are held until all are chosen."""
    with ExitStack() as held:
        listeners = [held.enter_context(socket.socket()) for _ in range(count)]
        for listener in listeners:
            listener.bind(("127.0.0.1", 0))
        return [listener.getsockname()[1] for listener in listeners]


def _listens(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0
