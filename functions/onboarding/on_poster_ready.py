"""A house of an elder is ready: tell the elder, if it was the last one."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any

from housechats.adapters.aws import spending
from housechats.adapters.batches import DynamoBatches
from housechats.adapters.communities import BelievedCommunities
from housechats.adapters.files import S3Files
from housechats.adapters.guides import DynamoGuides
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.instructions import DynamoInstructions
from housechats.adapters.pace import Pace
from housechats.adapters.people import DynamoElders
from housechats.adapters.queues import SqsQueue
from housechats.adapters.secrets import SecretTokens
from housechats.adapters.sms import SnsTextMessages
from housechats.adapters.table import Table
from housechats.adapters.vk import VkLetters
from housechats.adapters.vk_apis import VkApis
from housechats.adapters.vk_talks import VkTalk
from housechats.runtime import settings
from housechats.runtime.clock import this_moment
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.metrics import Metric
from housechats.runtime.queue import work_through
from onboarding.instruct import Desk, Outcome, instruct


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    posters_bucket: str
    posters_queue_url: str
    public_url: str
    vk_api_url: str
    tokens_prefix: str
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
        elders=DynamoElders(table),
        batches=DynamoBatches(table),
        instructions=DynamoInstructions(table),
        guides=DynamoGuides(table),
        communities=communities,
        letters_of=lambda community: VkLetters(apis.of(community), community.id),
        talk_of=lambda community: VkTalk(apis.of(community), community.id, this_moment),
        sms=SnsTextMessages(),
        files=S3Files(env.posters_bucket),
        posters=SqsQueue(env.posters_queue_url),
        public_url=env.public_url,
        lease=timedelta(seconds=env.lease_seconds),
    )
    return partial(instruct, desk=desk)


def handle_elder(body: dict[str, Any]) -> Outcome:
    return wired()(body["batch_id"], body["elder_id"], now=datetime.now(UTC))


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    return work_through(event, handle_elder, spent=spending.take, counts=Metric.INSTRUCTIONS)
