"""HTTP: questions of houses. The routes are in `routes`."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import Response

from housechats.adapters.answer_terms import DynamoTermbook
from housechats.adapters.aws import spending
from housechats.adapters.broadcast_rules import DynamoRulebook
from housechats.adapters.gate import open_gate
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.organisation_cards import DynamoCards
from housechats.adapters.questions import (
    DynamoQuestionRulebook,
    DynamoQuestions,
    DynamoVoices,
)
from housechats.adapters.queues import SqsQueue
from housechats.adapters.table import Table
from housechats.domain.questions import NotNowError
from housechats.runtime import settings
from housechats.runtime.clock import this_moment
from housechats.runtime.http import problem
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.routes import answer, api
from questions.desk import NotForYouError
from questions.routes import answer_terms, officials, questions, rules
from questions.routes.router import Doors

app = api(questions.router, rules.router, officials.router, answer_terms.router)


@app.exception_handler(NotNowError)
def _not_now(error: NotNowError) -> Response[str]:
    return problem(app, "conflict", error.message)


@app.exception_handler(NotForYouError)
def _not_for_them(error: NotForYouError) -> Response[str]:
    return problem(app, "forbidden", error.message)


@dataclass(frozen=True, slots=True)
class Settings(settings.ApiSettings):
    questions_queue_url: str


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
        questions=DynamoQuestions(table),
        voices=DynamoVoices(table),
        houses=DynamoHouses(table),
        cards=DynamoCards(table),
        rulebook=DynamoQuestionRulebook(table),
        termbook=DynamoTermbook(table),
        quiet_hours=DynamoRulebook(table),
        own=SqsQueue(env.questions_queue_url),
        clock=this_moment,
    )


@with_request_id
def handle(event: dict[str, Any], context: Context) -> dict[str, Any]:
    doors = wired()
    return answer(app, event, context, gate=doors.gate, doors=doors, spent=spending.take)
