"""HTTP: how lively house chats are. The routes are in `routes`."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from activity.routes import activity
from activity.routes.router import Doors
from housechats.adapters.activity import DynamoTallies, DynamoTotals
from housechats.adapters.aws import spending
from housechats.adapters.gate import open_gate
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.jobs import DynamoJobs
from housechats.adapters.people import DynamoElders
from housechats.adapters.queues import SqsQueue
from housechats.adapters.table import Table
from housechats.runtime import settings
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.routes import answer, api

app = api(activity.router)


@dataclass(frozen=True, slots=True)
class Settings(settings.ApiSettings):
    activity_exports_queue_url: str


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
        elders=DynamoElders(table),
        tallies=DynamoTallies(table),
        totals=DynamoTotals(table),
        jobs=DynamoJobs(table),
        exports=SqsQueue(env.activity_exports_queue_url),
    )


@with_request_id
def handle(event: dict[str, Any], context: Context) -> dict[str, Any]:
    doors = wired()
    return answer(app, event, context, gate=doors.gate, doors=doors, spent=spending.take)
