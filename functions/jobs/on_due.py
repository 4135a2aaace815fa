"""Every minute: long work that nobody seems to go on with is handed over anew."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from housechats.adapters.aws import spending
from housechats.adapters.jobs import DynamoJobs
from housechats.adapters.queues import SqsQueue
from housechats.adapters.table import Table
from housechats.runtime import settings
from housechats.runtime.log import Context, logger, with_request_id
from housechats.runtime.metrics import count_spent
from jobs.hand_over import Workers, hand_over_due

GOES_ON_S = 15
"""The function lives 30 seconds: a job of all houses of a region has 180 parts to look at and to
send, some 2 seconds."""


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    lists_queue_url: str
    sheets_queue_url: str
    results_queue_url: str
    attachments_queue_url: str
    exports_queue_url: str
    erasures_queue_url: str
    broadcast_jobs_queue_url: str
    activity_exports_queue_url: str


@cache
def wired() -> "partial[int]":
    """Open the doors, once per container."""
    env = Settings.from_env()
    workers = Workers(
        lists=SqsQueue(env.lists_queue_url),
        sheets=SqsQueue(env.sheets_queue_url),
        results=SqsQueue(env.results_queue_url),
        attachments=SqsQueue(env.attachments_queue_url),
        exports=SqsQueue(env.exports_queue_url),
        erasures=SqsQueue(env.erasures_queue_url),
        broadcast_jobs=SqsQueue(env.broadcast_jobs_queue_url),
        activity_exports=SqsQueue(env.activity_exports_queue_url),
    )
    return partial(hand_over_due, jobs=DynamoJobs(Table(env.table)), workers=workers)


@with_request_id
def handle(_event: dict[str, Any], _context: Context) -> None:
    began = time.monotonic()
    handed_over = wired()(
        has_time=lambda: time.monotonic() - began < GOES_ON_S, now=datetime.now(UTC)
    )
    cost = spending.take()
    logger.info("handed over", extra={"jobs": handed_over, **cost})
    count_spent(cost)
