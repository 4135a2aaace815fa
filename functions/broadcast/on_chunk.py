"""Queue of chunks in, messages in house chats out."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache, partial
from time import sleep
from typing import Any

from broadcast.deliver import Delivery, Desk, deliver
from broadcast.mailing import read_mailing
from broadcast.patience import Hours
from broadcast.seed import Queues
from housechats.adapters.audiences import S3Audiences
from housechats.adapters.aws import spending
from housechats.adapters.broadcasts import DynamoBroadcasts
from housechats.adapters.communities import BelievedCommunities
from housechats.adapters.files import S3Files
from housechats.adapters.messages import S3Messages
from housechats.adapters.pace import Pace
from housechats.adapters.queues import SqsQueue
from housechats.adapters.receipts import DynamoReceipts
from housechats.adapters.secrets import SecretTokens
from housechats.adapters.starts import SchedulerStarts
from housechats.adapters.table import Table
from housechats.adapters.vk_apis import VkApis
from housechats.adapters.vk_mailings import VkMailer
from housechats.runtime import settings
from housechats.runtime.log import Context, logger, with_request_id
from housechats.runtime.metrics import Metric, counted
from housechats.runtime.queue import work_through

THREADS = 10
"""As many as messages in a batch: each waits for VK most of the time."""
REMEMBERED = 16
"""Broadcasts of which a worker keeps the text and where the chunks lie: more do not run at once."""


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
def wired() -> "tuple[partial[Delivery], timedelta]":
    """Open the doors, once per container; tell how long an invocation may take."""
    env = Settings.from_env()
    table, folders = Table(env.table), S3Files(env.broadcasts_bucket)
    broadcasts, audiences = DynamoBroadcasts(table), S3Audiences(folders)
    communities = BelievedCommunities(table)
    apis = VkApis(
        env.vk_api_url, SecretTokens(env.tokens_prefix), communities, partial(Pace, table)
    )
    read = partial(
        read_mailing, broadcasts=broadcasts, audiences=audiences, messages=S3Messages(folders)
    )
    desk = Desk(
        broadcasts=broadcasts,
        receipts=DynamoReceipts(table),
        audiences=audiences,
        mailing_of=lru_cache(REMEMBERED)(read),
        communities=communities,
        mailer_of=lambda community: VkMailer(apis.of(community), community.id),
        files=folders,
        starts=SchedulerStarts(
            env.schedules_group,
            SqsQueue(env.starts_queue_url),
            queue_arn=env.starts_queue_arn,
            role_arn=env.schedules_role_arn,
        ),
        queues=Queues(SqsQueue(env.deliveries_queue_url), SqsQueue(env.emergencies_queue_url)),
        lose=partial(_lose, table),
        lease=timedelta(seconds=env.lease_seconds),
    )
    return partial(deliver, desk=desk), timedelta(seconds=env.worker_seconds)


def _lose(table: Table, house_id: str, chat_id: int, code: str) -> None:
    # Few chunks lose a chat: an urgent one does not wait until houses are loaded.
    from housechats.adapters.houses import DynamoHouses  # noqa: PLC0415

    DynamoHouses(table).lose(house_id, chat_id, code)
    logger.warning("chat lost", extra={"house_id": house_id, "chat_id": chat_id, "code": code})


def handle_chunk(body: dict[str, Any], *, until: datetime) -> Delivery:
    delivers, _ = wired()
    hours = Hours(lambda: datetime.now(UTC), sleep, until)
    delivery = delivers(
        body["broadcast_id"], body["chunk"], hours=hours, tries=body.get("tries", 0)
    )
    for verdict, chats in (("sent", delivery.sent), ("failed", delivery.failed)):
        if chats:
            count = counted(Metric.DELIVERIES, chats, verdict=verdict, lane=delivery.lane)
            logger.info("delivered", extra={**body, **count})
    if delivery.unknown:
        count = counted(Metric.UNKNOWN_REFUSALS, delivery.unknown)
        logger.warning("VK said what we do not know", extra={**body, **count})
    return delivery


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    begun = datetime.now(UTC)  # opening the doors is of the invocation's time
    _, lives = wired()
    work = partial(handle_chunk, until=begun + lives)
    return work_through(event, work, spent=spending.take, counts=Metric.CHUNKS, threads=THREADS)
