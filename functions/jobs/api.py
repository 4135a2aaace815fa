"""HTTP: long work of all kinds, and the lists of houses among it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from housechats.adapters.audiences import S3Audiences
from housechats.adapters.aws import spending
from housechats.adapters.batches import DynamoBatches
from housechats.adapters.broadcasts import DynamoBroadcasts
from housechats.adapters.catalogue import DynamoCatalogue
from housechats.adapters.files import S3Files
from housechats.adapters.gate import open_gate
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.instructions import DynamoInstructions
from housechats.adapters.jobs import DynamoJobs
from housechats.adapters.queues import SqsQueue
from housechats.adapters.receipts import DynamoReceipts
from housechats.adapters.table import Table
from housechats.domain.access import Permission, Place, may
from housechats.domain.batches import Batch, BatchState
from housechats.domain.broadcast_jobs import job_of
from housechats.domain.broadcasts import Broadcast, NotNowError
from housechats.domain.houses import HouseLine
from housechats.domain.instructions import Told
from housechats.domain.jobs import Job, JobKind, JobStatus
from housechats.domain.posters import sheet_key
from housechats.domain.territories import Territory
from housechats.ports.batches import Batches
from housechats.ports.broadcasts import Audiences, Broadcasts, Receipts
from housechats.ports.files import Download, Files
from housechats.ports.gate import Gate
from housechats.ports.houses import Catalogue, Houses
from housechats.ports.instructions import Instructions
from housechats.ports.jobs import Jobs
from housechats.runtime import settings
from housechats.runtime.http import ProblemError, answers, invalid, problems
from housechats.runtime.job_cards import JobCard, job_card, may_change
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.routes import NO_CURSOR, Cursor, Limit, Router, answer, api, page_of
from jobs.broadcasts import SHOWN, failed_chats, halt
from jobs.failures import JobItem, failures_of_job, failures_of_list, with_titles
from jobs.hand_over import Workers, hand_over, hand_over_broadcast
from jobs.list_job import list_job

router = Router()

JobId = Annotated[
    str, Path(min_length=16, max_length=16, description="Номер задания; у списка домов — его номер")
]
RECORDED_AS = {JobKind.LIST: "batch", JobKind.BROADCAST: "broadcast"}
"""What the audit calls a job that is something else too."""
EXPORTED = {JobKind.COMPANIES, JobKind.ACTIVITY}
"""Workbooks that tell of how things are, not of a list that was uploaded."""
OVER = "Это задание уже закончено."
NOTHING_TO_RETRY = "Повторять нечего."
WORKBOOKS_KEPT = timedelta(days=2)
"""How long a workbook can be fetched (the bucket's own rule deletes it then)."""


@dataclass(frozen=True, slots=True)
class Settings(settings.ApiSettings):
    lists_bucket: str
    posters_bucket: str
    broadcasts_bucket: str
    lists_queue_url: str
    sheets_queue_url: str
    results_queue_url: str
    attachments_queue_url: str
    exports_queue_url: str
    erasures_queue_url: str
    broadcast_jobs_queue_url: str
    activity_exports_queue_url: str


@dataclass(frozen=True, slots=True)
class Doors:
    """What the routes work with."""

    gate: Gate
    jobs: Jobs
    batches: Batches
    instructions: Instructions
    houses: Houses
    catalogue: Catalogue
    workbooks: Files
    posters: Files
    broadcasts: Broadcasts
    receipts: Receipts
    audiences: Audiences
    reports: Files
    workers: Workers


@cache
def wired() -> Doors:
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    gate = open_gate(
        table,
        elder_key=env.id_key,
        launch_hours=env.launch_hours,
        changes_a_minute=env.changes_a_minute,
    )
    workers = Workers(
        lists=SqsQueue(env.lists_queue_url),
        sheets=SqsQueue(env.sheets_queue_url),
        results=SqsQueue(env.results_queue_url),
        attachments=SqsQueue(env.attachments_queue_url),
        exports=SqsQueue(env.exports_queue_url),
        erasures=SqsQueue(env.erasures_queue_url),
        broadcast_jobs=SqsQueue(env.broadcast_jobs_queue_url),
        activity_exports=SqsQueue(env.activity_exports_queue_url),
    )
    files, reports = S3Files(env.lists_bucket), S3Files(env.broadcasts_bucket)
    return Doors(
        gate=gate,
        jobs=DynamoJobs(table),
        batches=DynamoBatches(table),
        instructions=DynamoInstructions(table),
        houses=DynamoHouses(table),
        catalogue=DynamoCatalogue(table, files),
        workbooks=files,
        posters=S3Files(env.posters_bucket),
        broadcasts=DynamoBroadcasts(table),
        receipts=DynamoReceipts(table),
        audiences=S3Audiences(reports),
        reports=reports,
        workers=workers,
    )


class ItemsAsked(StrEnum):
    """Which things of a job are asked for."""

    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class JobPage:
    """A page of long work, the newest first."""

    items: list[JobCard]
    next_cursor: str
    total: int
    counts: dict[JobStatus, int]
    """Jobs of the kind by status, whatever status was asked for."""


@dataclass(frozen=True, slots=True)
class JobItemPage:
    """A page of what could not be done."""

    items: list[JobItem]
    next_cursor: str
    total: int


@router.get(
    "/jobs",
    operation_id="listJobs",
    summary="Задания и списки домов территории",
    tags=["jobs"],
    permission=Permission.JOBS_READ,
)
def list_jobs(
    kind: Annotated[JobKind | None, Query(description="Только такие")] = None,
    status: Annotated[JobStatus | None, Query(description="Только в этом состоянии")] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> JobPage:
    """List what the caller may see; a list whose file has not come is no work yet."""
    found = (job for job in _all_jobs(kind) if kind in {None, job.kind})
    jobs = {job.id: job for job in found}
    newest = sorted(jobs.values(), key=lambda job: (job.created_at, job.id), reverse=True)
    counts = Counter(job.status for job in newest)
    chosen = [job for job in newest if status in {None, job.status}]
    shown, next_cursor = page_of(chosen, lambda job: job.id, cursor, limit)
    now = datetime.now(UTC)
    cards = [job_card(job, router.caller, now=now) for job in shown]
    return JobPage(cards, next_cursor, len(chosen), dict(counts))


@router.get(
    "/jobs/<job_id>",
    operation_id="getJob",
    summary="Одно задание: сколько сделано и сколько осталось",
    tags=["jobs"],
    permission=Permission.JOBS_READ,
)
def get_job(job_id: JobId) -> JobCard:
    card = _card(_job(job_id))
    if card.link:
        router.asked.shows_link_beside(replace(card, link=None))
    return card


@router.get(
    "/jobs/<job_id>/items",
    operation_id="listJobItems",
    summary="Что не получилось и почему",
    tags=["jobs"],
    permission=Permission.JOBS_READ,
)
def list_items(
    job_id: JobId,
    only: Annotated[ItemsAsked, Query(description="Какие: пока только failed")] = ItemsAsked.FAILED,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> JobItemPage:
    del only  # there is but one answer, and it is said
    doors, job = _doors(), _job(job_id)
    if job.kind == JobKind.BROADCAST:
        return _failed_chats(job, cursor, limit)
    batch = doors.batches.get(job_id) if job.kind == JobKind.LIST else None
    if batch:
        items = failures_of_list(
            batch,
            doors.catalogue.lines(Territory(batch.oktmo)),
            doors.instructions.of_batch(batch.id),
            batches=doors.batches,
            houses=doors.houses,
        )
    else:
        items = failures_of_job(job, jobs=doors.jobs)
    shown, next_cursor = page_of(items, lambda item: item.id, cursor, limit)
    return JobItemPage(list(with_titles(shown, houses=doors.houses)), next_cursor, len(items))


@router.post(
    "/jobs/<job_id>/cancel",
    operation_id="cancelJob",
    summary="Остановить: что сделано, остаётся",
    tags=["jobs"],
    permission=Permission.JOBS_CHANGE,
    once=True,
    rereads=True,
    responses={
        **answers("Задание, каким оно стало", JobCard, 200),
        **problems(conflict="Задание уже закончено."),
    },
)
def cancel_job(job_id: JobId) -> Response[JobCard]:
    """Stop a job before its next part, a list before its next chat; again changes nothing."""
    doors, job, now = _doors(), _job_to_change(job_id), datetime.now(UTC)
    if job.status == JobStatus.CANCELLED:
        return _became(job)
    if not job.may_cancel:
        raise ProblemError("conflict", OVER)
    if job.kind == JobKind.LIST:
        doors.batches.cancel(job.id, now=now)
        hand_over(job, (), workers=doors.workers)
    elif job.kind == JobKind.BROADCAST:
        _halt(job.id, now)
    else:
        doors.jobs.cancel(job.id, now=now)
    return _became(_job(job_id))


@router.post(
    "/jobs/<job_id>/retry",
    operation_id="retryJob",
    summary="Сделать заново то, что не получилось или остановлено",
    tags=["jobs"],
    permission=Permission.JOBS_CHANGE,
    once=True,
    rereads=True,
    responses={
        **answers("Задание, каким оно стало", JobCard, 200),
        **problems(conflict="Повторять нечего."),
    },
)
def retry_job(job_id: JobId) -> Response[JobCard]:
    """Have done again what failed; a job that goes on already goes on."""
    doors, job, now = _doors(), _job_to_change(job_id), datetime.now(UTC)
    if not job.may_retry:
        if not job.status.final:
            return _became(job)
        raise ProblemError("conflict", NOTHING_TO_RETRY)
    if job.kind == JobKind.BROADCAST:
        hand_over_broadcast(_broadcast(job.id), workers=doors.workers)
    elif job.kind == JobKind.LIST:
        doors.batches.resume(job.id)
        hand_over(job, (), workers=doors.workers)
    else:
        hand_over(job, doors.jobs.retry(job.id, now=now), workers=doors.workers)
    return _became(_going_on(_job(job_id)))


def _doors() -> Doors:
    doors: Doors = router.context["doors"]
    return doors


def _all_jobs(kind: JobKind | None) -> Iterator[Job]:
    """Yield what the caller may see in their territories, but for what is of no use."""
    for territory in router.territories:
        lists = _lists(territory) if kind in {None, JobKind.LIST} else ()
        sent = _broadcasts(territory) if kind in {None, JobKind.BROADCAST} else ()
        is_other = kind not in {JobKind.LIST, JobKind.BROADCAST}
        others = _doors().jobs.of_territory(territory) if is_other else ()
        for job in (*others, *lists, *sent):
            if _is_theirs(job):
                yield job


def _lists(territory: Territory) -> Iterator[Job]:
    """Yield the lists of a territory, in one pass over its houses."""
    batches = _doors().batches.of_territory(territory)
    lines: dict[str, list[HouseLine]] = {batch.id: [] for batch in batches}
    for line in _doors().catalogue.lines(territory) if batches else ():
        if line.batch_id in lines:
            lines[line.batch_id].append(line)
    for batch in batches:
        if batch.state != BatchState.AWAITED:
            yield _list_job(batch, lines[batch.id])


def _broadcasts(territory: Territory) -> Iterator[Job]:
    now = datetime.now(UTC)
    for one in _doors().broadcasts.of_territory(territory, since=now - SHOWN):
        yield job_of(one, now=now)


def _job(job_id: str) -> Job:
    """Return a job within the caller's reach."""
    doors = _doors()
    batch = doors.batches.get(job_id)
    if batch:
        lines = doors.catalogue.lines(Territory(batch.oktmo))
        job = router.reach(_list_job(batch, lines))
    else:
        job = router.reach(doors.jobs.get(job_id) or _broadcast_job(job_id))
    if not _is_theirs(job):
        raise ProblemError("not_found")
    router.asked.deed(job.oktmo, f"{RECORDED_AS.get(job.kind, 'job')}:{job.id}")
    return job


def _broadcast_job(broadcast_id: str) -> Job | None:
    one = _doors().broadcasts.get(broadcast_id)
    return job_of(one, now=datetime.now(UTC)) if one else None


def _broadcast(broadcast_id: str) -> Broadcast:
    one = _doors().broadcasts.get(broadcast_id)
    if one is None:
        raise ProblemError("not_found")
    return one


def _halt(broadcast_id: str, now: datetime) -> None:
    try:
        halt(_broadcast(broadcast_id), broadcasts=_doors().broadcasts, now=now)
    except NotNowError as error:
        raise ProblemError("conflict", error.message) from None


def _failed_chats(job: Job, cursor: str, limit: int) -> JobItemPage:
    doors, one = _doors(), _broadcast(job.id)
    audience = doors.audiences.get(one.audience_folder)
    if audience is None:
        raise ProblemError("not_found")
    try:
        items, next_cursor = failed_chats(
            one,
            audience,
            cursor=cursor,
            limit=limit,
            audiences=doors.audiences,
            receipts=doors.receipts,
        )
    except LookupError as error:
        raise invalid(*NO_CURSOR) from error
    return JobItemPage(items, next_cursor, one.failed)


def _job_to_change(job_id: str) -> Job:
    """Return a job that the caller may stop and begin again: erasures only who may begin them."""
    job = _job(job_id)
    if not may_change(router.caller, job):
        raise ProblemError("forbidden")
    return job


def _is_theirs(job: Job) -> bool:
    """Tell whether the caller may see all of a job: a workbook tells of each of its companies."""
    inns = job.organisations if job.kind == JobKind.COMPANIES else ()
    places = [Place(job.oktmo, frozenset({inn})) for inn in inns] or [job.place]
    return all(may(router.caller, Permission.JOBS_READ, [place]) for place in places)


def _list_job(batch: Batch, lines: Iterable[HouseLine]) -> Job:
    """Return a list as a job; its letters are read until all have come to their ends."""
    doors = _doors()
    told = batch.told or Told.of(doors.instructions.of_batch(batch.id))
    job = list_job(batch, lines, told, now=datetime.now(UTC))
    if batch.told is None and told.settled and job.status.final:
        doors.batches.keep_told(batch, told)
    return job


def _card(job: Job) -> JobCard:
    now = datetime.now(UTC)
    return job_card(job, router.caller, now=now, download=_download(job, now))


def _going_on(job: Job) -> Job:
    """Return a job as it is when its worker has heard of it: some tell of themselves only later."""
    if job.kind not in RECORDED_AS or not job.status.final:
        return job
    return replace(job, status=JobStatus.RUNNING, finished_at=None, can_retry=None)


def _became(job: Job) -> Response[JobCard]:
    return Response(
        status_code=HTTPStatus.OK,
        content_type="application/json",
        headers={"Location": f"/jobs/{job.id}"},
        body=_card(job),
    )


def _download(job: Job, now: datetime) -> Download | None:
    """Return a link to the file that a job made, if it is there still."""
    if not (job.file_key and job.finished_at):
        return None
    files = _doors()
    if job.kind == JobKind.POSTERS:
        key = sheet_key(job.subject["batch_id"])
        return files.posters.download(key, file_name=job.file_name, now=now)
    if now - job.finished_at > WORKBOOKS_KEPT:
        return None
    if job.kind == JobKind.REPORT:
        report = f"reports/{_file_name(job)}"
        return files.reports.download(report, file_name=job.file_name, now=now)
    return files.workbooks.download(_workbook_key(job), file_name=job.file_name, now=now)


def _workbook_key(job: Job) -> str:
    """Return where a workbook lies: in no other folder than that of its kind."""
    name = _file_name(job)
    return f"exports/{name}" if job.kind in EXPORTED else f"results/{name}"


def _file_name(job: Job) -> str:
    return job.file_key.partition("/")[2]


app = api(router)


@with_request_id
def handle(event: dict[str, Any], context: Context) -> dict[str, Any]:
    doors = wired()
    return answer(app, event, context, gate=doors.gate, doors=doors, spent=spending.take)
