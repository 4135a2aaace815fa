"""Chats in which a broadcast failed: why, and which of them may be tried again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from housechats.domain.houses import ChatState, House
from housechats.domain.random_ids import RANDOM_ID_REMEMBERED
from housechats.domain.receipts import UNCLEAR, ChunkReceipts, Recipient, failure_of

UNKNOWN = "unknown_"


def reason_of(code: str) -> str:
    """Return why a chat failed, with VK's number where that is all we know."""
    if code.startswith(UNKNOWN):
        return f"ВКонтакте ответил ошибкой {code.removeprefix(UNKNOWN)}, которой мы не знаем."
    return failure_of(code).said


def lost_in(receipts: ChunkReceipts) -> list[int]:
    """Return the positions of chats that were out of reach: whether they still are, houses tell."""
    return [n for n, code in receipts.failures.items() if failure_of(code).loses_chat]


def reopened(
    receipts: ChunkReceipts,
    chats: Sequence[Recipient],
    houses: Mapping[str, House],
    *,
    now: datetime,
) -> ChunkReceipts:
    """Return the receipts without the failures that may go another time; the same if none may.

    A chat that was lost may if it is its house's open chat again. `houses` are those of lost chats.
    Where nobody knows what was sent, it is looked for first: VK may know no repeat any more.
    """
    left = {
        n: code
        for n, code in receipts.failures.items()
        if not _may_go(code, chats[n] if failure_of(code).loses_chat else None, houses)
    }
    if left == receipts.failures:
        return receipts
    in_doubt = UNCLEAR in receipts.failures.values()
    begun_at = now - RANDOM_ID_REMEMBERED if in_doubt else None
    return replace(receipts, failures=left, begun_at=begun_at, finished_at=None)


def _may_go(code: str, lost: Recipient | None, houses: Mapping[str, House]) -> bool:
    if not failure_of(code).retriable:
        return False
    if lost is None:
        return True
    house = houses.get(lost.house_id)
    return house is not None and house.state == ChatState.OPEN and house.chat_id == lost.chat_id
