"""Use cases: broadcasts among the long work, stopped and looked at like all of it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from housechats.domain.broadcast_jobs import halted
from housechats.domain.broadcasts import Broadcast, BroadcastState, unfollowed
from housechats.domain.errors import UnavailableError
from housechats.domain.failed_chats import reason_of
from housechats.domain.receipts import Fate, failure_of
from housechats.ports.broadcasts import Audience, Audiences, Broadcasts, Receipts
from jobs.failures import ItemKind, JobItem

SHOWN = timedelta(days=30)
"""How long after it was made a broadcast stands among the jobs, as they do."""
STOPPED_BY_HAND = "Остановлена вручную."
TRIES = 5
"""How often others may be faster before a person has to try again."""
_CURSOR = re.compile(r"c(\d{1,7})-(\d{1,3})", re.ASCII)


def halt(one: Broadcast, *, broadcasts: Broadcasts, now: datetime) -> Broadcast:
    """Take a broadcast back, or have its rest not sent.

    A start that is planned may still come: it finds nothing to start.
    """
    after = _changed(
        one,
        lambda there: halted(there, because=STOPPED_BY_HAND, now=now),
        broadcasts=broadcasts,
    )
    root = (
        broadcasts.get(after.of) if after.state == BroadcastState.CANCELLED and after.of else None
    )
    if root:
        # What says that another one is over keeps its rest from going out: now nothing does.
        _changed(root, lambda there: unfollowed(there, by=after.id), broadcasts=broadcasts)
    return after


def _changed(
    one: Broadcast, to: Callable[[Broadcast], Broadcast], *, broadcasts: Broadcasts
) -> Broadcast:
    """Keep what `to` makes of a broadcast; who was slower looks at it anew."""
    for _ in range(TRIES):
        after = to(one)
        if after == one or broadcasts.save(after):
            return after
        one = broadcasts.get(one.id) or one
    raise UnavailableError("others change this broadcast")


def failed_chats(
    one: Broadcast,
    audience: Audience,
    *,
    cursor: str,
    limit: int,
    audiences: Audiences,
    receipts: Receipts,
) -> tuple[list[JobItem], str]:
    """Return a page of the chats in which a broadcast failed, and the next cursor.

    LookupError for a cursor that is none of ours.
    """
    after, items = _place_of(cursor), list[JobItem]()
    last = after
    for chunk in receipts.of(one.id, first=after[0]):
        positions = [
            n
            for n in sorted(chunk.failures)
            if chunk.fate(n) == Fate.FAILED and (chunk.chunk, n) > after
        ]
        chats = audiences.chunk(audience, chunk.chunk) if positions else ()
        for position in positions:
            if len(items) == limit:
                return items, f"c{last[0]}-{last[1]}"
            chat, code = chats[position], chunk.failures[position]
            items.append(_item(chat.house_id, chat.title, code))
            last = chunk.chunk, position
    return items, ""


def _item(house_id: str, title: str, code: str) -> JobItem:
    failure = failure_of(code)
    return JobItem(
        id=house_id,
        kind=ItemKind.HOUSE,
        what=title,
        reason=f"{reason_of(code)} {failure.to_do}",
        retryable=failure.retriable and not failure.loses_chat,
    )


def _place_of(cursor: str) -> tuple[int, int]:
    """Return the chunk and the position that a cursor says."""
    said = _CURSOR.fullmatch(cursor)
    if said is None:
        if cursor:
            raise LookupError(cursor)
        return 0, -1
    return int(said[1]), int(said[2])
