"""A person is to be forgotten: go on with the job until it is done or time is over."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from housechats.adapters.aws import spending
from housechats.adapters.batches import DynamoBatches
from housechats.adapters.files import S3Files
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.jobs import DynamoJobs
from housechats.adapters.posts import DynamoPosts
from housechats.adapters.queues import SqsQueue
from housechats.adapters.table import Table
from housechats.adapters.traces import DynamoMemory
from housechats.runtime import settings
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.queue import work_through
from people.erase import ErasureDesk, Outcome, go_on
from people.forget import Desk

GOES_ON_S = 600
"""A part is begun in the first ten of the worker's fifteen minutes: the longest takes one."""


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    id_key: str
    lists_bucket: str
    erasures_queue_url: str


@cache
def wired() -> ErasureDesk:
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    forgetting = Desk(
        memory=DynamoMemory(table, elder_key=env.id_key),
        posts=DynamoPosts(table),
        houses=DynamoHouses(table),
        batches=DynamoBatches(table),
        lists=S3Files(env.lists_bucket),
    )
    return ErasureDesk(
        forgetting=forgetting, jobs=DynamoJobs(table), queue=SqsQueue(env.erasures_queue_url)
    )


def handle_erasure(body: dict[str, Any]) -> Outcome:
    began = time.monotonic()
    return go_on(
        body["job_id"],
        desk=wired(),
        has_time=lambda: time.monotonic() - began < GOES_ON_S,
        now=datetime.now(UTC),
    )


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    return work_through(event, handle_erasure, spent=spending.take)
