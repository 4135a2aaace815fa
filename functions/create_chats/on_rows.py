"""A chunk of checked rows: give each good one its house, and have its chat opened."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from create_chats.enrol import Chunk, Enrolled, Registry, enrol
from housechats.adapters.aws import spending
from housechats.adapters.batches import DynamoBatches
from housechats.adapters.communities import DynamoCommunities
from housechats.adapters.files import S3Files
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.instructions import DynamoInstructions
from housechats.adapters.organisations import DynamoAttachments
from housechats.adapters.people import DynamoElders
from housechats.adapters.queues import SqsQueue
from housechats.adapters.table import Table
from housechats.runtime import settings
from housechats.runtime.log import Context, logger, with_request_id
from housechats.runtime.metrics import Metric, counted
from housechats.runtime.queue import work_through


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    lists_bucket: str
    openings_queue_url: str
    id_key: str


@cache
def wired() -> "partial[Enrolled]":
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    registry = Registry(
        houses=DynamoHouses(table),
        elders=DynamoElders(table),
        instructions=DynamoInstructions(table),
        attachments=DynamoAttachments(table),
        communities=DynamoCommunities(table),
        elder_key=env.id_key,
    )
    return partial(
        enrol,
        registry=registry,
        lists=S3Files(env.lists_bucket),
        batches=DynamoBatches(table),
        openings=SqsQueue(env.openings_queue_url),
    )


def handle_rows(body: dict[str, Any]) -> str:
    done = wired()(Chunk(**body), now=datetime.now(UTC))
    for verdict, rows in done.rows.items():
        logger.info("rows", extra=counted(Metric.ROWS, rows, verdict=verdict))
    return f"{done.new_houses} new houses"


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    return work_through(event, handle_rows, spent=spending.take)
