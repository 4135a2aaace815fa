"""Make somebody the administrator of a territory: `make admin VK_ID=1 TERRITORY=11701000`."""

import argparse
import re
import sys
from functools import partial

from operate.system import CommandError, System, carry_out, find_system


def appoint(system: System, vk_id: str, territory: str) -> None:
    said = system.invoke("AppointFunction", {"vk_id": int(vk_id), "territory": territory})
    print(f"Готово: vk.com/id{said['vk_id']} — администратор, территория {said['territory']}.")


def _command(stack: str, vk_id: str, territory: str) -> None:
    if not re.fullmatch(r"[1-9][0-9]{0,18}", vk_id) or not re.fullmatch(r"[0-9]{2,11}", territory):
        raise CommandError(
            "Кого и где назначить: make admin VK_ID=1 TERRITORY=11701000 [STACK=housechats]\n"
            "VK_ID — номер страницы ВКонтакте, TERRITORY — ОКТМО региона или муниципалитета."
        )
    appoint(find_system(stack), vk_id, territory)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make admin")
    parser.add_argument("--vk-id", default="")
    parser.add_argument("--territory", default="")
    parser.add_argument("--stack", default="")
    given = parser.parse_args(arguments)
    return carry_out(partial(_command, given.stack, given.vk_id, given.territory))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
