"""HTTP: who calls, and who else has a part in the system. The routes are in `routes`."""

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from housechats.adapters.aws import spending
from housechats.adapters.gate import open_gate
from housechats.adapters.invitations import DynamoInvitations
from housechats.adapters.organisation_cards import DynamoCards
from housechats.adapters.queues import SqsQueue
from housechats.adapters.table import Table
from housechats.ports.chats import Lane
from housechats.runtime import settings
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.routes import answer, api
from people.routes import erasures, me, officials, representatives
from people.routes.router import Doors

if TYPE_CHECKING:
    from housechats.adapters.vk import VkPages
    from people.erase import ErasureDesk

app = api(me.router, officials.router, representatives.router, erasures.router)


@dataclass(frozen=True, slots=True)
class Settings(settings.ApiSettings):
    vk_api_url: str
    tokens_prefix: str
    vk_app_id: int
    invitations_queue_url: str
    erasures_queue_url: str
    lists_bucket: str


@cache
def wired() -> Doors:
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    return Doors(
        gate=open_gate(
            table,
            elder_key=env.id_key,
            launch_hours=env.launch_hours,
            changes_a_minute=env.changes_a_minute,
        ),
        late_pages=lambda: _pages(env, table),
        cards=DynamoCards(table),
        invitations=DynamoInvitations(table),
        invitations_queue=SqsQueue(env.invitations_queue_url),
        app_id=env.vk_app_id,
        late_erasures=lambda: _erasures(env, table),
    )


# What follows takes a part of the function's start, and few requests need it.


def _pages(env: Settings, table: Table) -> "VkPages":
    from housechats.adapters.communities import DynamoCommunities  # noqa: PLC0415
    from housechats.adapters.pace import Pace  # noqa: PLC0415
    from housechats.adapters.secrets import SecretTokens  # noqa: PLC0415
    from housechats.adapters.vk import VkPages  # noqa: PLC0415
    from housechats.adapters.vk_apis import VkApis  # noqa: PLC0415

    tokens = SecretTokens(env.tokens_prefix)
    apis = VkApis(env.vk_api_url, tokens, DynamoCommunities(table), partial(Pace, table))
    return VkPages(apis.at, Lane.INTERACTIVE)


def _erasures(env: Settings, table: Table) -> "ErasureDesk":
    from housechats.adapters.batches import DynamoBatches  # noqa: PLC0415
    from housechats.adapters.files import S3Files  # noqa: PLC0415
    from housechats.adapters.houses import DynamoHouses  # noqa: PLC0415
    from housechats.adapters.jobs import DynamoJobs  # noqa: PLC0415
    from housechats.adapters.posts import DynamoPosts  # noqa: PLC0415
    from housechats.adapters.traces import DynamoMemory  # noqa: PLC0415
    from people.erase import ErasureDesk  # noqa: PLC0415
    from people.forget import Desk  # noqa: PLC0415

    forgetting = Desk(
        memory=DynamoMemory(table, elder_key=env.id_key),
        posts=DynamoPosts(table),
        houses=DynamoHouses(table),
        batches=DynamoBatches(table),
        lists=S3Files(env.lists_bucket),
    )
    return ErasureDesk(
        forgetting=forgetting, jobs=DynamoJobs(table), queue=SqsQueue(env.erasures_queue_url)
    )


@with_request_id
def handle(event: dict[str, Any], context: Context) -> dict[str, Any]:
    doors = wired()
    return answer(app, event, context, gate=doors.gate, doors=doors, spent=spending.take)
