"""Queue of discussions that are over in, empty chats out."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from typing import Any

from cleanup_discussions.empty_room import Desk, Outcome, empty_room
from housechats.adapters.aws import spending
from housechats.adapters.communities import BelievedCommunities
from housechats.adapters.discussions import DynamoDiscussionChats, DynamoDiscussions
from housechats.adapters.pace import Pace
from housechats.adapters.queues import SqsQueue
from housechats.adapters.secrets import SecretTokens
from housechats.adapters.table import Table
from housechats.adapters.vk_apis import VkApis
from housechats.adapters.vk_talks import VkTalk
from housechats.domain.errors import UnavailableError
from housechats.ports.chats import Lane
from housechats.runtime import settings
from housechats.runtime.clock import this_moment
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.queue import work_through


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    vk_api_url: str
    tokens_prefix: str
    cleanups_queue_url: str
    lease_seconds: int
    worker_seconds: int


@cache
def wired() -> "partial[Outcome]":
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    communities = BelievedCommunities(table)
    tokens = SecretTokens(env.tokens_prefix)
    apis = VkApis(env.vk_api_url, tokens, communities, partial(Pace, table))

    def talk_of(number: int) -> VkTalk:
        community = communities.get(number)
        if community is None:
            raise UnavailableError("no such community is connected")
        # Nobody waits for it: what people press, and alerts, go first.
        return VkTalk(apis.of(community), number, this_moment, lane=Lane.BULK)

    desk = Desk(
        discussions=DynamoDiscussions(table),
        rooms=DynamoDiscussionChats(table),
        communities=communities,
        talk_of=talk_of,
        cleanings=SqsQueue(env.cleanups_queue_url),
        lease=timedelta(seconds=env.lease_seconds),
        works_for=timedelta(seconds=env.worker_seconds / 2),
        clock=this_moment,
    )
    return partial(empty_room, desk=desk)


def handle_cleanup(body: dict[str, Any]) -> Outcome:
    return wired()(body["discussion_id"])


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    return work_through(event, handle_cleanup, spent=spending.take)
