"""Every minute: elders are reminded, and hear what could not be said at once."""

import time
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from bot.guide import Desk, sweep
from housechats.adapters.aws import spending
from housechats.adapters.broadcast_rules import DynamoRulebook
from housechats.adapters.communities import BelievedCommunities
from housechats.adapters.files import S3Files
from housechats.adapters.guides import DynamoGuides
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.pace import Pace
from housechats.adapters.people import DynamoElders
from housechats.adapters.queues import SqsQueue
from housechats.adapters.secrets import SecretTokens
from housechats.adapters.table import Table
from housechats.adapters.vk import VkLetters
from housechats.adapters.vk_apis import VkApis
from housechats.adapters.vk_talks import VkTalk
from housechats.runtime import settings
from housechats.runtime.clock import this_moment
from housechats.runtime.log import Context, logger, with_request_id
from housechats.runtime.metrics import count_spent

GOES_ON_S = 40
"""Seconds after which no more elders are begun: ten take some seconds, a worker has sixty."""


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    posters_bucket: str
    posters_queue_url: str
    public_url: str
    vk_api_url: str
    tokens_prefix: str


@cache
def wired() -> Desk:
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    communities = BelievedCommunities(table)
    tokens = SecretTokens(env.tokens_prefix)
    apis = VkApis(env.vk_api_url, tokens, communities, partial(Pace, table))
    return Desk(
        guides=DynamoGuides(table),
        houses=DynamoHouses(table),
        elders=DynamoElders(table),
        communities=communities,
        rules=DynamoRulebook(table),
        files=S3Files(env.posters_bucket),
        posters=SqsQueue(env.posters_queue_url),
        talk_of=lambda community: VkTalk(apis.of(community), community.id, this_moment),
        letters_of=lambda community: VkLetters(apis.of(community), community.id),
        public_url=env.public_url,
        clock=this_moment,
    )


@with_request_id
def handle(_event: dict[str, Any], _context: Context) -> None:
    began = time.monotonic()
    met = 0
    try:
        met = sweep(desk=wired(), has_time=lambda: time.monotonic() - began < GOES_ON_S)
    finally:
        cost = spending.take()
        logger.info("guided", extra={"elders": met, **cost})
        count_spent(cost)
