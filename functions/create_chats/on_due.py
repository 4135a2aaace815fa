"""Every minute: houses whose waiting is over go back to the queue."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from create_chats.hand_over_due import hand_over_due, hand_over_renewals
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.queues import SqsQueue
from housechats.adapters.renewals import DynamoRenewals
from housechats.adapters.table import Table
from housechats.runtime import settings
from housechats.runtime.log import Context, logger, with_request_id


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    openings_queue_url: str
    renewals_queue_url: str


@cache
def wired() -> "tuple[partial[int], partial[int]]":
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    return (
        partial(
            hand_over_due,
            houses=DynamoHouses(table),
            openings=SqsQueue(env.openings_queue_url),
        ),
        partial(
            hand_over_renewals,
            renewing=DynamoRenewals(table),
            renewals=SqsQueue(env.renewals_queue_url),
        ),
    )


@with_request_id
def handle(_event: dict[str, Any], _context: Context) -> None:
    handed_over = [some(now=datetime.now(UTC)) for some in wired()]
    logger.info("handed over", extra={"houses": sum(handed_over)})
