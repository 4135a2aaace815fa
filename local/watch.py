"""Follow a list from the bucket to the last instruction, through the HTTP API only."""

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from local.addresses import NoAnswerError, Stack
from local.terminal import Terminal, about, counted

Progress = dict[str, Any]

POLL_SECONDS = 2.0
# Longer than any pause the system makes by itself (a visibility timeout and a minute's sweep).
STUCK_SECONDS = 600.0

STATUS = {
    "awaited": "жду файл",
    "reading": "читаю список",
    "enrolling": "проверяю строки",
    "opening": "открываю чаты",
    "done": "готово",
}
VERDICTS = {
    "accepted": "принято",
    "accepted_with_warnings": "принято с замечаниями",
    "rejected": "отклонено",
    "duplicate": "повторов",
    "skipped": "пропущено",
}
GOOD = ("accepted", "accepted_with_warnings")
TO_MEND = ("rejected", "accepted_with_warnings")


class StandstillError(Exception):
    """Nothing moved for so long that nothing will."""


def follow(stack: Stack, terminal: Terminal, name: str) -> Progress:
    """Show the progress of the list until all is done, refused, or stands still."""
    seen: tuple[Any, ...] = ()
    moved_at = time.monotonic()
    told_time = False
    while True:
        batch = _batch(stack, name)
        if batch is not None:
            if batch["status"] in {"done", "refused"}:
                return batch
            if not told_time and batch["rows"]:
                told_time = True
                good = sum(batch["rows"].get(verdict, 0) for verdict in GOOD)
                terminal.line(
                    f"{counted(good, 'дом', 'дома', 'домов')} — {about(batch['eta_seconds'])}: "
                    "ВКонтакте принимает 20 запросов в секунду от одного сообщества."
                )
            _show(terminal, batch)
            now = (batch["status"], batch["done"], batch["failed"], str(batch["houses"]))
            if now != seen:
                seen, moved_at = now, time.monotonic()
        if time.monotonic() - moved_at > STUCK_SECONDS:
            raise StandstillError(f"За {about(STUCK_SECONDS)} ничего не изменилось: {seen}")
        time.sleep(POLL_SECONDS)


def _batch(stack: Stack, name: str) -> Progress | None:
    try:
        items = stack.get("/batches")["items"]
        found = next((item for item in items if item["name"] == name), None)
        return found and stack.get(f"/batches/{found['id']}")
    except NoAnswerError:
        # A busy machine answers late: the next look will tell.
        return None


def _show(terminal: Terminal, batch: Progress) -> None:
    moved = batch["done"] + batch["failed"]
    total = max(batch["total"], moved, 1)
    text = STATUS[batch["status"]]
    if batch["status"] == "opening" or batch["houses"].get("open"):
        opened = counted(batch["houses"].get("open", 0), "чат", "чата", "чатов")
        drawn = counted(batch["posters"], "объявление", "объявления", "объявлений")
        told = sum(batch["instructions"].get(state, 0) for state in ("vk", "sms"))
        sent = counted(told, "инструкция", "инструкции", "инструкций")
        text = f"{opened}, {drawn}, {sent}; осталось {about(batch['eta_seconds'])}"
    terminal.progress(moved / total, text)


def shortcomings(stack: Stack, batch: Progress) -> list[str]:
    """Return in words whatever keeps the list from being complete; nothing when all is done.

    Complete: every row has a verdict, every house of a good row its chat and poster, every elder
    one instruction about all their houses or a recorded reason.
    """
    rows = list(listed(stack, f"/batches/{batch['id']}/rows"))
    instructions = list(listed(stack, f"/batches/{batch['id']}/instructions"))
    found = []
    verdicts = Counter(row["verdict"] for row in rows)
    if not rows or dict(verdicts) != batch["rows"] or not set(verdicts) <= set(VERDICTS):
        found.append(f"Не у каждой строки есть решение: {dict(verdicts)} и {batch['rows']}")
    found += [
        f"Строка {row['number']} отклонена без причины"
        for row in rows
        if row["verdict"] == "rejected" and not any(p["message"] for p in row["problems"])
    ]
    houses = {house["id"]: house for house in listed(stack, "/houses")}
    good = [row for row in rows if row["verdict"] in GOOD]
    for row in good:
        house = houses.get(row["house_id"])
        if house is None:
            found.append(f"Строка {row['number']}: дом не заведён")
        elif house["state"] != "open" or not house["has_poster"]:
            why = house["reason"] or f"чат: {house['state']}, объявление: {house['has_poster']}"
            found.append(f"Строка {row['number']}, {house['title']}: {why}")
    found += _untold(good, instructions)
    return found


def _untold(good: list[Progress], instructions: list[Progress]) -> Iterator[str]:
    """Name the houses whose elder was told nothing, or more than once, and nobody said why."""
    times_told = Counter(house for one in instructions for house in one["house_ids"])
    for row in good:
        without_elder = any(problem["code"] == "elder_missing" for problem in row["problems"])
        if times_told[row["house_id"]] != (0 if without_elder else 1):
            yield f"Строка {row['number']}: инструкций {times_told[row['house_id']]}"
    for one in instructions:
        if one["state"] != "sent" and not one["reason"]:
            yield f"Инструкция без причины: {one['state']}"


def listed(stack: Stack, path: str, **wanted: str) -> Iterator[Progress]:
    """Yield all that the API lists there, page after page."""
    query = {"limit": "100", **wanted}
    page = stack.get(f"{path}?{urlencode(query)}")
    yield from page["items"]
    while page["next_cursor"]:
        page = stack.get(f"{path}?{urlencode(query | {'cursor': page['next_cursor']})}")
        yield from page["items"]
