"""Which system a command works on: the one that `make run` has up, or a stack in AWS."""

import json
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

RUNS = Path(__file__).resolve().parent.parent / ".run"

# How the system on this machine is called, and what lets everybody in there.
LOCAL_STACK = "housechats"
LOCAL_REGION = "eu-central-1"
LOCAL_KEY = "test"

CONFIGS = {
    # A function may work for 15 minutes, and what it has begun is not to be begun again.
    "lambda": Config(read_timeout=910, retries={"total_max_attempts": 1}),
}

DONE, FAILED, MISTAKEN = 0, 1, 2
"""Exit codes: all is done; it could not be done; the command itself is wrong."""


class OperatorError(Exception):
    """Why the command was not carried out, in a sentence for the operator."""


class CommandError(OperatorError):
    """The command itself is wrong, so nothing was tried."""


@dataclass(frozen=True)
class System:
    """A stack made from template.yaml, and how AWS is asked about it."""

    stack: str
    client: Callable[[str], Any]
    """Makes the client of a service, by its name."""

    def output(self, name: str) -> str:
        """Return one of the stack's Outputs."""
        try:
            described = self.client("cloudformation").describe_stacks(StackName=self.stack)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            raise OperatorError(f"Нет стека {self.stack}: проверьте STACK= и регион AWS.") from None
        outputs = {
            each["OutputKey"]: each["OutputValue"]
            for each in described["Stacks"][0].get("Outputs", [])
        }
        if name not in outputs:
            raise OperatorError(f"Стек {self.stack} устарел, в нём нет {name}: разверните заново.")
        return str(outputs[name])

    def invoke(self, output: str, payload: Mapping[str, Any]) -> Any:
        """Call the function whose name is an output of the stack; return what it answers."""
        function = self.output(output)
        answer = self.client("lambda").invoke(
            FunctionName=function, Payload=json.dumps(payload, ensure_ascii=False).encode()
        )
        said = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise OperatorError(
                f"{said.get('errorMessage', 'Причина неизвестна')}\n"
                f"Подробности в журнале функции {function}."
            )
        return said


def find_system(stack: str = "") -> System:
    """Return the stack in AWS of that name; without a name, what runs on this machine."""
    if stack:
        return System(stack, partial(_client, {}))
    up = [run for run in map(_read, sorted(RUNS.glob("*/stack.json"))) if _listens(run)]
    if not up:
        raise OperatorError(
            "На этой машине система не запущена. Запустите её (make run)"
            " или назовите развёрнутый стек: STACK=housechats."
        )
    if len(up) > 1:
        raise OperatorError(
            f"На этой машине запущено систем: {len(up)}. Оставьте одну: непонятно, о какой речь."
        )
    here = {
        "endpoint_url": up[0]["emulator_url"],
        "region_name": LOCAL_REGION,
        "aws_access_key_id": LOCAL_KEY,
        "aws_secret_access_key": LOCAL_KEY,
    }
    return System(LOCAL_STACK, partial(_client, here))


def carry_out(command: Callable[[], None]) -> int:
    """Run a command; tell the operator in one sentence what went wrong, return the exit code."""
    try:
        command()
    except CommandError as error:
        print(error, file=sys.stderr)
        return MISTAKEN
    except OperatorError as error:
        print(f"✗ {error}", file=sys.stderr)
        return FAILED
    except (BotoCoreError, ClientError) as error:
        print(f"✗ AWS не выполнил запрос: {error}", file=sys.stderr)
        return FAILED
    return DONE


def _client(where: dict[str, Any], service: str) -> Any:
    session: Any = boto3.session.Session()
    return session.client(service, config=CONFIGS.get(service), **where)


def _read(path: Path) -> dict[str, str]:
    read: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return read


def _listens(run: Mapping[str, str]) -> bool:
    """Tell whether it is up: a run that failed leaves its folder behind."""
    address = urlsplit(run["emulator_url"])
    with socket.socket() as caller:
        return caller.connect_ex((address.hostname or "", address.port or 0)) == 0
