"""Somebody asked for all posters of a batch: draw them into one file."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from housechats.adapters.aws import spending
from housechats.adapters.batches import DynamoBatches
from housechats.adapters.files import S3Files
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.jobs import DynamoJobs
from housechats.adapters.table import Table
from housechats.runtime import settings
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.queue import work_through
from poster.make_posters import make_batch_sheet


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    posters_bucket: str
    public_url: str


@cache
def wired() -> "partial[int]":
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    return partial(
        make_batch_sheet,
        jobs=DynamoJobs(table),
        batches=DynamoBatches(table),
        houses=DynamoHouses(table),
        files=S3Files(env.posters_bucket),
        public_url=env.public_url,
    )


def handle_sheet(body: dict[str, Any]) -> str:
    return f"{wired()(body['job_id'], now=datetime.now(UTC))} houses"


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    return work_through(event, handle_sheet, spent=spending.take)
