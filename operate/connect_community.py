"""Have VK tell the bot of a community's events: `make connect-community`, the token is asked for.

A token never stands in a command line: whoever lists the processes would read it.
"""

import argparse
import os
import sys
from collections.abc import Iterable
from functools import partial
from getpass import getpass

from operate.system import CommandError, OperatorError, System, carry_out, find_system

TOKEN = "VK_TOKEN"  # noqa: S105 - the name of a variable
HOW = (
    "Ключ сообщества вводится по запросу: make connect-community [STACK=housechats]\n"
    "Без вопросов: переменная VK_TOKEN или по одному ключу в строке на стандартный ввод."
)


def connect(system: System, tokens: Iterable[str]) -> None:
    """Connect communities one by one; those that are not quite right do not keep the others."""
    lacking = False
    for token in tokens:
        for line in system.invoke("ConnectFunction", {"token": token})["lines"]:
            print(f"{'✓' if line['is_right'] else '✗'} {line['said']}")
            lacking = lacking or not line["is_right"]
    if lacking:
        raise OperatorError("Сделано не всё: исправьте сказанное выше и повторите команду.")


def read_tokens() -> list[str]:
    """Return the tokens from the environment, or from whoever types or pipes them."""
    given = os.environ.get(TOKEN, "")
    if not given and sys.stdin.isatty():
        given = getpass("Ключ сообщества (не показывается): ")
    tokens = (given or sys.stdin.read()).split()
    if not tokens:
        raise CommandError(HOW)
    return tokens


def _command(stack: str) -> None:
    connect(find_system(stack), read_tokens())


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make connect-community")
    parser.add_argument("--stack", default="")
    given = parser.parse_args(arguments)
    return carry_out(partial(_command, given.stack))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
