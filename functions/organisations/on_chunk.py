"""Parts of jobs in, houses with their organisations out."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from housechats.adapters.aws import spending
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.jobs import DynamoJobs
from housechats.adapters.organisations import DynamoAttachments
from housechats.adapters.table import Table
from housechats.runtime import settings
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.queue import work_through
from organisations.work_chunk import Desk, work_chunk


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str


@cache
def wired() -> "partial[str]":
    """Open the doors, once per container."""
    table = Table(Settings.from_env().table)
    desk = Desk(
        jobs=DynamoJobs(table),
        houses=DynamoHouses(table),
        attachments=DynamoAttachments(table),
    )
    return partial(work_chunk, desk=desk)


def handle_chunk(body: dict[str, Any]) -> str:
    return wired()(body["job_id"], body["chunk"], now=datetime.now(UTC))


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    return work_through(event, handle_chunk, spent=spending.take)
