"""HTTP: how elders get on, and the services of organisations. The routes are in `routes`."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.routes import guides, services
from bot.routes.router import Doors
from housechats.adapters.aws import spending
from housechats.adapters.gate import open_gate
from housechats.adapters.guides import DynamoGuides
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.organisation_cards import DynamoCards
from housechats.adapters.services import DynamoServices
from housechats.adapters.table import Table
from housechats.runtime import settings
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.routes import answer, api

app = api(guides.router, services.router)


@dataclass(frozen=True, slots=True)
class Settings(settings.ApiSettings):
    pass


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
        guides=DynamoGuides(table),
        cards=DynamoCards(table),
        services=DynamoServices(table),
    )


@with_request_id
def handle(event: dict[str, Any], context: Context) -> dict[str, Any]:
    doors = wired()
    return answer(app, event, context, gate=doors.gate, doors=doors, spent=spending.take)
