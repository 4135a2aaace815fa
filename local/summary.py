"""What a run came to: rows, chats, posters, instructions, and what they cost."""

import json
from collections import Counter
from typing import Any

from local.emulator import Emulator
from local.journals import journal_lines
from local.stack import Stack
from local.terminal import Terminal, counted, seconds
from local.watch import GOOD, VERDICTS, Progress

FATES = {
    "vk": "ВКонтакте",
    "sms": "СМС",
    "undeliverable": "не доставлено",
    "unknown": "неизвестно, дошло ли",
    "waiting": "ждёт",
    "sending": "отправляется",
    "texting": "отправляется",
}
STATES = {
    "open": "открыто",
    "refused": "отказ ВКонтакте",
    "uncertain": "решают сотрудники",
    "waiting": "ждёт",
    "planned": "в очереди",
    "opening": "открывается",
    "made": "открывается",
}


def summarize(terminal: Terminal, stack: Stack, batch: Progress, *, took: float) -> None:
    terminal.title("Итог")
    rows = batch["rows"]
    terminal.line(f"Строки:      {sum(rows.values())}: {_told(rows, VERDICTS)}")
    terminal.line(f"Чаты:        {_told(batch['houses'], STATES)}")
    terminal.line(f"Объявления:  {batch['posters']}")
    terminal.line(f"Инструкции:  {_told(batch['instructions'], FATES)}")
    journal = stack.sandbox("/sandbox/journal")
    good = max(1, sum(rows.get(verdict, 0) for verdict in GOOD))
    terminal.line(
        f"ВКонтакте:   {counted(journal['arrivals'], 'запрос', 'запроса', 'запросов')}"
        f" ({_each(journal['arrivals'], good)} на дом),"
        f" не больше {journal['busiest_second']} в секунду,"
        f" отказов «слишком часто»: {journal['errors'].get('6', 0)}"
    )
    spent = spending(stack)
    terminal.line(
        f"Таблица:     {spent['units_written']:.0f} единиц записи"
        f" ({_each(spent['units_written'], good)} на дом),"
        f" {spent['units_read']:.0f} чтения ({_each(spent['units_read'], good)} на дом)"
    )
    terminal.line(
        f"Очереди:     {counted(spent['queue_requests'], 'запрос', 'запроса', 'запросов')}"
    )
    terminal.line(f"Время:       {seconds(took)}")


def spending(stack: Stack) -> Counter[str]:
    """Add up what the workers wrote in their journals at the end of each invocation."""
    total: Counter[str] = Counter()
    for _, line in journal_lines(Emulator.at(stack.emulator_url)):
        total.update(_costs(line))
    return total


def _costs(line: str) -> dict[str, Any]:
    try:
        told = json.loads(line)
    except ValueError:
        return {}
    names = ("units_written", "units_read", "queue_requests", "vk_calls")
    return {name: told[name] for name in names if name in told}


def _told(counts: dict[str, int], words: dict[str, str]) -> str:
    parts = [f"{words[name]} {counts[name]}" for name in words if counts.get(name)]
    return ", ".join(parts) or "нет"


def _each(amount: float, houses: int) -> str:
    return f"{amount / houses:.1f}".replace(".", ",")
