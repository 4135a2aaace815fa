"""One command: the whole system up, a list of houses in, and what became of it."""

import contextlib
import json
import os
import signal
import sys
import threading
import time
from argparse import Namespace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.addresses import ApiError, Stack
from local.ask import show_how_to_ask
from local.broadcast import announce
from local.cast import CAST, appoint
from local.children import StartError
from local.command import SAMPLE, SAMPLE_OKTMO, mistake, read_command
from local.deploy import DeployError
from local.emulator import Emulator
from local.fetched import fetch_posters, fetch_result
from local.stack import running, write_down
from local.summary import show_done, show_rejected, summarize
from local.terminal import Terminal
from local.watch import GOOD, TO_MEND, StandstillError, follow, shortcomings

SHORTCOMINGS_SHOWN = 20


class IncompleteError(Exception):
    """A list whose rows, houses or elders are not all done."""


def main() -> int:
    given, sandbox_options = read_command(sys.argv[1:])
    wrong = mistake(given)
    if wrong:
        print(wrong, file=sys.stderr)
        return 2
    # All that is asked stands on this machine: no proxy of the house is in between.
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # A shell starts background jobs with SIGINT ignored: it is asked for by name.
        signal.signal(number, _end)
    terminal = Terminal()
    try:
        terminal.title("Домовые чаты на этой машине")
        with running(
            terminal,
            port=int(given.port),
            parameters=dict(pair.split("=", 1) for pair in given.parameter),
            sandbox_options=sandbox_options,
        ) as stack:
            return _work(given, terminal, stack)
    except (StartError, DeployError, ApiError, StandstillError, IncompleteError) as error:
        terminal.line(f"✗ {error}")
        return 1
    except (BotoCoreError, ClientError) as error:
        # Its own words may be a page of somebody in between.
        terminal.line(f"✗ Эмулятор AWS не ответил как должно ({type(error).__name__}).")
        return 1
    except KeyboardInterrupt:
        terminal.line("Остановлено, всё убрано.")
        return 0 if given.stay else 130


def _end(*_: object) -> None:
    """Unwind once: a second Ctrl-C must not interrupt the taking down."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        # Not print: the signal may have come in the middle of one.
        os.write(
            sys.stdout.fileno(),
            "\n  Останавливаю: жду функции и убираю за ними, секунд 15…\n".encode(),
        )
    raise KeyboardInterrupt


def _work(given: Namespace, terminal: Terminal, stack: Stack) -> int:
    """Appoint, upload, follow, sum up; return the exit code."""
    oktmo = given.oktmo or SAMPLE_OKTMO
    emulator = Emulator.at(stack.emulator_url)
    _appoint(emulator, stack, oktmo)
    terminal.step(f"Администратор назначен, территория {oktmo}")
    if not given.oktmo and given.list.resolve() != SAMPLE.resolve():
        terminal.line("  Территория — как у образца, Архангельск. Другая: OKTMO=<код>")
    _connect(terminal, stack, oktmo)
    _have_bot_told(emulator, terminal, stack)
    started = time.monotonic()
    _put_list(given, terminal, stack, oktmo)
    write_down(stack)
    terminal.title("Ход работы")
    batch = follow(stack, terminal, given.list.name)
    if batch["status"] == "refused":
        terminal.line(f"✗ Список не принят: {batch['reason']}")
        return 1
    summarize(terminal, stack, batch, took=time.monotonic() - started)
    show_rejected(terminal, stack, batch)
    if given.stay or any(batch["rows"].get(verdict) for verdict in TO_MEND):
        terminal.line(f"Таблица с решением по каждой строке: {fetch_result(stack, batch['id'])}")
    if not any(batch["rows"].get(verdict) for verdict in GOOD):
        terminal.line("✗ Ни одна строка не принята.")
        return 1
    lacking = shortcomings(stack, batch)
    _show_lacking(terminal, lacking)
    if not lacking:
        show_done(terminal, stack, batch)
    if given.broadcast:
        unsent = announce(stack, terminal, oktmo)
        _show_lacking(terminal, unsent)
        lacking += unsent
    if given.stay:
        appoint(stack, oktmo)
        _show_addresses(terminal, stack, batch["id"])
        show_how_to_ask(terminal, stack)
        terminal.line()
        terminal.line("Ctrl-C останавливает и убирает всё.")
        _wait_for_the_end(quietly=not lacking)
    if lacking:
        raise IncompleteError(f"Сделано не всё. Журналы функций: {stack.home}/functions.log")
    return 0


def _wait_for_the_end(*, quietly: bool) -> None:
    """Wait for Ctrl-C; it ends a run quietly only if nothing was lacking."""
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        if quietly:
            raise


def _show_lacking(terminal: Terminal, lacking: list[str]) -> None:
    for text in lacking[:SHORTCOMINGS_SHOWN]:
        terminal.line(f"✗ {text}")
    if len(lacking) > SHORTCOMINGS_SHOWN:
        terminal.line(f"… и ещё {len(lacking) - SHORTCOMINGS_SHOWN}")


def _put_list(given: Namespace, terminal: Terminal, stack: Stack, oktmo: str) -> None:
    """Do what a region does: set the town once, then put its list into the bucket."""
    if given.locality:
        said = stack.put(f"/territories/{oktmo}", {"locality": given.locality})
        terminal.step(f"Город для адресов без города: {said['locality']}")
    Emulator.at(stack.emulator_url).client("s3").put_object(
        Bucket=stack.lists_bucket,
        Key=f"lists/{oktmo}/{given.list.name}",
        Body=given.list.read_bytes(),
    )
    terminal.step(f"Список {given.list.name} положен в корзину")


def _appoint(emulator: Emulator, stack: Stack, oktmo: str) -> None:
    """Make the first administrator, as an operator does with `aws lambda invoke`."""
    whom = {"vk_id": stack.administrator, "territory": oktmo}
    said, failed = _invoke(emulator, stack.appoint_function, whom)
    if failed or "territory" not in said:
        raise DeployError(f"Администратор не назначен: {said}")


def _have_bot_told(emulator: Emulator, terminal: Terminal, stack: Stack) -> None:
    """Have the sandbox tell the bot of events, as an operator does: `make connect-community`."""
    for token in stack.tokens:
        said, failed = _invoke(emulator, stack.connect_function, {"token": token})
        if failed:
            raise DeployError(f"Бот не подключён: {said.get('errorMessage', said)}")
        wrong = [line["said"] for line in said["lines"] if not line["is_right"]]
        if wrong:
            raise DeployError(f"Бот не подключён: {' '.join(wrong)}")
    terminal.step("Бот подключён: песочница сообщает ему о событиях")


def _invoke(emulator: Emulator, function: str, payload: object) -> tuple[Any, bool]:
    """Return what a function answers, and whether it failed."""
    answer = emulator.client("lambda").invoke(FunctionName=function, Payload=json.dumps(payload))
    return json.load(answer["Payload"]), "FunctionError" in answer


def _connect(terminal: Terminal, stack: Stack, oktmo: str) -> None:
    """Connect the sandbox's communities, as the administrator does in the mini app."""
    for token in stack.tokens:
        said = stack.post("/communities", {"token": token, "oktmo": oktmo})
        terminal.step(f"Сообщество «{said['name']}» подключено ключом")


def _show_addresses(terminal: Terminal, stack: Stack, batch_id: str) -> None:
    terminal.title("Адреса")
    terminal.line(f"Песочница ВКонтакте:  {stack.sandbox_url}/")
    terminal.line(f"Все объявления, PDF:  {fetch_posters(stack, batch_id)}")
    terminal.line(f"API, попробовать:     {stack.public_url}/docs/")
    terminal.line(f"API:                  {stack.public_url}")
    terminal.line(f"  curl -H 'Authorization: {stack.authorization()}' {stack.public_url}/houses")
    terminal.line()
    terminal.line("Заголовок Authorization для каждой роли, действует сутки:")
    for person in CAST:
        terminal.line(f"  {person.told} (id{person.vk_id}):")
        terminal.line(f"  {stack.authorization(person.vk_id)}")


if __name__ == "__main__":
    sys.exit(main())
