"""HTTP: discussions of questions. The routes are in `routes`."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import Response

from discussions.desk import Office
from discussions.routes import discussions
from discussions.routes.router import Doors
from housechats.adapters.aws import spending
from housechats.adapters.broadcast_rules import DynamoRulebook
from housechats.adapters.discussions import DynamoDiscussions, DynamoInterested
from housechats.adapters.gate import open_gate
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.posts import DynamoPosts
from housechats.adapters.questions import DynamoQuestions
from housechats.adapters.queues import SqsQueue
from housechats.adapters.table import Table
from housechats.domain.discussions import NotNowError
from housechats.runtime import settings
from housechats.runtime.clock import this_moment
from housechats.runtime.http import problem
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.routes import answer, api

app = api(discussions.router)


@app.exception_handler(NotNowError)
def _not_now(error: NotNowError) -> Response[str]:
    return problem(app, "conflict", error.message)


@dataclass(frozen=True, slots=True)
class Settings(settings.ApiSettings):
    discussions_queue_url: str


@cache
def wired() -> Doors:
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    office = Office(
        discussions=DynamoDiscussions(table),
        questions=DynamoQuestions(table),
        houses=DynamoHouses(table),
        posts=DynamoPosts(table),
        rulebook=DynamoRulebook(table),
        own=SqsQueue(env.discussions_queue_url),
        clock=this_moment,
    )
    gate = open_gate(
        table,
        elder_key=env.id_key,
        launch_hours=env.launch_hours,
        changes_a_minute=env.changes_a_minute,
    )
    return Doors(gate=gate, office=office, interested=DynamoInterested(table))


@with_request_id
def handle(event: dict[str, Any], context: Context) -> dict[str, Any]:
    doors = wired()
    return answer(app, event, context, gate=doors.gate, doors=doors, spent=spending.take)
