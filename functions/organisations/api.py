"""HTTP: organisations and the houses they answer for. The routes are in `routes`."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from housechats.adapters.aws import spending
from housechats.adapters.catalogue import DynamoCatalogue
from housechats.adapters.files import S3Files
from housechats.adapters.gate import open_gate
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.jobs import DynamoJobs
from housechats.adapters.organisation_cards import DynamoCards
from housechats.adapters.organisations import DynamoAttachments
from housechats.adapters.queues import SqsQueue
from housechats.adapters.table import Table
from housechats.adapters.towns import DynamoTowns
from housechats.runtime import settings
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.routes import answer, api
from organisations.routes import attachments, cards, works
from organisations.routes.router import Doors

app = api(cards.router, attachments.router, works.router)


@dataclass(frozen=True, slots=True)
class Settings(settings.ApiSettings):
    lists_bucket: str
    attachments_queue_url: str
    exports_queue_url: str


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
        houses=DynamoHouses(table),
        catalogue=DynamoCatalogue(table, S3Files(env.lists_bucket)),
        towns=DynamoTowns(table),
        cards=DynamoCards(table),
        attachments=DynamoAttachments(table),
        jobs=DynamoJobs(table),
        chunks=SqsQueue(env.attachments_queue_url),
        exports=SqsQueue(env.exports_queue_url),
    )


@with_request_id
def handle(event: dict[str, Any], context: Context) -> dict[str, Any]:
    doors = wired()
    return answer(app, event, context, gate=doors.gate, doors=doors, spent=spending.take)
