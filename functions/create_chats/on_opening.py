"""Queue of houses in, open chats out."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any

from create_chats.open_chat import Desk, Outcome, open_chat
from housechats.adapters.aws import spending
from housechats.adapters.chats import DynamoChats
from housechats.adapters.communities import BelievedCommunities
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.pace import Pace
from housechats.adapters.people import DynamoElders
from housechats.adapters.queues import SqsQueue
from housechats.adapters.secrets import SecretTokens
from housechats.adapters.table import Table
from housechats.adapters.vk import VkChats
from housechats.adapters.vk_apis import VkApis
from housechats.runtime import settings
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.metrics import Metric
from housechats.runtime.queue import work_through


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    vk_api_url: str
    tokens_prefix: str
    posters_queue_url: str
    instructions_queue_url: str
    lease_seconds: int


@cache
def wired() -> "partial[Outcome]":
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    communities = BelievedCommunities(table)
    tokens = SecretTokens(env.tokens_prefix)
    apis = VkApis(env.vk_api_url, tokens, communities, partial(Pace, table))
    desk = Desk(
        houses=DynamoHouses(table),
        chats=DynamoChats(table),
        elders=DynamoElders(table),
        communities=communities,
        messenger_of=lambda community: VkChats(apis.of(community), community.id),
        posters=SqsQueue(env.posters_queue_url),
        instructions=SqsQueue(env.instructions_queue_url),
        lease=timedelta(seconds=env.lease_seconds),
    )
    return partial(open_chat, desk=desk)


def handle_opening(body: dict[str, Any]) -> Outcome:
    return wired()(body["house_id"], now=datetime.now(UTC))


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    return work_through(event, handle_opening, spent=spending.take, counts=Metric.CHATS)
