"""Every minute: broadcasts that were left behind are started, go on, or are ended."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any

from broadcast import seed
from broadcast.sweep import Desk, sweep
from housechats.adapters.audiences import S3Audiences
from housechats.adapters.broadcasts import DynamoBroadcasts
from housechats.adapters.files import S3Files
from housechats.adapters.messages import S3Messages
from housechats.adapters.queues import SqsQueue
from housechats.adapters.receipts import DynamoReceipts
from housechats.adapters.starts import SchedulerStarts
from housechats.adapters.table import Table
from housechats.runtime import settings
from housechats.runtime.log import Context, logger, with_request_id


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    broadcasts_bucket: str
    starts_queue_url: str
    starts_queue_arn: str
    schedules_role_arn: str
    schedules_group: str
    deliveries_queue_url: str
    emergencies_queue_url: str
    lease_seconds: int


@cache
def wired() -> "partial[int]":
    """Open the doors, once per container."""
    env = Settings.from_env()
    table, folders = Table(env.table), S3Files(env.broadcasts_bucket)
    desk = Desk(
        seeding=seed.Desk(
            broadcasts=DynamoBroadcasts(table),
            receipts=DynamoReceipts(table),
            audiences=S3Audiences(folders),
            queues=seed.Queues(
                SqsQueue(env.deliveries_queue_url), SqsQueue(env.emergencies_queue_url)
            ),
            lease=timedelta(seconds=env.lease_seconds),
        ),
        messages=S3Messages(folders),
        starts=SchedulerStarts(
            env.schedules_group,
            SqsQueue(env.starts_queue_url),
            queue_arn=env.starts_queue_arn,
            role_arn=env.schedules_role_arn,
        ),
    )
    return partial(sweep, desk=desk)


@with_request_id
def handle(_event: dict[str, Any], _context: Context) -> None:
    logger.info("looked at", extra={"broadcasts": wired()(now=datetime.now(UTC))})
