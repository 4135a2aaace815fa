"""Every minute: reports whose time has come go on."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from housechats.adapters.queues import SqsQueue
from housechats.adapters.reports import DynamoReports
from housechats.adapters.table import Table
from housechats.runtime import settings
from housechats.runtime.log import Context, logger, with_request_id
from moderation.hand_over_due import hand_over_due


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    moderation_queue_url: str


@cache
def wired() -> "partial[int]":
    """Open the doors, once per container."""
    env = Settings.from_env()
    return partial(
        hand_over_due,
        reports=DynamoReports(Table(env.table)),
        queue=SqsQueue(env.moderation_queue_url),
    )


@with_request_id
def handle(_event: dict[str, Any], _context: Context) -> None:
    logger.info("handed over", extra={"reports": wired()(now=datetime.now(UTC))})
