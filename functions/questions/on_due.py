"""Every minute: questions that are due go back to their queue."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from housechats.adapters.questions import DynamoQuestions
from housechats.adapters.queues import SqsQueue
from housechats.adapters.table import Table
from housechats.runtime import settings
from housechats.runtime.log import Context, logger, with_request_id
from questions.hand_over_due import hand_over_due


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    questions_queue_url: str


@cache
def wired() -> "partial[int]":
    """Open the doors, once per container."""
    env = Settings.from_env()
    return partial(
        hand_over_due,
        questions=DynamoQuestions(Table(env.table)),
        queue=SqsQueue(env.questions_queue_url),
    )


@with_request_id
def handle(_event: dict[str, Any], _context: Context) -> None:
    logger.info("handed over", extra={"questions": wired()(now=datetime.now(UTC))})
