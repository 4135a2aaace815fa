"""What a run came to: rows, chats, posters, instructions, and what they cost."""

import json
from collections import Counter
from itertools import islice
from typing import Any

from local.addresses import Stack
from local.emulator import Emulator
from local.journals import journal_lines
from local.terminal import Terminal, counted, seconds
from local.watch import GOOD, VERDICTS, Progress, listed

FATES = {
    "vk": "ВКонтакте",
    "sms": "СМС",
    "undeliverable": "не доставлено",
    "unknown": "неизвестно, дошло ли",
    "waiting": "ждёт",
    "sending": "отправляется",
    "texting": "отправляется",
}
TOLD = {
    "sent": "доставлено",
    "undeliverable": "не удалось",
    "unknown": "неизвестно",
    "waiting": "ждёт",
}
REJECTED_SHOWN = 15
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
        f"Таблица:     {_units(spent['units_written'])} записи"
        f" ({_each(spent['units_written'], good)} на дом),"
        f" {_units(spent['units_read'])} чтения ({_each(spent['units_read'], good)} на дом)"
    )
    terminal.line(
        f"Очереди:     {counted(spent['queue_requests'], 'запрос', 'запроса', 'запросов')}"
    )
    terminal.line(f"Время:       {seconds(took)}")
    terminal.line()


def show_rejected(terminal: Terminal, stack: Stack, batch: Progress) -> None:
    """Print what the list's author has to mend."""
    many = batch["rows"].get("rejected", 0)
    if not many:
        return
    terminal.line(f"Отклонено строк: {many} — исправьте их:")
    rows = listed(stack, f"/batches/{batch['id']}/rows", verdict="rejected")
    for row in islice(rows, REJECTED_SHOWN):
        why = " ".join(problem["message"] for problem in row["problems"] if problem["fatal"])
        terminal.line(f"  строка {row['number']}: {why}")
    if many > REJECTED_SHOWN:
        terminal.line(f"  … и ещё {many - REJECTED_SHOWN}")
    terminal.line()


def show_done(terminal: Terminal, stack: Stack, batch: Progress) -> None:
    """Print that all is done, and what became of the elders' instructions."""
    notes = list(listed(stack, f"/batches/{batch['id']}/instructions"))
    told = _told(Counter(note["state"] for note in notes), TOLD)
    elders = f"Старшим: {told}." if notes else "Старшие в списке не указаны."
    terminal.line(f"Всё сделано: у каждого дома чат и объявление. {elders}")
    reasons = Counter(note["reason"] for note in notes if note["state"] != "sent")
    for reason, times in reasons.most_common():
        terminal.line(f"  {reason}" + (f" (таких: {times})" if times > 1 else ""))


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


def _units(amount: float) -> str:
    return counted(round(amount), "единица", "единицы", "единиц")


def _each(amount: float, houses: int) -> str:
    return f"{amount / houses:.1f}".replace(".", ",")
