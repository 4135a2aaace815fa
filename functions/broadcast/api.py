"""HTTP: messages to many house chats. The routes are in `routes`."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import Response

from broadcast import seed
from broadcast.routes import (
    acts,
    broadcasts,
    confirmations,
    files,
    follow,
    previews,
    receipts,
    rules,
    templates,
)
from broadcast.routes.router import Doors
from housechats.adapters.audiences import S3Audiences
from housechats.adapters.aws import spending
from housechats.adapters.broadcast_rules import DynamoRulebook
from housechats.adapters.broadcasts import DynamoBroadcasts
from housechats.adapters.catalogue import DynamoCatalogue
from housechats.adapters.communities import DynamoCommunities
from housechats.adapters.coordination import DynamoCoordinationChats
from housechats.adapters.files import S3Files
from housechats.adapters.gate import open_gate
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.jobs import DynamoJobs
from housechats.adapters.messages import S3Messages
from housechats.adapters.organisation_cards import DynamoCards
from housechats.adapters.paces import DynamoPaces
from housechats.adapters.queues import SqsQueue
from housechats.adapters.receipts import DynamoReceipts
from housechats.adapters.residents import DynamoResidents
from housechats.adapters.starts import SchedulerStarts
from housechats.adapters.table import Table
from housechats.adapters.templates import DynamoTemplates
from housechats.adapters.towns import DynamoTowns
from housechats.domain.broadcast_starts import ReasonWantedError
from housechats.domain.broadcasts import Broadcast, NotNowError
from housechats.runtime import settings
from housechats.runtime.http import problem
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.routes import answer, api

REASON_WANTED = "Чатов так много, что нужен второй человек. Чтобы отправить сразу, напишите почему."

app = api(
    files.router,
    previews.router,
    confirmations.router,
    broadcasts.router,
    acts.router,
    follow.router,
    receipts.router,
    templates.router,
    rules.router,
)


@app.exception_handler(NotNowError)
def _not_now(error: NotNowError) -> Response[str]:
    return problem(app, "conflict", error.message)


@app.exception_handler(ReasonWantedError)
def _reason_wanted(_: ReasonWantedError) -> Response[str]:
    return problem(app, "invalid", "", [{"pointer": "/reason", "detail": REASON_WANTED}])


@dataclass(frozen=True, slots=True)
class Settings(settings.ApiSettings):
    lists_bucket: str
    broadcasts_bucket: str
    starts_queue_url: str
    starts_queue_arn: str
    schedules_role_arn: str
    schedules_group: str
    deliveries_queue_url: str
    emergencies_queue_url: str
    broadcast_jobs_queue_url: str
    lease_seconds: int


@cache
def wired() -> Doors:
    """Open the doors, once per container."""
    env = Settings.from_env()
    table, folders = Table(env.table), S3Files(env.broadcasts_bucket)
    desk = seed.Desk(
        broadcasts=DynamoBroadcasts(table),
        receipts=DynamoReceipts(table),
        audiences=S3Audiences(folders),
        queues=seed.Queues(SqsQueue(env.deliveries_queue_url), SqsQueue(env.emergencies_queue_url)),
        lease=timedelta(seconds=env.lease_seconds),
    )

    def hand_over(one: Broadcast) -> None:
        seed.seed(one, desk=desk, now=datetime.now(UTC))

    return Doors(
        gate=open_gate(
            table,
            elder_key=env.id_key,
            launch_hours=env.launch_hours,
            changes_a_minute=env.changes_a_minute,
        ),
        broadcasts=desk.broadcasts,
        receipts=desk.receipts,
        audiences=desk.audiences,
        messages=S3Messages(folders),
        starts=SchedulerStarts(
            env.schedules_group,
            SqsQueue(env.starts_queue_url),
            queue_arn=env.starts_queue_arn,
            role_arn=env.schedules_role_arn,
        ),
        files=folders,
        houses=DynamoHouses(table),
        catalogue=DynamoCatalogue(table, S3Files(env.lists_bucket)),
        towns=DynamoTowns(table),
        coordination=DynamoCoordinationChats(table),
        cards=DynamoCards(table),
        communities=DynamoCommunities(table),
        residents=DynamoResidents(table),
        rules=DynamoRulebook(table),
        paces=DynamoPaces(table),
        templates=DynamoTemplates(table),
        jobs=DynamoJobs(table),
        work=SqsQueue(env.broadcast_jobs_queue_url),
        seed=hand_over,
    )


@with_request_id
def handle(event: dict[str, Any], context: Context) -> dict[str, Any]:
    doors = wired()
    return answer(app, event, context, gate=doors.gate, doors=doors, spent=spending.take)
