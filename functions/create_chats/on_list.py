"""A list was stopped, or is to be gone through again: a part of it at a time."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from create_chats.go_through_list import Desk, go_through
from housechats.adapters.aws import spending
from housechats.adapters.batches import DynamoBatches
from housechats.adapters.files import S3Files
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.instructions import DynamoInstructions
from housechats.adapters.queues import SqsQueue
from housechats.adapters.renewals import DynamoRenewals
from housechats.adapters.table import Table
from housechats.runtime import settings
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.queue import work_through


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    lists_bucket: str
    lists_queue_url: str
    rows_queue_url: str
    openings_queue_url: str
    renewals_queue_url: str
    instructions_queue_url: str


@cache
def wired() -> "partial[str]":
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    desk = Desk(
        batches=DynamoBatches(table),
        houses=DynamoHouses(table),
        renewing=DynamoRenewals(table),
        instructions=DynamoInstructions(table),
        files=S3Files(env.lists_bucket),
        parts=SqsQueue(env.lists_queue_url),
        rows=SqsQueue(env.rows_queue_url),
        openings=SqsQueue(env.openings_queue_url),
        renewals=SqsQueue(env.renewals_queue_url),
        letters=SqsQueue(env.instructions_queue_url),
    )
    return partial(go_through, desk=desk)


def handle_list(body: dict[str, Any]) -> str:
    return wired()(body["batch_id"], body.get("chunk"), now=datetime.now(UTC))


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    return work_through(event, handle_list, spent=spending.take)
