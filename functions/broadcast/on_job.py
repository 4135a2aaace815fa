"""Long work beside the sending: previews of very many chats, reports, retries."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any

from housechats.adapters.audiences import S3Audiences
from housechats.adapters.aws import spending
from housechats.adapters.broadcast_rules import DynamoRulebook
from housechats.adapters.broadcasts import DynamoBroadcasts
from housechats.adapters.catalogue import DynamoCatalogue
from housechats.adapters.communities import DynamoCommunities
from housechats.adapters.coordination import DynamoCoordinationChats
from housechats.adapters.files import S3Files
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.jobs import DynamoJobs
from housechats.adapters.messages import S3Messages
from housechats.adapters.paces import DynamoPaces
from housechats.adapters.posts import DynamoPosts
from housechats.adapters.queues import SqsQueue
from housechats.adapters.receipts import DynamoReceipts
from housechats.adapters.residents import DynamoResidents
from housechats.adapters.starts import SchedulerStarts
from housechats.adapters.table import Table
from housechats.adapters.towns import DynamoTowns
from housechats.domain.jobs import Job, JobKind
from housechats.ports.jobs import Jobs
from housechats.runtime import settings
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.queue import work_through


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    lists_bucket: str
    broadcasts_bucket: str
    starts_queue_url: str
    starts_queue_arn: str
    schedules_role_arn: str
    schedules_group: str
    deliveries_queue_url: str
    emergencies_queue_url: str
    lease_seconds: int


@dataclass(frozen=True, slots=True)
class Wired:
    """Where jobs are kept, and who does which."""

    jobs: Jobs
    works: Mapping[JobKind, Callable[..., str]]
    """Each takes the job and `now`."""
    retry: Callable[..., str]
    """Takes the id of a broadcast, the `revision` that was seen, and `now`."""


@cache
def wired() -> Wired:
    """Open the doors, once per container."""
    env = Settings.from_env()
    works = {
        JobKind.PREVIEW: partial(_make_preview, env),
        JobKind.REPORT: partial(_write_report, env),
    }
    return Wired(DynamoJobs(Table(env.table)), works, partial(_retry, env))


# Each work loads what it is done with when it comes: pydantic reads what a person has asked for,
# xlsxwriter writes reports, and each is a third of the function's start.


def _make_preview(env: Settings, job: Job, *, now: datetime) -> str:
    from broadcast.make_preview import make_preview  # noqa: PLC0415
    from broadcast.preview import Desk  # noqa: PLC0415

    table, folders = Table(env.table), S3Files(env.broadcasts_bucket)
    desk = Desk(
        catalogue=DynamoCatalogue(table, S3Files(env.lists_bucket)),
        houses=DynamoHouses(table),
        towns=DynamoTowns(table),
        coordination=DynamoCoordinationChats(table),
        communities=DynamoCommunities(table),
        residents=DynamoResidents(table),
        rules=DynamoRulebook(table),
        broadcasts=DynamoBroadcasts(table),
        audiences=S3Audiences(folders),
        receipts=DynamoReceipts(table),
        messages=S3Messages(folders),
        paces=DynamoPaces(table),
        files=folders,
        jobs=DynamoJobs(table),
    )
    return make_preview(job, desk=desk, posts=DynamoPosts(table), now=now)


def _write_report(env: Settings, job: Job, *, now: datetime) -> str:
    from broadcast.write_report import Desk, write_report  # noqa: PLC0415

    table, folders = Table(env.table), S3Files(env.broadcasts_bucket)
    desk = Desk(
        jobs=DynamoJobs(table),
        broadcasts=DynamoBroadcasts(table),
        receipts=DynamoReceipts(table),
        audiences=S3Audiences(folders),
        messages=S3Messages(folders),
        towns=DynamoTowns(table),
        files=folders,
    )
    return write_report(job, desk=desk, now=now)


def _retry(env: Settings, broadcast_id: str, *, revision: int, now: datetime) -> str:
    from broadcast import retry_failed, seed  # noqa: PLC0415

    table = Table(env.table)
    seeding = seed.Desk(
        broadcasts=DynamoBroadcasts(table),
        receipts=DynamoReceipts(table),
        audiences=S3Audiences(S3Files(env.broadcasts_bucket)),
        queues=seed.Queues(SqsQueue(env.deliveries_queue_url), SqsQueue(env.emergencies_queue_url)),
        lease=timedelta(seconds=env.lease_seconds),
    )
    desk = retry_failed.Desk(
        broadcasts=seeding.broadcasts,
        receipts=seeding.receipts,
        audiences=seeding.audiences,
        houses=DynamoHouses(table),
        starts=SchedulerStarts(
            env.schedules_group,
            SqsQueue(env.starts_queue_url),
            queue_arn=env.starts_queue_arn,
            role_arn=env.schedules_role_arn,
        ),
        seed=lambda one: seed.seed(one, desk=seeding, now=datetime.now(UTC)),
    )
    return retry_failed.retry_handed_over(
        broadcast_id, revision=revision, rules=DynamoRulebook(table), desk=desk, now=now
    )


def handle_job(body: dict[str, Any]) -> str:
    """Do a job, or go on with a broadcast that somebody wants retried."""
    if "broadcast_id" in body:
        seen = body["revision"]
        return wired().retry(body["broadcast_id"], revision=seen, now=datetime.now(UTC))
    job: Job | None = wired().jobs.get(body["job_id"])
    if job is None or job.status.final:
        return "over"
    return wired().works[job.kind](job, now=datetime.now(UTC))


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    return work_through(event, handle_job, spent=spending.take)
