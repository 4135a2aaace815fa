"""A list has been put into the bucket: check it, and have its rows enrolled."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from create_chats.take_list import Desk, Upload, take_list
from housechats.adapters.aws import spending
from housechats.adapters.batches import DynamoBatches
from housechats.adapters.communities import DynamoCommunities
from housechats.adapters.files import S3Files
from housechats.adapters.pace import Pace
from housechats.adapters.queues import SqsQueue
from housechats.adapters.secrets import SecretTokens
from housechats.adapters.table import Table
from housechats.adapters.towns import DynamoTowns
from housechats.adapters.vk import VkPages
from housechats.adapters.vk_apis import VkApis
from housechats.domain.batches import BatchState
from housechats.ports.chats import Lane
from housechats.runtime import settings
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.queue import work_through


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    lists_bucket: str
    rows_queue_url: str
    vk_api_url: str
    tokens_prefix: str


@cache
def wired() -> "partial[BatchState]":
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    communities = DynamoCommunities(table)
    tokens = SecretTokens(env.tokens_prefix)
    apis = VkApis(env.vk_api_url, tokens, communities, partial(Pace, table))
    desk = Desk(
        lists=S3Files(env.lists_bucket),
        batches=DynamoBatches(table),
        towns=DynamoTowns(table),
        communities=communities,
        pages=VkPages(apis.at, Lane.BULK),
        rows=SqsQueue(env.rows_queue_url),
    )
    return partial(take_list, desk=desk)


def handle_upload(event: dict[str, Any]) -> BatchState:
    """Work one EventBridge event `Object Created` of S3."""
    thing = event["detail"]["object"]
    upload = Upload(thing["key"], thing["etag"], event["detail"].get("requester", "unknown"))
    return wired()(upload, now=datetime.now(UTC))


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    return work_through(event, handle_upload, spent=spending.take)
