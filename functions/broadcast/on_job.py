"""Long work beside the sending: previews of very many chats, reports, retries."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any

from broadcast import retry_failed, seed, write_report
from broadcast.make_preview import make_preview
from broadcast.preview import Desk
from housechats.adapters.audiences import S3Audiences
from housechats.adapters.aws import spending
from housechats.adapters.broadcast_rules import DynamoRulebook
from housechats.adapters.broadcasts import DynamoBroadcasts
from housechats.adapters.catalogue import DynamoCatalogue
from housechats.adapters.communities import DynamoCommunities
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
    table, folders = Table(env.table), S3Files(env.broadcasts_bucket)
    jobs = DynamoJobs(table)
    desk = Desk(
        catalogue=DynamoCatalogue(table, S3Files(env.lists_bucket)),
        houses=DynamoHouses(table),
        towns=DynamoTowns(table),
        communities=DynamoCommunities(table),
        residents=DynamoResidents(table),
        rules=DynamoRulebook(table),
        broadcasts=DynamoBroadcasts(table),
        audiences=S3Audiences(folders),
        receipts=DynamoReceipts(table),
        messages=S3Messages(folders),
        paces=DynamoPaces(table),
        files=folders,
        jobs=jobs,
    )
    previews = partial(make_preview, desk=desk, posts=DynamoPosts(table))
    reports = partial(
        write_report.write_report,
        desk=write_report.Desk(
            jobs=jobs,
            broadcasts=desk.broadcasts,
            receipts=desk.receipts,
            audiences=desk.audiences,
            messages=desk.messages,
            towns=desk.towns,
            files=folders,
        ),
    )
    return Wired(jobs, {JobKind.PREVIEW: previews, JobKind.REPORT: reports}, _retries(env, desk))


def _retries(env: Settings, desk: Desk) -> "partial[str]":
    seeding = seed.Desk(
        broadcasts=desk.broadcasts,
        receipts=desk.receipts,
        audiences=desk.audiences,
        queues=seed.Queues(SqsQueue(env.deliveries_queue_url), SqsQueue(env.emergencies_queue_url)),
        lease=timedelta(seconds=env.lease_seconds),
    )
    return partial(
        retry_failed.retry_handed_over,
        rules=desk.rules,
        desk=retry_failed.Desk(
            broadcasts=desk.broadcasts,
            receipts=desk.receipts,
            audiences=desk.audiences,
            houses=desk.houses,
            starts=SchedulerStarts(
                env.schedules_group,
                SqsQueue(env.starts_queue_url),
                queue_arn=env.starts_queue_arn,
                role_arn=env.schedules_role_arn,
            ),
            seed=lambda one: seed.seed(one, desk=seeding, now=datetime.now(UTC)),
        ),
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
