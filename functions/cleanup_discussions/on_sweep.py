"""Every quarter of an hour: discussions whose chats nobody empties go to the queue."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from cleanup_discussions.empty_room import hand_over_due
from housechats.adapters.discussions import DynamoDiscussions
from housechats.adapters.queues import SqsQueue
from housechats.adapters.table import Table
from housechats.runtime import settings
from housechats.runtime.log import Context, logger, with_request_id

AT_ONCE = 2000
"""Looked at in one sweep: a region's discussions of one evening."""


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    cleanups_queue_url: str


@cache
def wired() -> "partial[int]":
    """Open the doors, once per container."""
    env = Settings.from_env()
    return partial(
        hand_over_due,
        discussions=DynamoDiscussions(Table(env.table)),
        cleanings=SqsQueue(env.cleanups_queue_url),
        limit=AT_ONCE,
    )


@with_request_id
def handle(_event: dict[str, Any], _context: Context) -> None:
    logger.info("handed over", extra={"discussions": wired()(now=datetime.now(UTC))})
