"""HTTP: houses and lists of houses. The routes are in `routes`, a module a resource."""

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from create_chats.routes import batches, house_changes, houses, rows, territories, workbooks
from create_chats.routes.router import Doors
from housechats.adapters.aws import spending
from housechats.adapters.batches import DynamoBatches
from housechats.adapters.catalogue import DynamoCatalogue
from housechats.adapters.files import S3Files
from housechats.adapters.gate import open_gate
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.instructions import DynamoInstructions
from housechats.adapters.jobs import DynamoJobs
from housechats.adapters.people import DynamoElders
from housechats.adapters.queues import SqsQueue
from housechats.adapters.renewals import DynamoRenewals
from housechats.adapters.residents import DynamoResidents
from housechats.adapters.scans import DynamoScans
from housechats.adapters.table import Table
from housechats.adapters.towns import DynamoTowns
from housechats.ports.chats import Lane
from housechats.runtime import settings
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.routes import answer, api

if TYPE_CHECKING:
    from create_chats.enrol import Registry
    from housechats.adapters.vk import VkPages

app = api(
    houses.router,
    house_changes.router,
    batches.router,
    rows.router,
    workbooks.router,
    territories.router,
)


@dataclass(frozen=True, slots=True)
class Settings(settings.ApiSettings):
    lists_bucket: str
    openings_queue_url: str
    renewals_queue_url: str
    results_queue_url: str
    vk_api_url: str
    tokens_prefix: str


@cache
def wired() -> Doors:
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    gate = open_gate(
        table,
        elder_key=env.id_key,
        launch_hours=env.launch_hours,
        changes_a_minute=env.changes_a_minute,
    )
    lists = S3Files(env.lists_bucket)
    return Doors(
        gate=gate,
        houses=DynamoHouses(table),
        renewing=DynamoRenewals(table),
        residents=DynamoResidents(table),
        elders=DynamoElders(table),
        batches=DynamoBatches(table),
        jobs=DynamoJobs(table),
        instructions=DynamoInstructions(table),
        scans=DynamoScans(table),
        towns=DynamoTowns(table),
        late_pages=lambda: _pages(env, table),
        lists=lists,
        openings=SqsQueue(env.openings_queue_url),
        renewals=SqsQueue(env.renewals_queue_url),
        results=SqsQueue(env.results_queue_url),
        catalogue=DynamoCatalogue(table, lists),
        late_registry=lambda: _registry(env, table),
        elder_key=env.id_key,
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


def _registry(env: Settings, table: Table) -> "Registry":
    from create_chats.enrol import Registry  # noqa: PLC0415
    from housechats.adapters.communities import DynamoCommunities  # noqa: PLC0415
    from housechats.adapters.organisations import DynamoAttachments  # noqa: PLC0415

    return Registry(
        houses=DynamoHouses(table),
        elders=DynamoElders(table),
        instructions=DynamoInstructions(table),
        attachments=DynamoAttachments(table),
        communities=DynamoCommunities(table),
        elder_key=env.id_key,
    )


@with_request_id
def handle(event: dict[str, Any], context: Context) -> dict[str, Any]:
    doors = wired()
    return answer(app, event, context, gate=doors.gate, doors=doors, spent=spending.take)
