"""The command `make check-list FILE=…`: a person checks a list on their own machine."""

import argparse
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from create_chats.check_list import check_list, document
from create_chats.refusals import refused
from create_chats.told_list import told
from housechats.domain.territories import is_territory

CHECKED, WRONG_COMMAND, BROKEN = range(3)
"""A list that is refused is checked too: make would print an error of its own beside the reason."""
LONGEST = 25
"""Seconds of reading and checking: nobody waits longer than 30, and the answer takes its own."""
HOW = "make check-list FILE=дома.xlsx [LOCALITY='г. Город'] [OKTMO=11701000] [JSON=1]"


class _Arguments(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:  # noqa: ARG002 - its words are English
        _say(f"Команда не понята. Нужно так: {HOW}")
        raise SystemExit(WRONG_COMMAND)


def main(arguments: Sequence[str]) -> int:
    parser = _Arguments(add_help=False)
    for name in ("--file", "--locality", "--oktmo", "--json"):
        parser.add_argument(name, default="")
    asked = parser.parse_args(arguments)
    file = Path(asked.file)
    if not asked.file:
        _say(f"Укажите файл: {HOW}")
        return WRONG_COMMAND
    if asked.oktmo and not is_territory(asked.oktmo):
        _say("Код ОКТМО неверен: нужно 8 или 11 цифр, например OKTMO=11701000.")
        return WRONG_COMMAND
    if not file.is_file():
        _say(f"Файла «{file}» нет. Проверьте путь.")
        return WRONG_COMMAND
    try:
        with stopped_after(LONGEST):
            checked = check_list(file, oktmo=asked.oktmo, locality=asked.locality)
    except OSError:
        _say(f"Файл «{file}» не открывается. Проверьте, можно ли его читать.")
        return WRONG_COMMAND
    if asked.json not in {"", "0"}:
        sys.stdout.writelines(document(checked))
    else:
        sys.stdout.writelines(f"{line}\n" for line in told(checked, file.name))
    return CHECKED


@contextmanager
def stopped_after(seconds: float) -> Iterator[None]:
    """Refuse the list whose check takes longer."""

    def stop(*_: object) -> NoReturn:
        raise refused("list_too_slow")

    before = signal.signal(signal.SIGALRM, stop)
    # Again each second: what is raised while an object is given back is lost.
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # whoever reads us, `head` perhaps, has seen enough
        sys.stdout = None
    except Exception as error:  # noqa: BLE001 - people read a sentence, not a traceback
        _say(f"Проверка сломалась: это наша ошибка, не ваша ({type(error).__name__}).")
        sys.exit(BROKEN)
