"""Every minute: instructions whose waiting is over go back to the queue."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from housechats.adapters.instructions import DynamoInstructions
from housechats.adapters.queues import SqsQueue
from housechats.adapters.table import Table
from housechats.runtime import settings
from housechats.runtime.log import Context, logger, with_request_id
from onboarding.hand_over_due import hand_over_due


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    instructions_queue_url: str


@cache
def wired() -> "partial[int]":
    """Open the doors, once per container."""
    env = Settings.from_env()
    return partial(
        hand_over_due,
        instructions=DynamoInstructions(Table(env.table)),
        queue=SqsQueue(env.instructions_queue_url),
    )


@with_request_id
def handle(_event: dict[str, Any], _context: Context) -> None:
    logger.info("handed over", extra={"instructions": wired()(now=datetime.now(UTC))})
