"""What follows a broadcast in the same chats: corrections, recalls and closing messages."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from housechats.domain.broadcasts import (
    BEGINNING,
    NOT_OVER,
    RECALLABLE,
    Broadcast,
    BroadcastState,
    Deed,
    NotNowError,
    at_once,
    reopened,
)
from housechats.domain.receipts import ChunkReceipts

CORRECTABLE = timedelta(days=7)
"""How long after its end a message can be corrected. A correction goes out at once, at any hour and
without a second person: what is said later is no correction, and is looked at like any message."""
STOPPED_BY_RECALL = "Рассылку отозвали: остаток не отправлен."
NOT_STARTED = "Рассылка ещё не начиналась: её можно отменить."
NEVER_SENT = "Эта рассылка отменена: в чатах её нет."
NOWHERE = "Это сообщение не дошло ни до одного чата."
RECALLED = "Это сообщение уже отозвано."
NOTHING_TO_RETRY = "Повторять нечего: чатов, с которыми стоит попробовать ещё раз, нет."
A_RECALL = "Это отзыв: исправлять и отзывать в нём нечего."
TOO_OLD = "Всем сообщениям больше суток: ВКонтакте уже не удаляет их у всех. Отправьте исправление."
CORRECTED_TOO_LATE = (
    "Рассылка закончилась больше недели назад: исправлять её поздно, составьте новую рассылку."
)
ALREADY_CLOSED = "Сообщение о завершении уже есть: отмените его, исправьте или отзовите."
CLOSING_STAYS = "Сообщение о завершении остаётся: если оно не нужно, отмените или отзовите его."
FOLLOWER_AT_WORK = (
    "Прежнее исправление или отзыв этой рассылки ещё идёт: дождитесь конца или остановите его."
)


def root_id_of(one: Broadcast) -> str:
    """Return the id of the message that is corrected or recalled when `one` is."""
    return one.id if one.deed == Deed.MESSAGE else one.of


def require_correctable(root: Broadcast, *, now: datetime) -> None:
    """Raise NotNowError unless the messages of a broadcast can be corrected now.

    Of a correction too: then it is the message that decides, once it is looked up.
    """
    _require_over(root)
    ended_at = root.finished_at or root.started_at
    if ended_at and now - ended_at > CORRECTABLE:
        raise NotNowError(CORRECTED_TOO_LATE)


def require_closable(root: Broadcast) -> None:
    """Raise NotNowError unless it can be said now that what a broadcast told of is over.

    Whoever was never told is not told that, and nobody twice.
    """
    _require_over(root)
    if root.closed_by:
        raise NotNowError(ALREADY_CLOSED)


def require_recallable(root: Broadcast, *, now: datetime) -> None:
    """Raise NotNowError unless the messages of a broadcast can be taken back now.

    One that was stopped may have messages that are younger than its start: its receipts tell.
    """
    _require_begun(root)
    if root.finished_at and now - root.finished_at >= RECALLABLE:
        raise NotNowError(TOO_OLD)


def require_young(receipts: Iterable[ChunkReceipts], *, now: datetime) -> None:
    """Raise NotNowError if all messages of a broadcast are too old to be taken back."""
    sent_at = (one.finished_at or one.begun_at for one in receipts if one.cmids or one.begun_at)
    if not any(moment and now - moment < RECALLABLE for moment in sent_at):
        raise NotNowError(TOO_OLD)


def require_retriable(one: Broadcast) -> None:
    """Raise NotNowError unless chats that failed can be tried again now; their codes decide."""
    if not one.failed:
        raise NotNowError(NOTHING_TO_RETRY)
    reopened(one, failed=0, finished=one.finished, now=one.created_at)


def correction_of(
    root: Broadcast,
    *,
    follower_id: str,
    by: str,
    text: str,
    personal: bool,
    now: datetime,
) -> Broadcast:
    """Return a broadcast that puts another text into the messages of one, from now on."""
    new = _follower(root, follower_id, by=by, text=text, now=now)
    # What edits a message and does not name its file, takes it away.
    files = root.attachments
    return replace(
        at_once(new, now=now), deed=Deed.CORRECTION, personal=personal, attachments=files
    )


def recall_of(
    root: Broadcast, *, follower_id: str, by: str, reason: str, now: datetime
) -> Broadcast:
    """Return a broadcast that deletes the messages of one for all, from now on."""
    new = _follower(root, follower_id, by=by, text=root.beginning, now=now)
    return replace(
        at_once(new, now=now), deed=Deed.RECALL, sender_reason=reason, closed_by=root.closed_by
    )


def closing_of(
    root: Broadcast,
    *,
    follower_id: str,
    by: str,
    text: str,
    personal: bool,
    now: datetime,
) -> Broadcast:
    """Return a message to the chats that one reached; when it starts, is still to be said."""
    new = _follower(root, follower_id, by=by, text=text, now=now)
    return replace(new, deed=Deed.MESSAGE, personal=personal)


def _follower(root: Broadcast, follower_id: str, *, by: str, text: str, now: datetime) -> Broadcast:
    return Broadcast(
        id=follower_id,
        deed=Deed.MESSAGE,
        lane=root.lane,
        oktmo=root.oktmo,
        inn=root.inn,
        created_by=by,
        created_at=now,
        beginning=text[:BEGINNING],
        chats=root.chats,
        chunks=root.chunks,
        people=root.people,
        of=root.id,
        audience=root.audience or root.id,
    )


def notice_of(one: Broadcast) -> str:
    """Say what is worth knowing of a broadcast beside its state; empty when nothing is."""
    is_taken_back = one.recalled or one.deed == Deed.RECALL
    return CLOSING_STAYS if one.closed_by and is_taken_back else ""


def _require_over(root: Broadcast) -> None:
    _require_begun(root)
    if root.state not in {BroadcastState.DONE, BroadcastState.STOPPED}:
        raise NotNowError(NOT_OVER)


def _require_begun(root: Broadcast) -> None:
    if root.deed == Deed.RECALL:
        raise NotNowError(A_RECALL)
    if root.recalled:
        raise NotNowError(RECALLED)
    if root.state == BroadcastState.CANCELLED:
        raise NotNowError(NEVER_SENT)
    if root.started_at is None:
        raise NotNowError(NOT_STARTED)
    if root.state == BroadcastState.DONE and not root.sent:
        raise NotNowError(NOWHERE)
