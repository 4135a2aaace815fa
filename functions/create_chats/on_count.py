"""Every hour: how many residents are in the chats."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from create_chats.count_residents import Desk, count_residents, in_turn
from housechats.adapters.aws import spending
from housechats.adapters.communities import DynamoCommunities
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.pace import Pace
from housechats.adapters.people import DynamoElders
from housechats.adapters.residents import DynamoResidents
from housechats.adapters.secrets import SecretTokens
from housechats.adapters.table import Table
from housechats.adapters.vk_apis import VkApis
from housechats.adapters.vk_members import VkMembers
from housechats.domain.communities import Community
from housechats.domain.errors import DisconnectedError, PausedError, UnavailableError
from housechats.runtime import settings
from housechats.runtime.log import Context, logger, with_request_id
from housechats.runtime.metrics import count_spent


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    vk_api_url: str
    tokens_prefix: str


@dataclass(frozen=True, slots=True)
class Wired:
    """Which communities there are, and how one's chats are counted."""

    communities: DynamoCommunities
    apis: VkApis
    desk: Desk


@cache
def wired() -> Wired:
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    communities = DynamoCommunities(table)
    tokens = SecretTokens(env.tokens_prefix)
    apis = VkApis(env.vk_api_url, tokens, communities, partial(Pace, table))
    desk = Desk(
        houses=DynamoHouses(table), elders=DynamoElders(table), residents=DynamoResidents(table)
    )
    return Wired(communities=communities, apis=apis, desk=desk)


@with_request_id
def handle(_event: dict[str, Any], _context: Context) -> None:
    doors = wired()
    communities = doors.communities.everywhere()
    for community in in_turn(communities, residents=doors.desk.residents):
        _count(community, doors)
    cost = spending.take()
    logger.info("worked", extra=cost)
    count_spent(cost)


def _count(community: Community, doors: Wired) -> None:
    """Count one community's chats; what VK will not tell now, the next hour tells."""
    headcount = VkMembers(doors.apis.of(community))
    try:
        changed = count_residents(
            community.id, headcount=headcount, desk=doors.desk, now=datetime.now(UTC)
        )
    except DisconnectedError as disconnected:
        doors.communities.disconnect(community, reason=disconnected.message)
    except (PausedError, UnavailableError) as error:
        logger.warning("not counted: %s", error, extra={"community": community.id})
    else:
        logger.info("counted", extra={"community": community.id, "changed": changed})
