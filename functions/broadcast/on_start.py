"""Queue of broadcasts whose time has come in, chunks for workers out."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from time import sleep
from typing import Any

from broadcast import attach, authority, seed
from broadcast.patience import Hours
from broadcast.start import Desk, Outcome, start
from housechats.adapters.audiences import S3Audiences
from housechats.adapters.aws import spending
from housechats.adapters.broadcast_rules import DynamoRulebook
from housechats.adapters.broadcasts import DynamoBroadcasts
from housechats.adapters.communities import BelievedCommunities
from housechats.adapters.files import S3Files
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.messages import S3Messages
from housechats.adapters.pace import Pace
from housechats.adapters.posts import DynamoPosts
from housechats.adapters.queues import SqsQueue
from housechats.adapters.receipts import DynamoReceipts
from housechats.adapters.secrets import SecretTokens
from housechats.adapters.starts import SchedulerStarts
from housechats.adapters.table import Table
from housechats.adapters.vk_apis import VkApis
from housechats.adapters.vk_mailings import VkMailer
from housechats.runtime import settings
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.queue import work_through


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    broadcasts_bucket: str
    vk_api_url: str
    tokens_prefix: str
    starts_queue_url: str
    starts_queue_arn: str
    schedules_role_arn: str
    schedules_group: str
    deliveries_queue_url: str
    emergencies_queue_url: str
    lease_seconds: int
    worker_seconds: int


@cache
def wired() -> "tuple[partial[Outcome], timedelta]":
    """Open the doors, once per container; tell how long an invocation may take."""
    env = Settings.from_env()
    table, folders = Table(env.table), S3Files(env.broadcasts_bucket)
    broadcasts, audiences = DynamoBroadcasts(table), S3Audiences(folders)
    communities = BelievedCommunities(table)
    apis = VkApis(
        env.vk_api_url, SecretTokens(env.tokens_prefix), communities, partial(Pace, table)
    )
    desk = Desk(
        seeding=seed.Desk(
            broadcasts=broadcasts,
            receipts=DynamoReceipts(table),
            audiences=audiences,
            queues=seed.Queues(
                SqsQueue(env.deliveries_queue_url), SqsQueue(env.emergencies_queue_url)
            ),
            lease=timedelta(seconds=env.lease_seconds),
        ),
        attaching=attach.Desk(
            broadcasts=broadcasts,
            audiences=audiences,
            messages=S3Messages(folders),
            communities=communities,
            mailer_of=lambda community: VkMailer(apis.of(community), community.id),
            files=folders,
        ),
        starts=SchedulerStarts(
            env.schedules_group,
            SqsQueue(env.starts_queue_url),
            queue_arn=env.starts_queue_arn,
            role_arn=env.schedules_role_arn,
        ),
        rulebook=DynamoRulebook(table),
        authority=authority.Desk(DynamoPosts(table).known, DynamoHouses(table), audiences),
    )
    return partial(start, desk=desk), timedelta(seconds=env.worker_seconds)


def handle_start(body: dict[str, Any], *, until: datetime) -> Outcome:
    starts, _ = wired()
    return starts(body["broadcast_id"], hours=Hours(lambda: datetime.now(UTC), sleep, until))


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    begun = datetime.now(UTC)  # opening the doors is of the invocation's time
    _, lives = wired()
    work = partial(handle_start, until=begun + lives)
    return work_through(event, work, spent=spending.take)
