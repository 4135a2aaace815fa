"""Queue of houses in, chats that say what the houses say out."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any

from create_chats.renew import Desk, Outcome, renew
from housechats.adapters.aws import spending
from housechats.adapters.communities import BelievedCommunities
from housechats.adapters.pace import Pace
from housechats.adapters.people import DynamoElders
from housechats.adapters.queues import SqsQueue
from housechats.adapters.renewals import DynamoRenewals
from housechats.adapters.secrets import SecretTokens
from housechats.adapters.table import Table
from housechats.adapters.vk_apis import VkApis
from housechats.adapters.vk_renewals import VkRenewals
from housechats.runtime import settings
from housechats.runtime.log import Context, with_request_id
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
        renewals=DynamoRenewals(table),
        elders=DynamoElders(table),
        communities=communities,
        renewer_of=lambda community: VkRenewals(apis.of(community), community.id),
        posters=SqsQueue(env.posters_queue_url),
        instructions=SqsQueue(env.instructions_queue_url),
        lease=timedelta(seconds=env.lease_seconds),
    )
    return partial(renew, desk=desk)


def handle_renewal(body: dict[str, Any]) -> Outcome:
    return wired()(body["house_id"], now=datetime.now(UTC))


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    return work_through(event, handle_renewal, spent=spending.take)
