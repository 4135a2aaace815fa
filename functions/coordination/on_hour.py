"""Every hour: coordination chats are opened, and hold those who have a duty."""

import time
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from typing import Any

from coordination.desk import Desk
from coordination.keep_members import Look, keep_members
from housechats.adapters.aws import spending
from housechats.adapters.catalogue import DynamoCatalogue
from housechats.adapters.chats import DynamoChats
from housechats.adapters.communities import BelievedCommunities
from housechats.adapters.coordination import DynamoCoordinationChats
from housechats.adapters.files import S3Files
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.pace import Pace
from housechats.adapters.people import DynamoElders
from housechats.adapters.posts import DynamoPosts
from housechats.adapters.secrets import SecretTokens
from housechats.adapters.table import Table
from housechats.adapters.towns import DynamoTowns
from housechats.adapters.vk import VkChats
from housechats.adapters.vk_apis import VkApis
from housechats.adapters.vk_talks import VkTalk
from housechats.domain.errors import HouseChatsError
from housechats.ports.chats import Lane
from housechats.runtime import settings
from housechats.runtime.clock import this_moment
from housechats.runtime.log import Context, logger, with_request_id
from housechats.runtime.metrics import Metric, count_spent, counted

GOES_ON_S = 840
"""The function lives 900 seconds; a call to VK takes some 15 at most."""


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    vk_api_url: str
    tokens_prefix: str
    lists_bucket: str
    lease_seconds: int


@cache
def wired() -> Desk:
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    communities = BelievedCommunities(table)
    tokens = SecretTokens(env.tokens_prefix)
    apis = VkApis(env.vk_api_url, tokens, communities, partial(Pace, table))
    return Desk(
        coordination=DynamoCoordinationChats(table),
        chats=DynamoChats(table),
        communities=communities,
        catalogue=DynamoCatalogue(table, S3Files(env.lists_bucket)),
        houses=DynamoHouses(table),
        elders=DynamoElders(table),
        posts=DynamoPosts(table),
        towns=DynamoTowns(table),
        maker_of=lambda community: VkChats(apis.of(community), community.id),
        # Nobody waits for it: what people press, and alerts, go first.
        talk_of=lambda community: VkTalk(
            apis.of(community), community.id, this_moment, lane=Lane.BULK
        ),
        lease=timedelta(seconds=env.lease_seconds),
        clock=this_moment,
    )


@with_request_id
def handle(_event: dict[str, Any], _context: Context) -> None:
    began = time.monotonic()
    looks = [*keep_members(desk=wired(), has_time=lambda: time.monotonic() - began < GOES_ON_S)]
    for look in looks:
        if look.trouble:
            _tell_of(look)
    cost = spending.take()
    chats = sum(look.chats for look in looks)
    logger.info("looked after", extra={"towns": len(looks), "chats": chats, **cost})
    count_spent(cost)


def _tell_of(look: Look) -> None:
    where = {"oktmo": look.oktmo}
    if isinstance(look.trouble, HouseChatsError):
        logger.warning("not looked after: %s", look.trouble, extra=where)
    else:
        failed = counted(Metric.WORK_FAILED)
        logger.error("not looked after", exc_info=look.trouble, extra={**where, **failed})
