"""Somebody asked for a workbook of activity: write it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from activity.export_activity import Desk, export_activity
from housechats.adapters.activity import DynamoTallies, DynamoTotals
from housechats.adapters.aws import spending
from housechats.adapters.catalogue import DynamoCatalogue
from housechats.adapters.files import S3Files
from housechats.adapters.jobs import DynamoJobs
from housechats.adapters.table import Table
from housechats.adapters.towns import DynamoTowns
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
    files = S3Files(env.lists_bucket)
    desk = Desk(
        jobs=DynamoJobs(table),
        catalogue=DynamoCatalogue(table, files),
        towns=DynamoTowns(table),
        tallies=DynamoTallies(table),
        totals=DynamoTotals(table),
        files=files,
    )
    return partial(export_activity, desk=desk)


def handle_export(body: dict[str, Any]) -> str:
    return wired()(body["job_id"], now=datetime.now(UTC))


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    return work_through(event, handle_export, spent=spending.take)
