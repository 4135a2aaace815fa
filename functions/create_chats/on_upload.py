"""A list has been put into the bucket: check it, and have its rows enrolled."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from create_chats.take_list import Upload, take_list
from housechats.adapters.aws import spending
from housechats.adapters.batches import DynamoBatches
from housechats.adapters.files import S3Files
from housechats.adapters.queues import SqsQueue
from housechats.adapters.table import Table
from housechats.domain.batches import BatchState
from housechats.runtime import settings
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.queue import work_through


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    lists_bucket: str
    rows_queue_url: str


@cache
def wired() -> "partial[BatchState]":
    """Open the doors, once per container."""
    env = Settings.from_env()
    return partial(
        take_list,
        lists=S3Files(env.lists_bucket),
        batches=DynamoBatches(Table(env.table)),
        rows=SqsQueue(env.rows_queue_url),
    )


def handle_upload(event: dict[str, Any]) -> BatchState:
    """Work one EventBridge event `Object Created` of S3."""
    thing = event["detail"]["object"]
    upload = Upload(thing["key"], thing["etag"], event["detail"].get("requester", "unknown"))
    return wired()(upload, now=datetime.now(UTC))


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    return work_through(event, handle_upload, spent=spending.take)
