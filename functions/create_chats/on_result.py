"""Somebody asked for the workbook of a list: write it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from create_chats.make_result import make_result_job
from housechats.adapters.aws import spending
from housechats.adapters.batches import DynamoBatches
from housechats.adapters.files import S3Files
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.jobs import DynamoJobs
from housechats.adapters.table import Table
from housechats.runtime import settings
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.queue import work_through


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    lists_bucket: str


@cache
def wired() -> "partial[str]":
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    return partial(
        make_result_job,
        jobs=DynamoJobs(table),
        batches=DynamoBatches(table),
        houses=DynamoHouses(table),
        lists=S3Files(env.lists_bucket),
    )


def handle_result(body: dict[str, Any]) -> str:
    return wired()(body["job_id"], now=datetime.now(UTC))


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    return work_through(event, handle_result, spent=spending.take)
