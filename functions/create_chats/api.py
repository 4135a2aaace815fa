"""HTTP: houses and lists of houses. The routes are in `routes`, a module a resource."""

from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from create_chats.enrol import Registry
from create_chats.routes import batches, house_changes, houses, rows, territories, workbooks
from create_chats.routes.router import Doors
from housechats.adapters.aws import spending
from housechats.adapters.batches import DynamoBatches
from housechats.adapters.catalogue import DynamoCatalogue
from housechats.adapters.communities import DynamoCommunities
from housechats.adapters.files import S3Files
from housechats.adapters.gate import open_gate
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.instructions import DynamoInstructions
from housechats.adapters.jobs import DynamoJobs
from housechats.adapters.organisations import DynamoAttachments
from housechats.adapters.pace import Pace
from housechats.adapters.people import DynamoElders
from housechats.adapters.queues import SqsQueue
from housechats.adapters.renewals import DynamoRenewals
from housechats.adapters.residents import DynamoResidents
from housechats.adapters.scans import DynamoScans
from housechats.adapters.secrets import SecretTokens
from housechats.adapters.table import Table
from housechats.adapters.towns import DynamoTowns
from housechats.adapters.vk import VkPages
from housechats.adapters.vk_apis import VkApis
from housechats.ports.chats import Lane
from housechats.runtime import settings
from housechats.runtime.log import with_request_id
from housechats.runtime.routes import answer, api

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
    communities = DynamoCommunities(table)
    tokens = SecretTokens(env.tokens_prefix)
    apis = VkApis(env.vk_api_url, tokens, communities, partial(Pace, table))
    registry = Registry(
        houses=DynamoHouses(table),
        elders=DynamoElders(table),
        instructions=DynamoInstructions(table),
        attachments=DynamoAttachments(table),
        communities=communities,
        elder_key=env.id_key,
    )
    gate = open_gate(
        table,
        elder_key=env.id_key,
        launch_hours=env.launch_hours,
        changes_a_minute=env.changes_a_minute,
    )
    lists = S3Files(env.lists_bucket)
    return Doors(
        gate=gate,
        houses=registry.houses,
        renewing=DynamoRenewals(table),
        residents=DynamoResidents(table),
        elders=registry.elders,
        batches=DynamoBatches(table),
        jobs=DynamoJobs(table),
        instructions=registry.instructions,
        scans=DynamoScans(table),
        towns=DynamoTowns(table),
        pages=VkPages(apis.at, Lane.INTERACTIVE),
        lists=lists,
        openings=SqsQueue(env.openings_queue_url),
        renewals=SqsQueue(env.renewals_queue_url),
        results=SqsQueue(env.results_queue_url),
        catalogue=DynamoCatalogue(table, lists),
        registry=registry,
    )


@with_request_id
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    doors = wired()
    return answer(app, event, context, gate=doors.gate, doors=doors, spent=spending.take)
