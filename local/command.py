"""What a person asked for on the command line, and what is wrong in it."""

import argparse
import re
from pathlib import Path

SAMPLE = Path(__file__).resolve().parent / "sample" / "houses.xlsx"
SAMPLE_OKTMO = "11701000"  # Архангельск: the sample's streets are invented, the city is not
LAST_PORT = 65_535


def read_command(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    border = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(
        prog="local.up",
        description="Вся система на этой машине: список домов — чаты, объявления, инструкции.",
        epilog="После -- идут настройки песочницы.",
    )
    parser.add_argument("--list", type=Path, default=SAMPLE, help="список домов: xlsx или csv")
    parser.add_argument("--oktmo", default="", help="ОКТМО территории списка")
    parser.add_argument("--locality", default="", help="город для адресов без города")
    parser.add_argument(
        "--broadcast", action="store_true", help="в конце — рассылка во все чаты списка"
    )
    parser.add_argument("--stay", action="store_true", help="работать, пока не нажмут Ctrl-C")
    parser.add_argument("--port", default="0", help="порт API; без него любой свободный")
    parser.add_argument(
        "--parameter", action="append", default=[], metavar="ИМЯ=ЗНАЧЕНИЕ", help="для template.yaml"
    )
    return parser.parse_args(arguments[:border]), arguments[border + 1 :]


def mistake(given: argparse.Namespace) -> str:
    """Say what in the command is wrong, before anything starts."""
    if not re.fullmatch(r"[0-9]{1,5}", given.port) or int(given.port) > LAST_PORT:
        return f"Порт — число от 1 до {LAST_PORT}, а не {given.port}: укажите другой, PORT=…"
    if not re.fullmatch(r"|[0-9]{2,3}|[0-9]{8}|[0-9]{11}", given.oktmo):
        return f"ОКТМО — 2, 3, 8 или 11 цифр, а не {given.oktmo}"
    if not given.list.is_file():
        return f"Нет такого файла: {given.list}"
    return ""
