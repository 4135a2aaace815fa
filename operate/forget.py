"""Forget a person everywhere: `make forget VK_ID=1` or `make forget PHONE=+79000000000`."""

import argparse
import re
import sys
from functools import partial
from typing import Any

from operate.system import RUNS, CommandError, OperatorError, System, carry_out, find_system

HOW = (
    "Кого забыть: make forget VK_ID=1 или make forget PHONE='+7 900 000-00-00' [STACK=housechats]\n"
    "Без YES=1 команда сначала покажет, что известно, и спросит."
)
NOT_A_PHONE = "Это не телефон: нужны 10 или 11 цифр, например PHONE='+7 900 000-00-00'."
COPIES = "Здесь остались таблицы прежних запусков, в них люди списка. Удалите их сами:"
OUT_OF_REACH = (
    "Не стирается: отправленные письма и СМС, номера страниц в журнале действий (без имён)."
    " Резервные копии таблицы хранятся 35 дней: docs/personal-data.md."
)
AGREED = {"да", "д", "yes", "y"}


def forget(system: System, vk_id: str, phone: str, *, sure: bool) -> None:
    """Show what is known, ask, erase, and prove it by a second search."""
    who = {"vk_id": vk_id, "phone": phone}
    found = system.invoke("ForgetFunction", {**who, "erase": False})["found"]
    if not found:
        print("Об этом человеке ничего не известно.")
        return
    print("Известно:")
    _print(found)
    print(OUT_OF_REACH)
    if not (sure or _agrees()):
        raise OperatorError("Ничего не стёрто.")
    left = system.invoke("ForgetFunction", {**who, "erase": True})["found"]
    left = left or system.invoke("ForgetFunction", {**who, "erase": False})["found"]
    if left:
        _print(left)
        raise OperatorError("Стёрто не всё, осталось то, что выше: повторите команду.")
    print("Готово: человек забыт, второй поиск ничего не нашёл.")


def _print(found: list[dict[str, Any]]) -> None:
    for one in found:
        print(f"  • {one['what']}")


def _agrees() -> bool:
    print("Забыть? [да/нет] ", end="", flush=True)
    return sys.stdin.readline().strip().lower() in AGREED


def _command(stack: str, vk_id: str, phone: str, *, sure: bool) -> None:
    if bool(vk_id) == bool(phone) or not re.fullmatch(r"([1-9][0-9]{0,18})?", vk_id):
        raise CommandError(HOW)
    if phone and not re.fullmatch(r"[78]?[0-9]{10}", re.sub(r"[\s()+.-]", "", phone)):
        raise CommandError(NOT_A_PHONE)
    forget(find_system(stack), vk_id, phone, sure=sure)
    if not stack:
        _tell_of_copies()


def _tell_of_copies() -> None:
    """Name what a run on this machine has written and no search sees: its lists with verdicts."""
    copies = sorted(RUNS.glob("*.xlsx"))
    if copies:
        print(COPIES)
    for copy in copies:
        print(f"  • {copy}")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make forget")
    parser.add_argument("--vk-id", default="")
    parser.add_argument("--phone", default="")
    parser.add_argument("--stack", default="")
    parser.add_argument("--yes", default="")
    given = parser.parse_args(arguments)
    sure = given.yes == "1"
    return carry_out(partial(_command, given.stack, given.vk_id, given.phone, sure=sure))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
