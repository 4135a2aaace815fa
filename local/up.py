"""One command: the whole system up, a list of houses in, and what became of it."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from local.children import StartError
from local.deploy import DeployError
from local.stack import running, write_down
from local.terminal import Terminal


def main() -> int:
    given, sandbox_options = _arguments()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # A shell starts background jobs with SIGINT ignored: it is asked for by name.
        signal.signal(number, _end)
    terminal = Terminal()
    terminal.title("Домовые чаты на этой машине")
    try:
        with running(
            terminal,
            port=given.port,
            parameters=dict(pair.split("=", 1) for pair in given.parameter),
            sandbox_options=sandbox_options,
        ) as stack:
            write_down(stack)
            terminal.line(stack.public_url)
            if given.stay:
                threading.Event().wait()
    except (StartError, DeployError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        terminal.line("Всё остановлено.")
    return 0


def _arguments() -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(prog="local.up", description=__doc__)
    parser.add_argument("--list", type=Path, help="список домов: xlsx или csv")
    parser.add_argument("--oktmo", default="", help="ОКТМО списка, если в нём нет такой колонки")
    parser.add_argument("--stay", action="store_true", help="работать, пока не нажмут Ctrl-C")
    parser.add_argument("--port", type=int, default=0, help="порт, на котором всё видно")
    parser.add_argument(
        "--parameter", action="append", default=[], metavar="ИМЯ=ЗНАЧЕНИЕ", help="для template.yaml"
    )
    own, _, rest = " ".join(sys.argv[1:]).partition(" -- ")
    return parser.parse_args(own.split()), rest.split()


def _end(*_: object) -> None:
    """Unwind once: a second Ctrl-C must not interrupt the taking down."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
