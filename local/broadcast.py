"""The end of a run: a message to all chats of the list, and what became of it in each."""

import time
from datetime import UTC, datetime
from typing import Any

from local.addresses import NoAnswerError, Stack
from local.terminal import Terminal, about, counted, seconds
from local.watch import StandstillError, listed

TEXT = "Проверка оповещения: делать ничего не нужно. Так в домовом чате выглядит срочное сообщение."
REASON = "Проверка оповещения на этой машине"
POLL_SECONDS = 0.5
# Longer than any wait that the system makes by itself: a dead worker's lease, a look of the sweep.
STUCK_SECONDS = 300.0
RECEIPTS_SHOWN = 5

Answer = dict[str, Any]


def announce(stack: Stack, terminal: Terminal, oktmo: str) -> list[str]:
    """Broadcast to all chats as a duty officer does; return in words whatever did not arrive.

    In the emergency lane: it goes out whatever the hour.
    """
    terminal.title("Рассылка во все чаты")
    wish = {"parts": [{"kind": "all"}], "lane": "emergency", "text": TEXT, "oktmo": oktmo}
    preview = _preview(stack, wish)
    _show_preview(terminal, preview)
    began = time.monotonic()
    confirmed = {"token": preview["token"]}
    if preview["reason_needed"]:
        confirmed["reason"] = REASON
    broadcast = _follow(stack, terminal, stack.post("/broadcasts", confirmed)["id"])
    took = time.monotonic() - began
    receipts = [
        one
        for one in listed(stack, f"/broadcasts/{broadcast['id']}/receipts")
        if one["status"] != "left_out"
    ]
    _show_receipts(terminal, broadcast, receipts, took=took)
    return unsent(preview, broadcast, receipts)


def _preview(stack: Stack, wish: Answer) -> Answer:
    """Have it looked at who gets the message; of very many chats that takes a while."""
    card = stack.post("/broadcasts/previews", wish)
    while card["preview"] is None:
        time.sleep(card["poll_after_ms"] / 1000)
        card = stack.get(f"/broadcasts/previews/{card['id']}")
    preview: Answer = card["preview"]
    return preview


def _show_preview(terminal: Terminal, preview: Answer) -> None:
    chats = counted(preview["chats"], "чат", "чата", "чатов")
    people = counted(preview["people"] or 0, "житель", "жителя", "жителей")
    known = people if preview["people"] is not None else "жителей ещё не считали"
    finish = datetime.fromisoformat(preview["finish_at"]) - datetime.now(UTC)
    terminal.line(f"Получат: {chats} ({known}), последний — через {_left(finish.total_seconds())}.")
    if left_out := sum(preview["left_out"].values()):
        terminal.line(f"Чата нет, поэтому сообщения не будет: домов {left_out}.")
    terminal.line("Как это увидят в чате:")
    for line in preview["samples"][0]["text"].splitlines():
        terminal.line(f"  │ {line}")


def _left(amount: float) -> str:
    return seconds(max(amount, 0)) if amount < 60 else about(amount).removeprefix("около ")  # noqa: PLR2004


def _follow(stack: Stack, terminal: Terminal, broadcast_id: str) -> Answer:
    """Show how it goes until it is over or stands still."""
    seen, moved_at = -1, time.monotonic()
    while True:
        one = _broadcast(stack, broadcast_id)
        if one is not None:
            if one["state"] in {"done", "stopped", "cancelled"}:
                return one
            known = one["done"] + one["failed"]
            why = one["waits_because"] or f"осталось {_left(one['eta_seconds'])}"
            terminal.progress(known / max(one["total"], 1), f"{known} из {one['total']}; {why}")
            if known != seen:
                seen, moved_at = known, time.monotonic()
        if time.monotonic() - moved_at > STUCK_SECONDS:
            raise StandstillError(f"За {about(STUCK_SECONDS)} рассылка не продвинулась.")
        time.sleep(POLL_SECONDS)


def _broadcast(stack: Stack, broadcast_id: str) -> Answer | None:
    try:
        found: Answer = stack.get(f"/broadcasts/{broadcast_id}")
    except NoAnswerError:
        # A busy machine answers late: the next look will tell.
        return None
    return found


def _show_receipts(
    terminal: Terminal, broadcast: Answer, receipts: list[Answer], *, took: float
) -> None:
    terminal.line(
        f"Отправлено: {broadcast['done']} из {broadcast['total']} за {seconds(took)};"
        f" не удалось: {broadcast['failed']}, осталось: {broadcast['left']}."
    )
    terminal.line("Отметки о доставке:")
    sent = [one for one in receipts if one["status"] == "sent"]
    for one in sent[:RECEIPTS_SHOWN]:
        terminal.line(f"  {one['title']}: сообщение № {one['message']}")
    if len(sent) > RECEIPTS_SHOWN:
        terminal.line(f"  … и ещё {len(sent) - RECEIPTS_SHOWN}")


def unsent(preview: Answer, broadcast: Answer, receipts: list[Answer]) -> list[str]:
    """Say where the message is not: each chat of the preview is to have one, with its number."""
    missing = [
        f"{one['title']}: {one['reason'] or 'сообщение не отправлено'}"
        for one in receipts
        if one["status"] != "sent" or not one["message"]
    ]
    if broadcast["state"] != "done":
        missing.append(f"Рассылка не закончена: {broadcast['reason'] or broadcast['state']}")
    if len(receipts) < preview["chats"]:
        missing.append(f"Отметок {len(receipts)}, а чатов {preview['chats']}")
    return missing
