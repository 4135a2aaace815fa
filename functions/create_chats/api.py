"""HTTP: houses and lists of houses. The routes are in `routes`, a module a resource."""

import time
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from create_chats.catalogue import Catalogue
from create_chats.enrol import Registry
from create_chats.routes import batches, houses, rows, territories, workbooks
from create_chats.routes.router import Doors
from housechats.adapters.aws import spending
from housechats.adapters.batches import DynamoBatches
from housechats.adapters.files import S3Files
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.instructions import DynamoInstructions
from housechats.adapters.organisations import DynamoAttachments
from housechats.adapters.pace import Pace
from housechats.adapters.people import DynamoElders, DynamoOfficials
from housechats.adapters.queues import SqsQueue
from housechats.adapters.scans import DynamoScans
from housechats.adapters.secrets import community_token
from housechats.adapters.table import Table
from housechats.adapters.towns import DynamoTowns
from housechats.adapters.vk import VkApi, VkPages
from housechats.ports.chats import Lane
from housechats.runtime import settings
from housechats.runtime.http import resolver
from housechats.runtime.log import logger, with_request_id

app = resolver()
app.include_router(houses.router)
app.include_router(batches.router)
app.include_router(rows.router)
app.include_router(workbooks.router)
app.include_router(territories.router)


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    lists_bucket: str
    openings_queue_url: str
    results_queue_url: str
    vk_api_url: str
    vk_secret: str
    community_id: int
    id_key: str


@cache
def wired() -> Doors:
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    registry = Registry(
        houses=DynamoHouses(table),
        elders=DynamoElders(table),
        instructions=DynamoInstructions(table),
        attachments=DynamoAttachments(table),
        community=env.community_id,
        elder_key=env.id_key,
    )
    token = partial(community_token, env.vk_secret, env.community_id)
    vk = VkApi(env.vk_api_url, token, Pace(table, env.community_id))
    return Doors(
        houses=registry.houses,
        elders=registry.elders,
        officials=DynamoOfficials(table),
        batches=DynamoBatches(table),
        instructions=registry.instructions,
        scans=DynamoScans(table),
        towns=DynamoTowns(table),
        pages=VkPages(vk, Lane.INTERACTIVE),
        lists=S3Files(env.lists_bucket),
        openings=SqsQueue(env.openings_queue_url),
        results=SqsQueue(env.results_queue_url),
        catalogue=Catalogue(registry.houses, clock=time.monotonic),
        registry=registry,
    )


@with_request_id
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    app.context["doors"] = wired()
    answer = app.resolve(event, context)
    logger.info("answered", extra={"status": answer["statusCode"], **spending.take()})
    return answer
